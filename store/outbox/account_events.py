"""Events that concern one account of an issuer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from bill import PostalAddress
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.outbox.event_types import Actor
from store.outbox.outbox_event import record_outbox_event, record_outbox_events


def record_account_event(
    session: Session, account: CustomerAccount, event_type: str, now: datetime, **data: Any
) -> None:  # fmt: skip
    """Record an event of an account, with *data* beside its id and number."""
    mine = {"account": account.id, "account_number": account.number}
    record_outbox_event(session, account.issuer_id, event_type, mine | data, now)


def record_moves(
    session: Session, issuer_id: int, moved: Iterable[tuple[int, str, PostalAddress]], now: datetime
) -> None:
    """Record that letters to these accounts (id, number, address) go elsewhere, as their issuer said."""
    record_outbox_events(session, issuer_id, "account.moved", (
        {"account": account_id, "account_number": number, "actor": "issuer", "address": address_parts(address)}
        for account_id, number, address in moved
    ), now)  # fmt: skip


def address_parts(address: PostalAddress) -> dict[str, str | None]:
    """An address as events tell it: its parts, absent ones as None."""
    return {name: value or None for name, value in msgspec.structs.asdict(address).items()}


def record_holder_event(
    session: Session, account: CustomerAccount, event_type: str, now: datetime, actor: Actor = "holder"
) -> None:
    """Record that somebody follows an account from now on, or no longer; who it is, is not told."""
    holders = len(holders_of(session, [account.id]).get(account.id, []))
    record_account_event(session, account, event_type, now, actor=actor, holders=holders)


def record_bill_event(session: Session, bill: BillRow, event_type: str, now: datetime, **data: Any) -> None:
    """Record an event of a bill, with *data* beside its number and account."""
    account = session.get_one(CustomerAccount, bill.account_id)
    record_account_event(session, account, event_type, now, bill_number=bill.number, **data)
