"""Earlier bills of one account, for the comparison and the consumption chart on a bill."""

import zlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from bill.bill import Bill
from bill.branding.brand import GROUP
from bill.frozen_struct import FrozenStruct
from bill.line import Line
from bill.money import ZERO

#: Units of a meter (UN/ECE Recommendation 20). Months of a subscription and minutes of calls are no consumption.
METERED: Final = frozenset({"KWH", "MWH", "MTQ", "LTR", "GJ", "GV", "E34"})
#: More than any meter counts between two bills; larger values are ignored.
_MOST: Final = Decimal(10**12)
#: Two years and a month: thirteen monthly bills, and the same month of the year before.
MOST_SPANS: Final = 25


class Span(FrozenStruct, frozen=True):
    """One earlier bill: its period, its consumption, and its amount."""

    issued: date
    gross: Decimal  # with VAT, in the currency of the bill it is compared with
    start: date | None = None
    end: date | None = None
    used: Decimal | None = None
    unit: str = ""

    @property
    def until(self) -> date:
        """The last day of the period, else the issue date."""
        return self.end or self.issued


class History(FrozenStruct, frozen=True):
    """The earlier bills, oldest first."""

    spans: tuple[Span, ...] = ()
    seen: int = -1  # bills of the account issued before, of whatever kind; -1 is not known


def span_of(bill: Bill) -> Span:
    """This bill's period, consumption and amount. The period is the bill's, else it spans its lines'."""
    period = bill.period
    start, end = (period.start, period.end) if period is not None else (None, None)
    counted = [line for line in bill.lines if line.counts]
    metered = [line for line in counted if line.unit in METERED and line.quantity is not None]
    if end is None:
        start, end = _days(metered or counted)
    unit = _unit(metered)
    gross = bill.totals.payable if bill.totals.gross is None else bill.totals.gross
    used = _used([line for line in metered if line.unit == unit]) if unit else ZERO
    is_known = bool(unit) and abs(used) <= _MOST
    return Span(
        issued=bill.issue_date, gross=gross, start=start, end=end,
        used=round(used, 3) if is_known else None, unit=unit if is_known else "",
    )  # fmt: skip


def _days(lines: Iterable[Line]) -> tuple[date | None, date | None]:
    periods = [line.period for line in lines if line.period is not None]
    starts = [period.start for period in periods if period.start]
    ends = [period.end for period in periods if period.end]
    return min(starts, default=None), max(ends, default=None)


def _unit(metered: list[Line]) -> str:
    """The unit in which most of the money is billed."""
    worth: dict[str, Decimal] = {}
    for line in metered:
        worth[line.unit] = worth.get(line.unit, ZERO) + abs(line.net_amount or ZERO)
    return max(worth, key=lambda unit: worth[unit]) if worth else ""


def _used(lines: list[Line]) -> Decimal:
    """The consumption, counted once, since taxes and levies are billed on the same quantity again.

    Lines with a meter (BG-32) count if there are any; attributes that all lines have (their group) are no meter.
    Without such lines, a quantity that equals the sum of those before it is a levy on them.
    """
    said = [{attribute.name for attribute in line.attributes} for line in lines]
    common = set.intersection(*said)
    for of_no_meter in (common, {GROUP}):
        read = [line for line, names in zip(lines, said, strict=True) if names - of_no_meter]
        if read:
            return sum((line.quantity or ZERO for line in read), ZERO)
    total = ZERO
    for line in lines:
        if line.quantity is not None and (not total or line.quantity != total):
            total += line.quantity
    return total


_EFFORT: Final = 4
_encoder: Final = msgspec.msgpack.Encoder(decimal_format="string")
_decoder: Final = msgspec.msgpack.Decoder(History)


def pack_history(history: History) -> bytes:
    """The history as some hundred bytes."""
    return zlib.compress(_encoder.encode(history), _EFFORT)


def unpack_history(content: bytes | None) -> History:
    """The history that `pack_history` packed; an unknown one for None."""
    return _decoder.decode(zlib.decompress(content)) if content else History()
