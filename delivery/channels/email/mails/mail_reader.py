"""Who reads an e-mail about an account: the name to greet, and the language that this person chose for that account."""

from typing import Protocol

import msgspec
from sqlalchemy.orm import Session

from delivery.notices.notice_preference import preferences_of
from store.accounts.consumer import Consumer


class MailReader(Protocol):
    """Whoever an e-mail is written to."""

    @property
    def name(self) -> str: ...

    @property
    def language(self) -> str: ...


class AccountReader(msgspec.Struct, frozen=True):
    """A consumer as the reader of e-mails about one account."""

    name: str
    language: str


def reader_of_account(session: Session, consumer: Consumer, account_id: int) -> AccountReader:
    """Return the consumer as a reader of this account's e-mails."""
    chosen = preferences_of(session, [(consumer.id, account_id)])[consumer.id, account_id].language
    return AccountReader(consumer.name, chosen or consumer.language)
