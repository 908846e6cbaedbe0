"""Gives the bills of a test side their customers before a channel is chosen: a buyer whose address is one of
`client.test` becomes a customer who holds the account, without paper unless their name says otherwise.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from bill import Party
from consumers.paperless_consent import go_paperless
from store.accounts.consumer import enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.test_sides.customers_of_side import keep_customer
from store.test_sides.side_customer import kept_address

#: The customers whose names begin so keep their paper.
KEEPS_PAPER: Final = "papier"


def give_customers(session: Session, rows: Sequence[BillRow], now: datetime) -> None:
    """Let each account of these bills, of one issuer, be held by the customer whom its bill names. Does nothing for an
    issuer that is no test side."""
    if not rows or not session.get_one(Issuer, rows[0].issuer_id).is_test_side:
        return
    for row in rows:
        address = _address_of(row.issuer_id, row.bill.buyer)
        account = session.get_one(CustomerAccount, row.account_id)
        if address is None or account.standing != "own" or holders_of(session, [account.id]).get(account.id):
            continue
        consumer = keep_customer(session, row.issuer_id, address, row.bill.buyer.name, now)
        if enrol(session, consumer.id, account.id, now) and not address.startswith(KEEPS_PAPER):
            go_paperless(session, account, consumer, now)


def _address_of(issuer_id: int, buyer: Party) -> str | None:
    """The address of the customer, by the buyer's contact (BT-58) or electronic address (BT-49)."""
    said = (
        buyer.contact.email if buyer.contact is not None else "",
        buyer.electronic_address.value if buyer.electronic_address is not None else "",
    )
    return next((kept for each in said if (kept := kept_address(issuer_id, each))), None)
