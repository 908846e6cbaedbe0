"""A bill as lists read it: some of its columns, without the whole row that the ORM would build and keep."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol

from bill import DocumentAmount, Paid
from store.bills.bill import IMPORTED_CHANNEL, BillRow, asked_by, said_of


class StoredAmount(Protocol):
    """What amounts due are computed from (`payments.amounts_due`): a whole row, or a `ListedBill`."""

    @property
    def id(self) -> int: ...
    @property
    def issuer_id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def account_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def said_paid_at(self) -> datetime | None: ...
    @property
    def demand(self) -> DocumentAmount: ...
    @property
    def paid(self) -> list[Paid]: ...


class ListedBill(NamedTuple):
    """The columns of `BillRow` that a list of bills shows and computes with."""

    id: int
    uid: str
    issuer_id: int
    number: str
    account_id: int
    state: str
    type_code: str
    issue_date: date
    due_date: date | None
    currency: str
    gross: Decimal | None
    payable: Decimal
    is_collected: bool
    instalments: bytes | None
    received_at: datetime
    said_paid_at: datetime | None
    said_paid: Decimal | None
    is_copy: bool
    channel: str | None

    @property
    def is_imported(self) -> bool:
        """Whether the reader brought it in (`BillRow.is_imported`)."""
        return self.channel == IMPORTED_CHANNEL

    @property
    def demand(self) -> DocumentAmount:
        """What the bill asks by itself (`BillRow.demand`)."""
        return asked_by(self)

    @property
    def paid(self) -> list[Paid]:
        """The payment that the consumer reported."""
        return said_of(self)


#: The columns to select, in their order: `ListedBill(*row)`.
LISTED: Final[tuple[Any, ...]] = tuple(getattr(BillRow, name) for name in ListedBill._fields)
