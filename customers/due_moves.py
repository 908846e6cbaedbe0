"""Moves that were announced: when the day has come, the account's letters go to the other address."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from customers.account_slot import AccountSlot
from customers.apply_customer_records import write_accounts
from customers.stated_notices import stated_notices
from feeds.accounts.account_side import AccountSide
from store.accounts.account_notice import append_notices
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import CustomerReference, reference_row
from store.db.row_locks import lock_rows

_SIDE = tuple(getattr(CustomerAccount, name) for name in AccountSide.__struct_fields__)


def due_moves(session: Session, today: date, most: int = 250) -> Sequence[int]:
    """Accounts with an address that begins or has ended by this day and was not followed yet, *most* at most."""
    query = select(CustomerReference.account_id).where(CustomerReference.next_change_on <= today)
    return session.scalars(query.order_by(CustomerReference.account_id).limit(most)).all()


def follow_due_moves(session: Session, account_ids: Sequence[int], today: date, now: datetime) -> None:
    """Let the letters of these accounts go to the address that is valid today."""
    lock_rows(session, CustomerAccount, CustomerAccount.id.in_(account_ids))
    query = (
        select(CustomerReference, CustomerAccount.mended_address, CustomerAccount.mended_at, *_SIDE)
        .join(CustomerAccount, CustomerAccount.id == CustomerReference.account_id)
        .where(CustomerReference.account_id.in_(account_ids), CustomerReference.next_change_on <= today)
        .execution_options(populate_existing=True)
    )
    rows, slots = [], []
    for reference, mended, mended_at, *side in session.execute(query).all():
        slot = AccountSlot(AccountSide(*side), reference.known, UTC, mended, mended_at)
        list(
            slot.follow_address(today, reference.next_change_on)
        )  # nobody is told: the file that announced the move was
        slots.append(slot)
        rows.append(reference_row(reference.account_id, reference.issuer_id, slot.known, today))
    write_accounts(session, slots)
    append_notices(session, [each for slot in slots for each in stated_notices(slot, "road", now)])
    if rows:
        session.execute(update(CustomerReference), rows)
