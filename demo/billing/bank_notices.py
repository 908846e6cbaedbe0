"""What the demo issuers' bank tells each of them once a month: transfers with their mistakes, debits and returns."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Final

from bill import Bill
from demo.billing.billing_calendar import Billing, billings, billings_after
from demo.billing.feed_file import FeedFile
from demo.formats.camt import BookedMovement, notice
from demo.issuer import ELECTRICITY, ISSUERS, DemoIssuer
from demo.month_arithmetic import later, month_of
from demo.people.contract import Contract
from demo.seeded_random import random_by_name

#: Of a hundred transfers: never made, of a part, made twice, with a wrong digit in the bill's number.
_NEVER, _PART, _TWICE, _MISTYPED = 8, 3, 2, 4
#: Of a hundred direct debits, those that come back, for want of money (ISO 20022 AM04).
_BACK: Final = 3
#: A debit that fails comes back within so many days.
_BACK_AFTER: Final = timedelta(days=3)


#: How late those pay who pay late, and how long after its billing the last of a bill is booked.
_LATEST: Final = timedelta(days=26)
_LONGEST: Final = timedelta(days=75)


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


def bank_notices_after(contracts: Sequence[Contract], first: date, until: date, last: date) -> list[FeedFile]:
    """Return the notices after *until*, up to *last*: every morning for the day before. The first tells, too, what the
    last monthly one did not. Most of those who had not paid yet, pay late."""
    told_until = until.replace(day=1)
    by_day: dict[tuple[DemoIssuer, date], list[BookedMovement]] = {}
    for billing in [*billings(first, until), *billings_after(first, until, last)]:
        if billing.day + _LONGEST < told_until:
            continue
        for each in _movements(billing, contracts, until):
            told = max(each.on, until) + timedelta(days=1)
            if told_until <= each.on and told <= last:
                by_day.setdefault((billing.issuer, told), []).append(each)
    return sorted(
        (_notice(issuer, day, booked) for (issuer, day), booked in by_day.items()), key=lambda feed: feed.day
    )  # fmt: skip


def _notice(issuer: DemoIssuer, day: date, booked: list[BookedMovement]) -> FeedFile:
    name = f"releve-{issuer.prefix}{day:%Y%m%d}"
    booked.sort(key=lambda each: (each.on, each.reference))
    return FeedFile(day, issuer, f"{name}.xml", partial(notice, name, issuer.iban, day, booked))


def _movements(
    billing: Billing, contracts: Sequence[Contract], late_after: date | None = None
) -> Iterator[BookedMovement]:
    """Yield what is booked of a billing's bills. With *late_after*, most bills that were not paid by then are paid
    late, and Alice's electricity, which she pays in parts, is left out."""
    held = billing.numbers(contracts)
    for bill in billing.bills(contracts):
        chance = random_by_name("paid", bill.number)
        contract = held[bill.number]
        if bill.totals.payable <= 0 or bill.due_date is None:
            continue
        if (
            late_after
            and contract.person.key == "alice"
            and billing.issuer is ELECTRICITY
            and bill.issue_date <= late_after
        ):
            continue
        if contract.iban:
            yield from _debits(bill, contract, chance)
        else:
            yield from _transfers(bill, contract, chance, late_after)


def _is_paid_in_parts(contract: Contract) -> bool:
    """Whether this is Alice's electricity, of which she pays a bill by a plan when the thirteen months end."""
    return contract.person.key == "alice" and contract.issuer is ELECTRICITY


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


def _transfers(bill: Bill, contract: Contract, chance: Random, late_after: date | None) -> Iterator[BookedMovement]:
    assert bill.due_date is not None
    lot = chance.randrange(100)
    if lot < _NEVER:
        if late_after and chance.randrange(4):
            day = max(bill.due_date, late_after) + timedelta(days=chance.randint(2, _LATEST.days))
            yield BookedMovement(day, bill.totals.payable, f"V{bill.number}", contract.holder, text=bill.number)
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
