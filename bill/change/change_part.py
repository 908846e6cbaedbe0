"""One part of the difference between two bills: its kind, its amount with VAT, and the values that changed."""

from datetime import date
from decimal import Decimal
from typing import Literal

from bill.frozen_struct import FrozenStruct

#: Of one item: `days`, `quantity`, `price`, `tax` (its VAT rate); `amount` where the item's amount changed and the bill
#: does not say why; `new` and `gone` where one bill alone has the item. `allowance`, `charge`: on the bill or a line.
#: Of the whole bill: `vat` (not told by its lines), `balance`, `payments`, `third_party`, `rounding`; `rest` where the
#: bill's own terms do not add up to its total; `undetailed` where a bill has no lines, `lines` where it has too many
#: to be told one by one.
PartKind = Literal[
    "days", "quantity", "price", "tax", "amount", "new", "gone", "allowance", "charge", "vat", "balance", "payments",
    "third_party", "rounding", "rest", "undetailed", "lines",
]  # fmt: skip


class ChangePart(FrozenStruct, frozen=True):
    """*before* and *now* are days, a quantity in *unit* (a day's, if *is_daily*), a net price for one unit, or a VAT
    rate in per cent. *since* is the first day of a new price, where the bills tell it."""

    kind: PartKind
    amount: Decimal
    name: str = ""
    unit: str = ""
    before: Decimal | None = None
    now: Decimal | None = None
    is_daily: bool = False
    since: date | None = None
