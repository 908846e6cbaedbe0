"""What the issuers drop: their bills of thirteen months, in their four formats, on their days."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from types import ModuleType
from typing import Final, Literal

from bill import Bill, Period
from demo.contract import Contract
from demo.draw_up import Occasion, draw_up
from demo.formats import cii, delimited, facturx, ubl
from demo.issuer import BANK, ELECTRICITY, ISSUERS, TELECOM, WATER, Issuer
from demo.months import last_day, later, months_between
from demo.trades import bank, electricity, telecom, water

_TRADES: Final[dict[Issuer, ModuleType]] = {ELECTRICITY: electricity, TELECOM: telecom, WATER: water, BANK: bank}
#: By this day of a month all issuers have billed the one before.
LAST_BILLS: Final = max(issuer.day for issuer in ISSUERS)
#: The issuers that send through the API; the others' feeds are dropped by hand.
_BY_API: Final = (TELECOM, BANK)


@dataclass(frozen=True)
class Feed:
    """One file on its day."""

    day: date
    issuer: Issuer
    name: str
    content: bytes

    @property
    def door(self) -> Literal["api", "cli"]:
        return "api" if self.issuer in _BY_API else "cli"


def billing_days(first: date, last: date) -> list[tuple[date, Issuer, date]]:
    """(the day bills go out, whose, the last month they are for) for the whole months from *first* on that are billed
    until *last*, in the order of days. A month is billed in the one after it; bills of several months end together."""
    months = [month for month in months_between(first, last) if later(month, 1).replace(day=LAST_BILLS) <= last]
    found = [
        (later(month, 1).replace(day=issuer.day), issuer, month)
        for issuer in ISSUERS
        for month in months[:: -issuer.months]
    ]
    return sorted(found, key=lambda each: each[0])


def bills_of(issuer: Issuer, contracts: Sequence[Contract], day: date, month: date) -> list[Bill]:
    """An issuer's bills of one billing day: one a contract that was in force. *month* is the last that they are for."""
    start, end = later(month, 1 - issuer.months), last_day(month)
    running = [each for each in contracts if each.issuer is issuer and each.runs(start, end)]
    return [_bill(contract, day, start, end, place) for place, contract in enumerate(running, 1)]


def _bill(contract: Contract, day: date, month: date, end: date, place: int) -> Bill:
    issuer = contract.issuer
    period = Period(start=max(month, contract.since), end=end)
    notes = electricity.notes(month) if issuer is ELECTRICITY else ()
    occasion = Occasion(f"{issuer.prefix}{day:%y%m}{place:05}", day, period, notes)
    return draw_up(issuer, contract, occasion, _TRADES[issuer].lines(contract, month))


def write(issuer: Issuer, bills: Sequence[Bill]) -> bytes:
    """The bills in the issuer's format."""
    return _WRITERS[issuer](bills)


def feed(issuer: Issuer, day: date, bills: Sequence[Bill], word: str = "factures") -> Feed:
    """The bills as a file with the name that the issuer gives it."""
    return Feed(day, issuer, f"{word}-{day:%Y-%m-%d}.{_ENDINGS[issuer]}", write(issuer, bills))


def _packed(document: Callable[[Bill], bytes], ending: str) -> Callable[[Sequence[Bill]], bytes]:
    """A writer of ZIPs with one document a bill."""

    def write_zip(bills: Sequence[Bill]) -> bytes:
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for bill in bills:
                member = zipfile.ZipInfo(f"{bill.number}.{ending}", (bill.issue_date.year, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, document(bill))
        return content.getvalue()

    return write_zip


_WRITERS: Final[dict[Issuer, Callable[[Sequence[Bill]], bytes]]] = {
    ELECTRICITY: ubl.batch,
    TELECOM: delimited.rows,
    WATER: _packed(cii.document, "xml"),
    BANK: _packed(facturx.document, "pdf"),
}
_ENDINGS: Final = {ELECTRICITY: "xml", TELECOM: "csv", WATER: "zip", BANK: "zip"}
