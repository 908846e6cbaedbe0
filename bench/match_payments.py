"""Measures what matching a payment costs, in a store of as many bills as payments (`bench.million_bill_store`).

    python -m bench.match_payments [payments]

* *named*: each payment names its bill exactly, as nearly all do: under 1 ms of CPU promised.
* *unknown*: each names a bill that nobody knows, of an IBAN that nobody knows: typing errors are looked for.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, insert, literal, select

from bench.million_bill_store import fill, open_for
from bill.payment.payment_entry import PaymentEntry
from payments.payment_identity import PaymentIdentities
from payments.take_payments import take_payments
from store import Store
from store.bills.bill import BillRow
from store.feeds.chunk import in_chunks
from store.payments.bill_key import BillKey

NOW: Final = datetime.now(UTC)


def add_keys(store: Store) -> None:
    """Store what payers may call each bill: its number."""
    key = func.replace(BillRow.number, "-", "")
    with store.writing() as session:
        named = select(BillRow.id, literal("name"), key, BillRow.issuer_id)
        session.execute(insert(BillKey).from_select(["bill_id", "kind", "key", "issuer_id"], named))


def named_payments(store: Store, most: int) -> Iterator[PaymentEntry]:
    """A transfer for each of the first issuer's bills."""
    with store.reading() as session:
        query = select(BillRow.number, BillRow.payable).where(BillRow.issuer_id == 1).order_by(BillRow.id).limit(most)
        bills = list(session.execute(query))
    for n, (number, payable) in enumerate(bills):
        yield _transfer(n, f"Facture {number} merci", payable)


def unknown_payments(most: int) -> Iterator[PaymentEntry]:
    """Transfers that name bills of no known number."""
    for n in range(most):
        yield _transfer(n + 10_000_000, f"Facture X-{n + 70_000_000}", Decimal("17.23"))


def _transfer(n: int, text: str, amount: Decimal) -> PaymentEntry:
    return PaymentEntry(
        kind="received", amount=amount, currency="EUR", booked_on=NOW.date(), entry_id=f"R{n}",
        debtor_iban=f"FR76{n:023}", debtor_name=f"Payer {n}", remittance=text, end_to_end_id="NOTPROVIDED",
    )  # fmt: skip


def cost(store: Store, payments: Iterator[PaymentEntry]) -> tuple[int, float]:
    """Take these payments chunk by chunk; returns how many, and the milliseconds of CPU a payment."""
    identities, count = PaymentIdentities(), 0
    begun = time.process_time()
    for group in in_chunks(payments, lambda _payment: 1):
        entries = {identities.of(each): each for each in group}
        with store.writing() as session:
            take_payments(session, 1, entries, "bank", NOW)
        count += len(entries)
    return count, (time.process_time() - begun) * 1_000 / max(count, 1)


def main() -> None:
    """Fill a store, and print what both kinds cost."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = open_for(folder)
        fill(store, 2 * most, NOW)
        add_keys(store)
        for name, payments in (("named", named_payments(store, most)), ("unknown", unknown_payments(most // 10))):
            count, milliseconds = cost(store, payments)
            print(f"{name}: {count} payments, {milliseconds:.2f} ms of CPU each")


if __name__ == "__main__":
    main()
