"""What the demo issuers' bank tells each of them once a month: transfers with their mistakes, debits and returns."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Final

from bill import Bill
from demo.billing.billing_calendar import Billing, billings
from demo.billing.feed_file import FeedFile
from demo.formats.camt import BookedMovement, notice
from demo.issuer import ISSUERS, DemoIssuer
from demo.month_arithmetic import later, month_of
from demo.people.contract import Contract
from demo.seeded_random import random_by_name

#: Of a hundred transfers: never made, of a part, made twice, with a wrong digit in the bill's number.
_NEVER, _PART, _TWICE, _MISTYPED = 8, 3, 2, 4
#: Of a hundred direct debits, those that come back, for want of money (ISO 20022 AM04).
_BACK: Final = 3
#: A debit that fails comes back within so many days.
_BACK_AFTER: Final = timedelta(days=3)


def bank_notices_until(contracts: Sequence[Contract], first: date, last: date) -> list[FeedFile]:
    """Return the notices of all issuers, on the second of each month for what was booked in the month before."""
    booked: dict[DemoIssuer, list[BookedMovement]] = {issuer: [] for issuer in ISSUERS}
    for billing in billings(first, last):
        booked[billing.issuer] += _movements(billing, contracts)
    files, month = [], later(month_of(first), 2)
    while month <= last:
        for issuer in ISSUERS:
            of_month = [each for each in booked[issuer] if month_of(each.on) == later(month, -1)]
            day = month.replace(day=2)
            if of_month:
                name = f"releve-{issuer.prefix}{day:%Y%m}"
                content = partial(notice, name, issuer.iban, day, sorted(of_month, key=lambda each: each.on))
                files.append(FeedFile(day, issuer, f"{name}.xml", content))
        month = later(month, 1)
    return [file for file in files if file.day <= last]


def _movements(billing: Billing, contracts: Sequence[Contract]) -> Iterator[BookedMovement]:
    held = billing.numbers(contracts)
    for bill in billing.bills(contracts):
        chance = random_by_name("paid", bill.number)
        contract = held[bill.number]
        if bill.totals.payable <= 0 or bill.due_date is None:
            continue
        yield from _debits(bill, contract, chance) if contract.iban else _transfers(bill, contract, chance)


def _debits(bill: Bill, contract: Contract, chance: Random) -> Iterator[BookedMovement]:
    assert bill.due_date is not None
    debit = BookedMovement(
        bill.due_date, bill.totals.payable, f"D{bill.number}", contract.holder, contract.iban, end_to_end=bill.number,
        mandate=contract.mandate, is_debit=True,
    )  # fmt: skip
    yield debit
    if chance.randrange(100) < _BACK:
        yield BookedMovement(
            debit.on + _BACK_AFTER, debit.amount, f"R{bill.number}", contract.holder, contract.iban,
            end_to_end=bill.number, mandate=contract.mandate, is_debit=True, returned="AM04",
        )  # fmt: skip


def _transfers(bill: Bill, contract: Contract, chance: Random) -> Iterator[BookedMovement]:
    assert bill.due_date is not None
    lot = chance.randrange(100)
    if lot < _NEVER:
        return
    number = _mistyped(bill.number, chance) if lot >= 100 - _MISTYPED else bill.number
    amount = bill.totals.payable
    if lot < _NEVER + _PART:
        amount = (amount / 2).quantize(Decimal("0.01"))
    day = bill.due_date - timedelta(days=chance.randrange(9))
    text = chance.choice(["{}", "FACTURE {}", "Facture n° {}", "Règlement {} merci"]).format(number)
    yield BookedMovement(day, amount, f"V{bill.number}", contract.holder, text=text)
    if _NEVER + _PART <= lot < _NEVER + _PART + _TWICE:
        yield BookedMovement(day + timedelta(days=2), amount, f"W{bill.number}", contract.holder, text=text)


def _mistyped(number: str, chance: Random) -> str:
    """The number with its last digit wrong."""
    return number[:-1] + str((int(number[-1]) + chance.randrange(1, 10)) % 10)
