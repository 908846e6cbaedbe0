"""An account statement of a payment file: whose account, which days, its balances, and what it declares of its
entries."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from bill import ZERO

#: A statement has booked entries and balances (camt.053), a notification booked entries (camt.054), an intraday report
#: entries that may still change (camt.052).
StatementKind = Literal["statement", "notification", "report"]


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """A balance of the account. *code* is ISO 20022's: `OPBD` and `PRCD` (opening), `CLBD` (closing), `ITBD` (interim),
    `CLAV`, `FWAV`. *amount* is negative when the account is overdrawn."""

    code: str
    amount: Decimal
    currency: str
    on: date | None = None


@dataclass(slots=True)
class EntrySums:
    """How many entries, and their sums; None where nothing is declared. *net* is credits less debits."""

    count: int | None = None
    total: Decimal | None = None
    net: Decimal | None = None
    credit_count: int | None = None
    credit_sum: Decimal | None = None
    debit_count: int | None = None
    debit_sum: Decimal | None = None


@dataclass(slots=True)
class AccountStatement:
    """One statement of a file (`Stmt`, `Ntfctn`, `Rpt`). "" or None where the file does not say.

    *account* is the IBAN without blanks, or another number as sent. *page* and *is_last_page* tell of a statement of
    several pages (`StmtPgntn`). *copy* is `CpyDplctInd`: `COPY`, `DUPL`, `CODU`. *declared* are its `TxsSummry`, *seen*
    what was counted: booked entries alone. *passed_over* counts the booked entries that are no customer's payment (the
    bank's fees and interest, the issuer's own transfers), *passed_over_net* is their sum.
    """

    kind: StatementKind = "statement"
    statement_id: str = ""
    account: str = ""
    currency: str = ""
    created_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    electronic_sequence: str = ""
    legal_sequence: str = ""
    page: str = ""
    is_last_page: bool = True
    copy: str = ""
    balances: list[AccountBalance] = field(default_factory=list)
    declared: EntrySums = field(default_factory=EntrySums)
    seen: EntrySums = field(default_factory=EntrySums)
    passed_over: int = 0
    passed_over_net: Decimal = ZERO

    @property
    def opening(self) -> AccountBalance | None:
        """The opening booked balance: `OPBD`, else the closing one of the day before (`PRCD`)."""
        return self._balance("OPBD") or self._balance("PRCD")

    @property
    def closing(self) -> AccountBalance | None:
        """The closing booked balance (`CLBD`)."""
        return self._balance("CLBD")

    def _balance(self, code: str) -> AccountBalance | None:
        return next((each for each in self.balances if each.code == code), None)
