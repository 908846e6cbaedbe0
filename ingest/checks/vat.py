"""VAT: the breakdown by category and rate against the lines, allowances and charges (BR-S-*, BR-Z-*, BR-E-*, …)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bill import ZERO, Bill, VatBreakdown
from ingest.checks.broken import Broken

#: UNTDID 5305 code -> how EN 16931's rules call the category.
FAMILIES: Final = {
    "S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "IG", "M": "IP", "B": "B",
}  # fmt: skip
_RATED: Final = frozenset("SLMB")  # categories with a rate of their own
_EXEMPT: Final = frozenset({"E", "AE", "K", "G", "O"})  # categories that must say why
#: Categories whose seller has a VAT identifier, or, for some, another tax registration.
_REGISTERED: Final = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_REGISTERED_ANYHOW: Final = frozenset("SZELM")
_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)

Key = tuple[str, Decimal | None]


def vat(bill: Bill, broken: list[Broken]) -> None:
    """BR-45 to BR-48, BR-CO-17, and the family of each category."""
    sums = _sums(bill, broken)
    _registrations(bill, broken)
    seen = set()
    for row in bill.vat:
        seen.add(row.category)
        _row(row, broken)
        _taxable(row, sums, bool(bill.lines), broken)
    for category in {category for category, _ in sums} - seen:
        if category in FAMILIES:
            message = f"the lines have VAT category {category}, and the VAT breakdown has none"
            broken.append(Broken(f"BR-{FAMILIES[category]}-01", message, "BG-23"))


def _sums(bill: Bill, broken: list[Broken]) -> dict[Key, Decimal]:
    """What is taxed, by category and rate: lines, less allowances, and charges."""
    sums: dict[Key, Decimal] = {}
    for line in bill.lines:
        category, rate = line.vat_category, line.vat_rate
        if category:
            key = (category, rate if category in _RATED else None)
            sums[key] = sums.get(key, ZERO) + (line.net_amount or ZERO)
            if not _rate_fits(category, rate):
                _rate(category, "05", rate, f"line {line.id}, BT-152", broken)
    for one in bill.allowances_charges:
        category, rate = one.vat_category, one.vat_rate
        if category:
            key = (category, rate if category in _RATED else None)
            sums[key] = sums.get(key, ZERO) + (one.amount if one.is_charge else -one.amount)
            if not _rate_fits(category, rate):
                _rate(category, "07" if one.is_charge else "06", rate, "BT-96, BT-103", broken)
    return sums


def _registrations(bill: Bill, broken: list[Broken]) -> None:
    """Of the family -02, -03, -04: who charges VAT on a line, an allowance or a charge is registered for it."""
    seller, representative = bill.seller, bill.tax_representative
    if seller.vat_id or (representative is not None and representative.vat_id):
        return
    taxed = {(line.vat_category, "02") for line in bill.lines}
    taxed |= {(one.vat_category, "04" if one.is_charge else "03") for one in bill.allowances_charges}
    for category, suffix in sorted(taxed):
        if category in _REGISTERED and not (seller.tax_id and category in _REGISTERED_ANYHOW):
            message = f"a seller who bills in VAT category {category} must have a VAT identifier"
            broken.append(Broken(f"BR-{FAMILIES[category]}-{suffix}", message, "BT-31, BT-32, BT-63"))


def _rate_fits(category: str, rate: Decimal | None) -> bool:
    if category == "S":
        return rate is not None and rate > 0
    if category == "O":
        return rate is None
    if category in ("L", "M"):
        return rate is not None and rate >= 0
    return category not in FAMILIES or rate == 0


def _rate(category: str, suffix: str, rate: Decimal | None, place: str, broken: list[Broken]) -> None:
    message = f"a rate of {rate} does not go with VAT category {category}"
    broken.append(Broken(f"BR-{FAMILIES[category]}-{suffix}", message, place))


def _row(row: VatBreakdown, broken: list[Broken]) -> None:
    """BR-45 to BR-48, BR-CO-17, and of the family -09 (the tax) and -10 (the reason of an exemption)."""
    for rule, missing, term, what in _missing(row):
        if missing:
            broken.append(Broken(rule, f"a VAT breakdown must have {what}", term))
    family = FAMILIES.get(row.category)
    if row.taxable is None or row.vat is None or family is None:
        return
    if row.category in _RATED:
        due = row.taxable * (row.rate or ZERO) / _HUNDRED
        if abs(row.vat - due) >= _ONE:
            message = f"VAT is {row.vat}, but {row.rate} % of {row.taxable} is {due}"
            broken.extend(Broken(rule, message, "BT-117") for rule in ("BR-CO-17", f"BR-{family}-09"))
    elif row.vat:
        message = f"VAT is {row.vat}, and there is none in category {row.category}"
        broken.append(Broken(f"BR-{family}-09", message, "BT-117"))
    reasoned = bool(row.exemption_reason or row.exemption_code)
    if reasoned != (row.category in _EXEMPT):
        message = "says why it is exempt, and is not" if reasoned else "does not say why it is exempt"
        broken.append(Broken(f"BR-{family}-10", f"VAT category {row.category} {message}", "BT-120, BT-121"))


def _missing(row: VatBreakdown) -> Iterator[tuple[str, bool, str, str]]:
    if row.taxable is None or row.vat is None or not row.category or row.rate is None:
        yield "BR-45", row.taxable is None, "BT-116", "a taxable amount"
        yield "BR-46", row.vat is None, "BT-117", "an amount of tax"
        yield "BR-47", not row.category, "BT-118", "a category"
        yield "BR-48", row.rate is None and row.category != "O", "BT-119", "a rate"


def _taxable(row: VatBreakdown, sums: dict[Key, Decimal], has_lines: bool, broken: list[Broken]) -> None:
    """Of the family -08: the taxable amount is what the lines, allowances and charges of the category come to."""
    family = FAMILIES.get(row.category)
    if family is None or row.taxable is None or not has_lines:
        return
    due = sums.get((row.category, row.rate if row.category in _RATED else None), ZERO)
    difference = abs(row.taxable - due)
    if difference >= _ONE if row.category in _RATED else difference:
        message = f"{row.taxable} is taxed in category {row.category}, but the lines come to {due}"
        broken.append(Broken(f"BR-{family}-08", message, "BT-116"))
