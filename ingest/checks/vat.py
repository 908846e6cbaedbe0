"""VAT: each row of the breakdown by itself (BR-45 to BR-48, BR-CO-17) and against what it taxes (BR-S-*, BR-Z-*, …)."""

from decimal import Decimal
from typing import Final

from bill import ZERO, Bill, VatBreakdown
from ingest.checks.binding import Binding
from ingest.checks.broken import Broken
from ingest.checks.families import FAMILIES, Family, families
from ingest.checks.lists import EXEMPTION_REASONS, VAT_CATEGORIES
from ingest.checks.sums import Sums, adds_up, cents

_ONE: Final = Decimal(1)
_HALF: Final = Decimal("0.5")
_HUNDRED: Final = Decimal(100)


def vat(bill: Bill, binding: Binding, strict: bool, sums: Sums, broken: list[Broken]) -> None:
    """BR-45 to BR-48, BR-CO-17, BR-CL-17, BR-CL-18, BR-CL-22, and of each category's family -08, -09, -10; then the
    families as wholes."""
    for row in bill.vat:
        if row.taxable is None or row.vat is None or not row.category or row.rate is None:
            _missing(row, strict, binding, broken)
        family = FAMILIES.get(row.category)
        tax_differs = row.vat is not None and row.taxable is not None and _is_taxed_wrong(row, binding, broken)
        if family is None:
            if row.category and row.category not in VAT_CATEGORIES:
                message = f"{row.category[:40]!r} is no category of VAT (UNTDID 5305)"
                broken.append(Broken(binding.breakdown_category, message, "BT-118"))
        else:
            _of_family(row, family, tax_differs, bill, binding, sums, broken)
        if row.exemption_code and row.exemption_code.upper() not in EXEMPTION_REASONS:
            message = f"{row.exemption_code[:40]!r} is no reason of an exemption (CEF VATEX)"
            broken.append(Broken("BR-CL-22", message, "BT-121"))
    families(bill, binding, sums, broken)


def _missing(row: VatBreakdown, strict: bool, binding: Binding, broken: list[Broken]) -> None:
    """What a row must have; where *strict*, what is absent is also no product and no sum."""
    family = FAMILIES.get(row.category)
    if strict and (row.taxable is None or row.vat is None):
        message = "an amount that is absent is no product and no sum"
        broken.append(Broken("BR-CO-17", message, "BT-116, BT-117"))
        if family is not None and row.category not in binding.untaxed and (family.has_rate or row.vat is None):
            broken.append(Broken(f"BR-{family.name}-09", message, "BT-117"))
        if family is not None and row.category not in binding.unsummed and row.taxable is None:
            broken.append(Broken(f"BR-{family.name}-08", message, "BT-116"))
    for rule, missing, term, what in (
        ("BR-45", row.taxable is None, "BT-116", "a taxable amount"),
        ("BR-46", row.vat is None, "BT-117", "an amount of tax"),
        ("BR-47", not row.category, "BT-118", "a category"),
        ("BR-48", row.rate is None and row.category != "O", "BT-119", "a rate"),
    ):
        if missing:
            broken.append(Broken(rule, f"a VAT breakdown must have {what}", term))


def _is_taxed_wrong(row: VatBreakdown, binding: Binding, broken: list[Broken]) -> bool:
    """BR-CO-17. The tax may be off by less than one; a rate that is none, or rounds to none, gives none."""
    assert row.taxable is not None
    assert row.vat is not None
    rate = row.rate
    if not rate or -_HALF <= rate < _HALF:
        wrong = not -_HALF <= row.vat < _HALF
        due = ZERO
    else:
        due = abs(row.taxable) * rate / _HUNDRED
        difference = abs(abs(row.vat) - due)
        wrong = difference >= _ONE and (
            difference > _ONE + _HALF or abs(abs(row.vat) - cents(due)) >= _ONE + (binding.name == "CII") * _TINY
        )
    if wrong:
        message = f"VAT is {row.vat}, but {rate} % of {row.taxable} is {due}"
        broken.append(Broken("BR-CO-17", message, "BT-117"))
    return wrong


#: In CII a difference of exactly one still passes.
_TINY: Final = Decimal("0.001")


def _of_family(
    row: VatBreakdown, family: Family, tax_differs: bool, bill: Bill, binding: Binding, sums: Sums, broken: list[Broken]
) -> None:
    if row.vat is not None and row.category not in binding.untaxed:
        if family.has_rate:
            if tax_differs:
                message = f"VAT is {row.vat}, which is not {row.rate} % of {row.taxable}"
                broken.append(Broken(f"BR-{family.name}-09", message, "BT-117"))
        elif row.vat:
            message = f"VAT is {row.vat}, and there is none in category {row.category}"
            broken.append(Broken(f"BR-{family.name}-09", message, "BT-117"))
    if family.name != "B" and bool(row.exemption_reason or row.exemption_code) != family.says_why:
        message = "does not say why there is no tax" if family.says_why else "says why it is exempt, and is not"
        broken.append(Broken(f"BR-{family.name}-10", f"VAT category {row.category} {message}", "BT-120, BT-121"))
    if row.taxable is not None and row.category not in binding.unsummed:
        _taxable(row, row.taxable, family, bill, binding, sums, broken)


def _taxable(
    row: VatBreakdown, taxable: Decimal, family: Family, bill: Bill, binding: Binding, sums: Sums, broken: list[Broken]
) -> None:
    """Of the family -08: the taxable amount is what the lines, allowances and charges of the category come to."""
    if family.has_rate:
        if row.rate is None:
            return
        due = sums.taxed.get((row.category, row.rate))
        if due == taxable:
            return
        absent = due is None and binding.name != "CII"
        due = due or ZERO
    else:
        due = sums.of_category(row.category)
        absent = not bill.lines and binding.name != "CII"
    difference = abs(taxable - due)
    if absent or (difference >= _ONE if row.category in binding.slack else not adds_up(taxable, due)):
        message = f"{taxable} is taxed in category {row.category}, but the lines come to {due}"
        broken.append(Broken(f"BR-{family.name}-08", message, "BT-116"))
