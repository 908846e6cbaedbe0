"""A person mends the address of an account's letters; those that waited for it go out with the next batch."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import PostalAddress
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_address import awaits_address
from delivery.channels.paper.print_batch import print_again
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.delivery import Delivery


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
    held = [each.delivery for each in held_letters(session, ids=waiting) if awaits_address(each.delivery)]
    if delivery_id not in {each.id for each in held}:
        return 0
    account = session.get_one(CustomerAccount, account_id, populate_existing=True)
    account.mended_address = msgspec.msgpack.encode(address)
    record(session, "account", account_id, "address mended", now, by=by, why=reason)
    session.flush()
    return sum(print_again(session, each.id, by, reason, now) for each in held)
