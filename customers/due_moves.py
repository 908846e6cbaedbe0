"""Moves that were announced: when the day has come, the account's letters go to the other address."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from customers.account_slot import AccountSlot
from customers.apply_customer_records import write_accounts
from customers.stated_notices import stated_notices
from customers.statement_events import record_statement_events
from feeds.accounts.account_side import AccountSide
from store.accounts.account_notice import append_notices
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import CustomerReference, reference_row
from store.db.row_locks import lock_rows
from store.issuer import Issuer

#: Where a day begins first: the Line Islands.
FIRST_ZONE: Final = timezone(timedelta(hours=14))
_SIDE = tuple(getattr(CustomerAccount, name) for name in AccountSide.__struct_fields__)


def issuers_with_due_moves(session: Session, now: datetime) -> Sequence[Issuer]:
    """Issuers with moves that are due wherever the day begins first."""
    first = now.astimezone(FIRST_ZONE).date()
    due = select(CustomerReference.issuer_id).where(CustomerReference.next_change_on <= first)
    return session.scalars(select(Issuer).where(Issuer.id.in_(due)).order_by(Issuer.id)).all()


def due_moves(session: Session, issuer_id: int, today: date, most: int = 250) -> Sequence[int]:
    """An issuer's accounts with an address that begins or has ended by this day and was not followed yet, *most* at
    most. *today* is the day where the issuer is."""
    query = select(CustomerReference.account_id).where(CustomerReference.issuer_id == issuer_id)
    query = query.where(CustomerReference.next_change_on <= today)
    return session.scalars(query.order_by(CustomerReference.account_id).limit(most)).all()


def follow_due_moves(session: Session, issuer_id: int, account_ids: Sequence[int], now: datetime, zone: tzinfo) -> None:
    """Let the letters of these accounts of an issuer go to the address that is valid today in its time zone."""
    today = now.astimezone(zone).date()
    lock_rows(session, CustomerAccount, CustomerAccount.id.in_(account_ids))
    query = (
        select(CustomerReference, CustomerAccount.mended_address, CustomerAccount.mended_at, *_SIDE)
        .join(CustomerAccount, CustomerAccount.id == CustomerReference.account_id)
        .where(CustomerReference.account_id.in_(account_ids), CustomerReference.next_change_on <= today)
        .execution_options(populate_existing=True)
    )
    rows, slots = [], []
    for reference, mended, mended_at, *side in session.execute(query).all():
        slot = AccountSlot(AccountSide(*side), reference.known, zone, mended, mended_at)
        list(
            slot.follow_address(today, reference.next_change_on)
        )  # nobody is told: the file that announced the move was
        slots.append(slot)
        rows.append(reference_row(reference.account_id, reference.issuer_id, slot.known, today))
    write_accounts(session, slots)
    append_notices(session, [each for slot in slots for each in stated_notices(slot, "road", now)])
    record_statement_events(session, issuer_id, slots, now)
    if rows:
        session.execute(update(CustomerReference), rows)
