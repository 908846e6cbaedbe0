"""The last of a person: their row keeps its number alone."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consumers.leaving.leaving_step import rows_of
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.bills.bill import BillRow
from store.bills.page_pictures import PagePictures
from store.db.event import record
from store.search.search_entry import forget_account

#: For how many years an issuer has to keep its bills (C. com., art. L123-22).
YEARS_OF_BILLS: Final = 10
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def erase_profile(session: Session, consumer_id: int, now: datetime) -> int:
    """Blank this consumer's row. Nobody can sign in by it, and nothing is mailed."""
    consumer = session.get_one(Consumer, consumer_id, populate_existing=True)
    if consumer.is_erased:
        return 0
    consumer.email, consumer.name, consumer.password_hash = f"erased {consumer_id}", "", ""
    consumer.confirmed_at = consumer.mail_failed_at = consumer.claim_blocked_until = None
    consumer.mail_failure, consumer.claim_failures, consumer.large_print = "", 0, False
    consumer.session_epoch += 1
    record(session, "consumer", consumer_id, "erased", now, why="GDPR art. 17")
    session.flush()
    return 1


def forget_unheld_accounts(session: Session, consumer_id: int, now: datetime) -> int:
    """Of accounts that nobody holds any more: have the pictures of bills' pages deleted, and, where no bill has to be
    kept by law any more, all that the search knows of them."""
    held = select(Enrolment.account_id).where(is_in_force())
    mine = select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id, Enrolment.account_id.not_in(held))
    pictures = update(PagePictures).where(PagePictures.account_id.in_(mine), PagePictures.asked_at > _LONG_AGO)
    erased = rows_of(
        session.execute(pictures.values(asked_at=_LONG_AGO), execution_options={"synchronize_session": False})
    )
    law_ends = now.date().replace(year=now.year - YEARS_OF_BILLS, day=1)
    still_kept = select(BillRow.account_id).where(BillRow.account_id.in_(mine), BillRow.issue_date >= law_ends)
    for account_id in session.scalars(mine.where(Enrolment.account_id.not_in(still_kept))).all():
        forget_account(session, account_id)
        erased += 1
    return erased
