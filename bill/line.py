"""Bill lines (EN 16931 BG-25) with sub-lines, and allowances and charges (BG-20, BG-21, BG-27, BG-28)."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.frozen_struct import FrozenStruct
from bill.party import Identifier

GROUP_LINE: Final = "GROUP"
#: Kinds of lines whose amounts are included in other lines.
NOT_COUNTED: Final = frozenset({GROUP_LINE, "INFORMATION"})


#: The greatest depth shown: a bill of quantities has four or five levels.
MOST_DEEP: Final = 12


class Period(FrozenStruct, frozen=True):
    """The days that a charge is for, first and last included (BG-14, BG-26)."""

    start: date | None = None
    end: date | None = None


class AllowanceCharge(FrozenStruct, frozen=True):
    """An allowance (deducted) or a charge (added), on the whole bill or one line."""

    amount: Decimal
    is_charge: bool = False
    base: Decimal | None = None
    percent: Decimal | None = None
    vat_category: str = ""
    vat_rate: Decimal | None = None
    reason: str = ""
    reason_code: str = ""


class Attribute(FrozenStruct, frozen=True):
    """An attribute of an item (BG-32): a meter's number, a reading, a tariff."""

    name: str
    value: str


class LinePart(FrozenStruct, frozen=True):
    """A quantity of an item, at a price, with its tax: a line or a sub-line."""

    id: str = ""  # BT-126
    name: str = ""  # BT-153
    description: str = ""  # BT-154
    quantity: Decimal | None = None  # BT-129
    unit: str = ""  # BT-130: UN/ECE Recommendation 20
    net_price: Decimal | None = None  # BT-146
    gross_price: Decimal | None = None  # BT-148
    price_discount: Decimal | None = None  # BT-147
    price_base: Decimal | None = None  # BT-149: the price is for this many units
    price_base_unit: str = ""  # BT-150
    net_amount: Decimal | None = None  # BT-131
    vat_category: str = ""  # BT-151
    vat_rate: Decimal | None = None  # BT-152, per cent
    period: Period | None = None  # BG-26
    note: str = ""  # BT-127
    object_id: Identifier | None = None  # BT-128: the meter or line the charge is for
    order_line: str = ""  # BT-132
    cost_account: str = ""  # BT-133
    seller_item_id: str = ""  # BT-155
    buyer_item_id: str = ""  # BT-156
    standard_item_id: Identifier | None = None  # BT-157
    classifications: tuple[Identifier, ...] = ()  # BT-158
    origin_country: str = ""  # BT-159
    attributes: tuple[Attribute, ...] = ()  # BG-32
    allowances_charges: tuple[AllowanceCharge, ...] = ()  # BG-27, BG-28
    parent: str = ""  # Factur-X BT-X-304: the id of the line that this one is part of
    kind: str = ""  # Factur-X BT-X-8: GROUP, DETAIL or INFORMATION


class Line(LinePart, frozen=True):
    """One line of a bill (BG-25). *parts* are its sub-lines (XRechnung BG-DEX-01), whose amounts it includes; each
    follows and names its parent."""

    parts: tuple[LinePart, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the line's amount is part of the bill's sums. The amount of a group is the sum of its lines, and an
        information line repeats another line's (Factur-X BR-FXEXT-CO-10)."""
        return self.kind not in NOT_COUNTED


class Placed(NamedTuple):
    """A line in the bill's outline: its depth, and whether its amount is part of the bill's sums. A group is followed
    by the lines that its amount is the sum of."""

    line: LinePart
    depth: int = 0
    counts: bool = True
    is_group: bool = False


def outline(lines: Sequence[Line]) -> list[Placed]:
    """All lines and sub-lines in the order of the bill, with their depth."""
    if not any(line.parent or line.kind or line.parts for line in lines):
        return [Placed(line) for line in lines]
    depths: dict[str, int] = {}
    parents = {line.parent for line in lines if line.parent and line.parent != line.id}
    placed: list[Placed] = []
    for line in lines:
        depth = _depth(line, 0, depths)
        is_group = line.kind == GROUP_LINE or bool(line.parts) or (not line.counts and line.id in parents)
        placed.append(Placed(line, depth, line.counts, is_group))
        placed += _inside(line, depth)
    return placed


def _inside(line: Line, depth: int) -> Iterator[Placed]:
    depths = {line.id: depth}
    parents = {part.parent for part in line.parts}
    for part in line.parts:
        yield Placed(part, _depth(part, depth + 1, depths), counts=False, is_group=bool(part.id) and part.id in parents)


def _depth(line: LinePart, least: int, depths: dict[str, int]) -> int:
    """One more than the depth of the parent, which comes before."""
    depth = max(min(depths.get(line.parent, -1) + 1, MOST_DEEP), least) if line.parent else least
    depths.setdefault(line.id, depth)
    return depth
