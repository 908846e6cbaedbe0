"""What a consumer limits the list of their bills to: all parts at once, each of them optional."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal, Self

#: What a document is to its reader: an invoice as usual, a credit note, an invoice that replaces another, or one that
#: is paid in several parts.
BillKind = Literal["invoice", "credit_note", "corrective", "instalments"]


@dataclass(frozen=True, slots=True)
class BillFilter:
    """Limits to one issuer, one account, one year of issue, one kind, bills to be paid by hand and not said to be paid,
    one of the reader's own tags (folded, `store.bills.bill_tag`), and words that a bill or its issuer's name must
    contain. Ids are taken as given: a row that the consumer does not hold is found to have no bills."""

    issuer_id: int | None = None
    account_id: int | None = None
    year: int | None = None
    kind: BillKind | None = None
    is_unpaid: bool = False
    tag: str = ""
    asked: str = ""

    @property
    def parts(self) -> list[str]:
        """The names of the parts that limit something."""
        return [each.name for each in fields(self) if getattr(self, each.name) is not each.default]

    def without(self, *parts: str) -> Self:
        """The same filter without these parts."""
        unset: dict[str, Any] = {each.name: each.default for each in fields(self) if each.name in parts}
        return replace(self, **unset)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last issue date of the year; None without one."""
        return None if self.year is None else (date(self.year, 1, 1), date(self.year, 12, 31))


#: All bills.
EVERYTHING: Final = BillFilter()
