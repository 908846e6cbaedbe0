"""Control totals: the number of bills and the sums that a sender declares for a feed."""

from decimal import Decimal

import msgspec

from bill.frozen_struct import FrozenStruct


class ControlTotals(FrozenStruct, frozen=True):
    """Totals declared in a trailer record, a control file, or a field of the request.

    *count* is the number of bills, *sums* their payable amounts by currency; None or absent if not declared. *source*
    says where they were declared, in words (`trailer, line 1204`).
    """

    count: int | None = None
    sums: dict[str, Decimal] = msgspec.field(default_factory=dict)
    source: str = ""
