"""What becomes of an access grant is told in the trail of each contract that it covers."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.access_grants.access_grant import AccessGrant
from store.access_grants.granted_bills import GrantedBill, granted_accounts
from store.accounts.account_notice import AccountNotice, NewNotice, append_notice, append_notices

GrantStep = Literal[
    "grant_invited", "grant_accepted", "grant_declined", "grant_returned", "grant_revoked", "grant_ended"
]


def note_step(session: Session, grant_id: int, step: GrantStep, consumer_id: int, now: datetime, by: str = "") -> None:
    """Append this step to the notices of each contract that the grant covers. *consumer_id* is whom it concerns, and
    who acted unless *by* says otherwise."""
    accounts = granted_accounts(session, [grant_id]).get(grant_id, [])
    notices = [
        NewNotice(
            account_id=each.id, kind=step, at=now, consumer_id=consumer_id, key=f"{grant_id} {now}",
            by=by or f"consumer {consumer_id}", basis="consent",
        )
        for each in accounts
    ]  # fmt: skip
    append_notices(session, notices)


def is_look_noted(session: Session, granted: GrantedBill, today: date) -> bool:
    """Whether the trail has today's look by this grant at the bill's contract."""
    mine = (AccountNotice.account_id == granted.bill.account_id, AccountNotice.kind == "grant_looked")
    query = select(AccountNotice.id).where(*mine, AccountNotice.key == _day_key(granted.grant, today))
    return session.scalar(query) is not None


def note_look(session: Session, granted: GrantedBill, now: datetime, today: date) -> bool:
    """Append the reader's look to the notices of the bill's contract, and keep when they last looked. Returns False if
    today's is there already."""
    grant = granted.grant
    looked = NewNotice(
        account_id=granted.bill.account_id, kind="grant_looked", at=now, consumer_id=grant.reader_id,
        key=_day_key(grant, today), by=f"consumer {grant.reader_id}", basis="consent",
    )  # fmt: skip
    session.execute(update(AccessGrant).where(AccessGrant.id == grant.id).values(last_seen_on=today))
    return append_notice(session, looked)


def _day_key(grant: AccessGrant, today: date) -> str:
    return f"{grant.id} {today.isoformat()}"
