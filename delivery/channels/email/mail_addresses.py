"""Where people are e-mailed, or why they are not."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.consumer import Consumer


def mail_addresses(_session: Session, consumers: Collection[Consumer]) -> dict[int, str | Reason]:
    """Return each consumer's e-mail address, or why they may not be e-mailed any more."""
    return {each.id: each.email if each.can_be_mailed else _obstacle(each) for each in consumers}


def _obstacle(consumer: Consumer) -> Reason:
    failure = consumer.mail_failure
    return Reason.of("address_suspended", answer=failure) if failure else Reason("address_unconfirmed")
