"""A contract ends for the grants that cover it: its owner left it or was suspended, or its number has passed on. What
has ended does not begin again by itself."""

from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.access_grants.access_grant import AccessGrant, GrantedAccount, named_accounts
from store.accounts.account_notice import NewNotice, append_notice
from store.base import insert_new
from store.db.state_change import change_state


def end_grants_on(session: Session, account_id: int, owner_id: int, at: datetime, by: str) -> int:
    """End what this owner has granted on this contract, and append that to its notices. A grant that names no other
    contract ends with it. Returns how many grants covered the contract."""
    covered = exists().where(
        GrantedAccount.grant_id == AccessGrant.id, GrantedAccount.account_id == account_id,
        GrantedAccount.ended_at.is_(None),
    )  # fmt: skip
    mine = (AccessGrant.owner_id == owner_id, AccessGrant.state.in_(["invited", "accepted"]))
    query = select(AccessGrant.id, AccessGrant.covers_all).where(*mine, or_(AccessGrant.covers_all, covered))
    grants = session.execute(query.order_by(AccessGrant.id)).all()
    for grant in grants:
        _end_contract(session, grant.id, account_id, at)
        notice = NewNotice(
            account_id=account_id, kind="grant_ended", at=at, consumer_id=owner_id, by=by, key=f"{grant.id} {at}",
            basis="consent",
        )  # fmt: skip
        append_notice(session, notice)
        if not grant.covers_all and not named_accounts(session, [grant.id]):
            why = Reason("grant_without_contracts")
            change_state(session, AccessGrant, grant.id, ["invited", "accepted"], "ended", at, why=why, ended_at=at)
    return len(grants)


def _end_contract(session: Session, grant_id: int, account_id: int, at: datetime) -> None:
    row = {"grant_id": grant_id, "account_id": account_id, "ended_at": at}
    if insert_new(session, GrantedAccount, [row]) != 1:
        mine = (GrantedAccount.grant_id == grant_id, GrantedAccount.account_id == account_id)
        session.execute(update(GrantedAccount).where(*mine).values(ended_at=at))


def note_new_contract(session: Session, account_id: int, owner_id: int, at: datetime) -> None:
    """The owner holds one more contract: who reads all of theirs reads it, too. That is appended to its notices."""
    readers = select(AccessGrant.id, AccessGrant.reader_id).where(
        AccessGrant.owner_id == owner_id, AccessGrant.state == "accepted", AccessGrant.covers_all
    )
    for grant in session.execute(readers.order_by(AccessGrant.id)).all():
        notice = NewNotice(
            account_id=account_id, kind="grant_covered", at=at, consumer_id=grant.reader_id,
            by=f"consumer {owner_id}", key=f"{grant.id} {at}", basis="consent",
        )  # fmt: skip
        append_notice(session, notice)
