"""Somebody begins to pay what is due of a bill on the issuer's payment page."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bill import AmountDue, round_money
from payments.online.hosted_page_link import PageRequest, hosted_page_link
from payments.online.provider_settings import secrets_of
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.payments.payment_order import PaymentOrder, open_order
from store.payments.payment_provider import PaymentProvider
from store.public_id import PublicIds
from store.vault.encryption import Encryptor

#: How long a link to the page may be used; a second press of the button in that time is the same payment.
VALID: Final = timedelta(minutes=30)


def order_payment(
    session: Session, row: BillRow, due: AmountDue, consumer_id: int | None, now: datetime
) -> PaymentOrder | None:
    """Begin to pay what is due next of a bill; None where nothing is to be paid by hand."""
    if not due.is_asking or due.amount <= 0:
        return None
    lock_rows(session, BillRow, BillRow.id == row.id)
    begun = open_order(session, row.id, consumer_id, due.amount, now - VALID)
    if begun is not None:
        return begun
    order = PaymentOrder(
        issuer_id=row.issuer_id, bill_id=row.id, consumer_id=consumer_id, amount=due.amount, currency=due.currency,
        made_at=now,
    )  # fmt: skip
    session.add(order)
    session.flush()
    record(session, "payment_order", order.id, "begun", now, by=f"consumer {consumer_id}" if consumer_id else "guest")
    return order


def link_of_order(
    order: PaymentOrder, number: str, provider: PaymentProvider, encryptor: Encryptor, public_ids: PublicIds,
    return_url: str, language: str,
) -> str:  # fmt: skip
    """The link to the provider's page for this order. *return_url* ends where the order's public id is added."""
    order_id = public_ids.of("payment_order", order.id)
    amount = round_money(order.amount, order.currency)
    asked = PageRequest(
        provider.merchant, order_id, amount, order.currency, number, language, return_url + order_id,
        order.made_at + VALID,
    )  # fmt: skip
    return hosted_page_link(provider.page_url, asked, secrets_of(encryptor, provider)[0])
