"""The demo's billing days: which issuer bills which months on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Final

from bill import Bill, Period
from demo.billing.bill_builder import Occasion, build_bill
from demo.billing.tariffs import bank, electricity, telecom, water
from demo.issuer import BANK, ELECTRICITY, ISSUERS, TELECOM, WATER, DemoIssuer
from demo.month_arithmetic import last_day, later, months_between
from demo.people.contract import Contract

_TRADES: Final[dict[DemoIssuer, ModuleType]] = {ELECTRICITY: electricity, TELECOM: telecom, WATER: water, BANK: bank}
#: The day of a month by which all issuers have billed the month before.
_LAST_DAY: Final = max(issuer.day for issuer in ISSUERS)


@dataclass(frozen=True)
class Billing:
    """An issuer's bills of one day: for *month*, and for the months before it when a bill covers several."""

    issuer: DemoIssuer
    month: date
    turn: int  # 1, 2 …: how many times this issuer has billed

    @property
    def day(self) -> date:
        """The day on which the bills are issued."""
        return later(self.month, 1).replace(day=self.issuer.day)

    def bills(self, contracts: Sequence[Contract]) -> list[Bill]:
        """Return one bill for each contract that was in force."""
        return [self._bill(number, contract) for number, contract in self.numbers(contracts).items()]

    def numbers(self, contracts: Sequence[Contract]) -> dict[str, Contract]:
        """Return the contract of each bill number."""
        running = [each for each in contracts if each.issuer is self.issuer and each.runs(self._start, self._end)]
        return {f"{self.issuer.prefix}{self.day:%y%m}{place:05}": each for place, each in enumerate(running, 1)}

    @property
    def _start(self) -> date:
        return later(self.month, 1 - self.issuer.months)

    @property
    def _end(self) -> date:
        return last_day(self.month)

    def _bill(self, number: str, contract: Contract) -> Bill:
        trade = _TRADES[self.issuer]
        period = Period(start=max(self._start, contract.since), end=self._end)
        notes = electricity.notes(self.month) if trade is electricity else ()
        occasion = Occasion(number, self.day, period, notes)
        return build_bill(self.issuer, contract, occasion, trade.lines(contract, self._start))


def billings(first: date, last: date) -> list[Billing]:
    """Return the billing days in order, for the whole months from that of *first* on that are billed by *last*."""
    months = [month for month in months_between(first, last) if later(month, 1).replace(day=_LAST_DAY) <= last]
    found = [
        Billing(issuer, month, turn)
        for issuer in ISSUERS
        for turn, month in enumerate(reversed(months[:: -issuer.months]), 1)
    ]
    return sorted(found, key=lambda billing: billing.day)


def billings_after(first: date, until: date, last: date) -> list[Billing]:
    """Return the billing days after *until*, up to *last*, in order. Each issuer goes on from its last of
    `billings(first, until)`."""
    latest = {billing.issuer: billing for billing in billings(first, until)}
    found = []
    for billing in latest.values():
        following = _next(billing)
        while following.day <= last:
            found.append(following)
            following = _next(following)
    return sorted(found, key=lambda billing: billing.day)


def _next(billing: Billing) -> Billing:
    return Billing(billing.issuer, later(billing.month, billing.issuer.months), billing.turn + 1)
