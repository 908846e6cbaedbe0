"""Control totals: the number of bills and the sums that a sender declares for a feed."""

from decimal import Decimal

import msgspec

from bill.frozen_struct import FrozenStruct


class ControlTotals(FrozenStruct, frozen=True):
    """Declared beside the bills: in a trailer record, a manifest file, or a field of the request.

    *count* is how many bills were sent, *sums* their payable amounts by currency; what was not declared is None or
    absent. *source* says where it was declared, in words (`trailer, line 1204`).
    """

    count: int | None = None
    sums: dict[str, Decimal] = msgspec.field(default_factory=dict)
    source: str = ""
