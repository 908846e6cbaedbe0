"""What of a bill is declared (flux 10.3): its sums by category and VAT rate, or why nothing is. Pure.

A company's bill goes through an approved platform (CGI art. 289 bis); operations exempt under CGI 261 to 261 E, as in
banking and insurance, and what is outside the scope of VAT are not declared.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from bill import Bill, goes_by_platform, siren_of
from bill.money import ZERO

#: Annexe 7, TT-81: goods, services, operations not taxable in France. (TMA1, the margin scheme, has no VAT on bills.)
Category = Literal["TLB1", "TPS1", "TNT1"]
Supply = Literal["goods", "services"]
#: Why a bill is not declared here. `platform`: its invoice goes through one. `foreign_company`: it is declared one by
#: one (flux 10.1). `outside`: all of it is exempt or outside the scope. The others are for a person to look at.
Refusal = Literal["platform", "foreign_company", "foreign_seller", "outside", "no_vat_breakdown", "rate", "currency"]

#: Annexe 7, G1.24: the rates that were ever in force in France.
RATES: Final = frozenset(
    map(Decimal, ["0", "0.9", "1.05", "1.75", "2.1", "5.5", "7", "8.5", "9.2", "9.6", "10", "13", "19.6", "20", "20.6"])
)
_CATEGORIES: Final[dict[Supply, Category]] = {"goods": "TLB1", "services": "TPS1"}
_TAXED: Final = frozenset("SZ")
_NOT_TAXABLE_HERE: Final = frozenset({"AE", "K", "G"})
#: The exemption of small businesses (CGI 293 B), whose operations are declared without VAT.
_FRANCHISE: Final = "VATEX-FR-FRANCHISE"


class DeclaredRow(NamedTuple):
    """The sums of one category and rate; negative where they are given back."""

    category: Category
    rate: Decimal
    taxable: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        """With VAT."""
        return self.taxable + self.vat


class NotDeclared(Exception):  # noqa: N818 - a finding about a bill, and no failure
    """The bill is not declared in sums. *refusal* says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal: Refusal = refusal


def declared_rows(bill: Bill, supply: Supply) -> tuple[DeclaredRow, ...]:
    """The rows of a bill to a consumer, as of a seller who supplies these; raises NotDeclared."""
    if bill.seller.vat_id and bill.seller.vat_id[:2].upper() != "FR":
        raise NotDeclared("foreign_seller")
    if goes_by_platform(bill) or siren_of(bill.buyer):
        raise NotDeclared("platform")
    if bill.buyer.vat_id:
        raise NotDeclared("foreign_company")
    if bill.currency != "EUR":
        raise NotDeclared("currency")
    if not bill.vat:
        raise NotDeclared("no_vat_breakdown")
    rows = _merged(_rows(bill, supply))
    if not rows:
        raise NotDeclared("outside")
    if any(row.rate not in RATES for row in rows):
        raise NotDeclared("rate")
    return rows


def _rows(bill: Bill, supply: Supply) -> list[DeclaredRow]:
    sign = -1 if bill.is_credit_note else 1
    found = []
    for row in bill.vat:
        taxable, vat = row.taxable or ZERO, row.vat or ZERO
        if row.category in _TAXED or row.exemption_code == _FRANCHISE:
            rate = (row.rate or ZERO).normalize()
            found.append(DeclaredRow(_CATEGORIES[supply], rate, sign * taxable, sign * vat))
        elif row.category in _NOT_TAXABLE_HERE:
            found.append(DeclaredRow("TNT1", ZERO, sign * taxable, ZERO))
    return found


def _merged(rows: Sequence[DeclaredRow]) -> tuple[DeclaredRow, ...]:
    """One row a category and rate, in their order."""
    sums: dict[tuple[Category, Decimal], DeclaredRow] = {}
    for row in rows:
        known = sums.get((row.category, row.rate), DeclaredRow(row.category, row.rate, ZERO, ZERO))
        sums[row.category, row.rate] = known._replace(taxable=known.taxable + row.taxable, vat=known.vat + row.vat)
    return tuple(sums[key] for key in sorted(sums))
