"""The closing of a person's space, as a whole: with the letters of bills that nobody has seen."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.leaving.close_space import close_space
from delivery.return_to_paper import post_unread_bills
from store.accounts.consumer import accounts_of


def close_space_to_paper(
    session: Session, consumer_id: int, now: datetime, by: str = "", *, at_once: bool = False
) -> bool:
    """Close a consumer's space (`consumers.leaving.close_space`); of accounts that go back to paper, post the bills
    that nobody has seen. Returns False if it is closed already. Send the wake-up signal after the commit."""
    accounts = accounts_of(session, consumer_id)
    if not close_space(session, consumer_id, now, by, at_once=at_once):
        return False
    for account in accounts:
        session.refresh(account, ["paperless"])
        if not account.paperless:
            post_unread_bills(session, account.id, now)
    return True
