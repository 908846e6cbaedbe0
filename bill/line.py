"""A line of a bill (EN 16931 BG-25) and what may be taken off or added (BG-20, BG-21, BG-27, BG-28)."""

from datetime import date
from decimal import Decimal

from bill.noun import Noun
from bill.party import Identifier


class Period(Noun, frozen=True):
    """The days a charge is for, both included (BG-14, BG-26)."""

    start: date | None = None
    end: date | None = None


class AllowanceCharge(Noun, frozen=True):
    """An allowance (taken off) or a charge (added), of the whole bill or of one line."""

    amount: Decimal
    is_charge: bool = False
    base: Decimal | None = None
    percent: Decimal | None = None
    vat_category: str = ""
    vat_rate: Decimal | None = None
    reason: str = ""
    reason_code: str = ""


class Attribute(Noun, frozen=True):
    """Something more about an item (BG-32): a meter's number, a reading, a tariff."""

    name: str
    value: str


class Line(Noun, frozen=True):
    """One line: so much of something, at a price, with its tax."""

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
