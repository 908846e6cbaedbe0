"""Letters that wait for an address go out with the next batch once a person has mended it, or their issuer has sent a
whole one."""

from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import PostalAddress, Reason
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_address import INCOMPLETE, awaits_address, incomplete_address, letter_address
from delivery.channels.paper.print_batch import join_next_batch
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.bereavement_decision import pack_bereavement
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Delivery
from store.issuer import Issuer
from store.outbox.account_events import address_parts, record_account_event

#: Why a held letter goes on without a person.
_COMPLETED: Final = Reason("address_completed")
#: Held letters that are looked at in one query.
_TOGETHER: Final = 1000


def mend_address(
    session: Session, delivery_id: int, address: PostalAddress, by: str, reason: str, now: datetime
) -> int:  # fmt: skip
    """Keep this address for the letters of the account that a held letter goes to, until its issuer sends another one.
    Every letter of the account that waits for an address joins the next batch. Returns how many; 0 when the letter is
    no longer held, and then nothing changes."""
    letter = session.get_one(Delivery, delivery_id)
    account_id = session.get_one(BillRow, letter.bill_id).account_id
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    waiting = set(session.scalars(select(Delivery.id).where(Delivery.bill_id.in_(bills), Delivery.state == "failed")))
    held = [each.delivery for each in held_letters(session, len(waiting), ids=waiting) if awaits_address(each.delivery)]
    if delivery_id not in {each.id for each in held}:
        return 0
    account = session.get_one(CustomerAccount, account_id, populate_existing=True)
    _keep_address(account, address, now)
    record(session, "account", account_id, "address mended", now, by=by, why=reason)
    mended = NewNotice(
        account_id=account_id, kind="address_known", at=now, by=by, channel="staff", basis="decision", words=reason
    )
    append_notice(session, mended)
    session.flush()
    parts = address_parts(address)
    record_account_event(session, account, "account.address_mended", now, actor="operator", address=parts)
    why = Reason.of("address_mended", words=reason)
    return sum(join_next_batch(session, each.id, by, why, now) for each in held)


def _keep_address(account: CustomerAccount, address: PostalAddress, now: datetime) -> None:
    """Keep the address for the account's letters; those of an estate go to whoever settles it."""
    decision = account.bereavement_decision
    if decision is not None and decision.verdict == "estate":
        account.bereavement = pack_bereavement(replace(decision, address=address))
        return
    account.mended_address, account.mended_at = msgspec.msgpack.encode(address), now


def release_addressed_letters(session: Session, now: datetime, home_country: str = "FR") -> int:
    """Make held letters ready whose incomplete address has become whole by a later feed. Returns how many.
    *home_country* is the print house's. Returned mail waits for a person: its address was whole."""
    query = (
        select(Delivery.id, CustomerAccount, Issuer, BillRow)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.state == "failed", Delivery.channel == "paper", Delivery.batch_id.is_(None))
        .where(Delivery.reason_code == INCOMPLETE, BillRow.state.in_(PRESENTABLE))
        .where(BillRow.viewed_at.is_(None))
        .order_by(Delivery.id)
        .limit(_TOGETHER)
    )
    released, last = 0, 0
    while rows := session.execute(query.where(Delivery.id > last)).all():
        last = rows[-1].id
        whole = [row.id for row in rows if not incomplete_address(letter_address(*row[1:], home_country))]
        released += sum(
            change_state(
                session, Delivery, each, "failed", "ready", now, why=_COMPLETED, reason=_COMPLETED, due_at=now
            )
            for each in whole
        )  # fmt: skip
    return released
