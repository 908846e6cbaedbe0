"""A measure: a defined figure of adoption, reckoned from counts that are kept by day. Pure."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Literal, NamedTuple

from adoption.costs.ledger import PUBLIC_PRICES, LedgerPrices

#: `level`: how many there are at the end of a day. `issued`: of the bills issued on the days, whatever day things
#: happened to them. `act`: what was done on the days.
MeasureKind = Literal["level", "issued", "act"]
#: `share` is from 0 to 1.
Unit = Literal["contracts", "bills", "letters", "messages", "acts", "share", "days", "EUR", "sheets", "g"]
#: Kept counts by their names (`adoption.account_day_changes`, `adoption.bill_contribution`). A name that ends with `:`
#: stands for a family, `letters:account_unclaimed`.
Counts = Mapping[str, int]
#: Shares are told to four places.
_SHARE: Final = Decimal("0.0001")

#: The definitions that this project was begun with.
ENGINE: Final = "Facteur 2026"


class Measure(NamedTuple):
    """A defined figure. *name* and *formula* are sentences of the catalogue; *kept* are the counts that it is reckoned
    from, *source* where its definition is from. *reckon* returns None where nothing can be said (no bills). A
    measure *is_priced* when it is reckoned at an issuer's own prices, and *is_by_reason* when each count of its family
    is a reason, told apart."""

    code: str
    name: str
    formula: str
    unit: Unit
    kind: MeasureKind
    kept: tuple[str, ...]
    reckon: Callable[[Counts, LedgerPrices], Decimal | None]
    source: str = ""
    is_priced: bool = False
    is_by_reason: bool = False

    def value(self, counts: Counts, prices: LedgerPrices = PUBLIC_PRICES) -> Decimal | None:
        """The measure of these counts, at an issuer's prices; None where nothing can be said."""
        return self.reckon(counts, prices)

    def parts(self, counts: Counts) -> dict[str, int]:
        """The counts of its family by their reasons, the most first."""
        [prefix] = self.kept
        found = {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix) and n}
        return dict(sorted(found.items(), key=lambda part: (-part[1], part[0])))

    @property
    def numerator(self) -> str:
        """The count that is told; of a share, the part."""
        return self.kept[0]

    @property
    def denominator(self) -> str:
        """The whole of a share; "" of what is none."""
        return self.kept[1] if self.unit == "share" else ""


def counted(code: str, name: str, formula: str, unit: Unit, kind: MeasureKind, source: str = "") -> Measure:
    """A measure that is one kept count, of the same name."""
    return Measure(code, name, formula, unit, kind, (code,), lambda counts, _: Decimal(counts.get(code, 0)), source)


def share(
    code: str, name: str, formula: str, kind: MeasureKind, part: str, whole: str, source: str = ""
) -> Measure:  # fmt: skip
    """A measure that is one kept count over another."""

    def reckon(counts: Counts, _: LedgerPrices) -> Decimal | None:
        if not (total := counts.get(whole, 0)):
            return None
        return (Decimal(counts.get(part, 0)) / total).quantize(_SHARE, ROUND_HALF_EVEN)

    return Measure(code, name, formula, "share", kind, (part, whole), reckon, source)


def family(code: str, name: str, formula: str, unit: Unit, kind: MeasureKind, prefix: str) -> Measure:
    """A measure of a family of counts: all of them together; each is told apart beside it."""

    def reckon(counts: Counts, _: LedgerPrices) -> Decimal:
        return Decimal(sum(value for name, value in counts.items() if name.startswith(prefix)))

    return Measure(code, name, formula, unit, kind, (prefix,), reckon, is_by_reason=True)


def quantile(code: str, name: str, formula: str, family: str, percent: int, source: str = "") -> Measure:
    """A measure that is a quantile of a family of counts whose names end with a number: the least number up to which
    *percent* of them lie."""

    def reckon(counts: Counts, _: LedgerPrices) -> Decimal | None:
        numbers = sorted((int(name.removeprefix(family)), n) for name, n in counts.items() if name.startswith(family))
        wanted, passed = percent * sum(n for _, n in numbers), 0
        for number, n in numbers:
            passed += n
            if n and 100 * passed >= wanted:
                return Decimal(number)
        return None

    return Measure(code, name, formula, "days", "act", (family,), reckon, source)
