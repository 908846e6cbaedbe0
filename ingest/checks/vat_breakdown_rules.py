"""Checks the VAT breakdown: each row by itself (BR-45 to BR-48, BR-CO-17), and against the amounts it taxes (BR-S-08,
BR-Z-08, …)."""

from decimal import Decimal
from typing import Final

from bill import ZERO, Bill, Value, VatBreakdown
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import EXEMPTION_REASONS, VAT_CATEGORIES
from ingest.checks.computed_sums import Sums, adds_up, cents
from ingest.checks.ubl_cii_differences import Binding
from ingest.checks.vat_category_rules import FAMILIES, VatCategoryRules, check_vat_categories

_ONE: Final = Decimal(1)
_HALF: Final = Decimal("0.5")
_HUNDRED: Final = Decimal(100)
_UNEXPLAINED: Final = "VAT category {category} does not say why there is no tax"
_OVEREXPLAINED: Final = "VAT category {category} says why it is exempt, and is not"


def check_vat_breakdown(bill: Bill, binding: Binding, strict: bool, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check BR-45 to BR-48, BR-CO-17, BR-CL-17, BR-CL-18, BR-CL-22, the rules -08, -09 and -10 of each VAT category,
    then the categories as a whole."""
    for row in bill.vat:
        if row.taxable is None or row.vat is None or not row.category or row.rate is None:
            _missing(row, strict, binding, broken)
        family = FAMILIES.get(row.category)
        tax_differs = row.vat is not None and row.taxable is not None and _is_taxed_wrong(row, binding, broken)
        if family is None:
            if row.category and row.category not in VAT_CATEGORIES:
                wrong = "'{code}' is no category of VAT (UNTDID 5305)"
                broken.append(BrokenRule(binding.breakdown_category, wrong, "BT-118", {"code": row.category[:40]}))
        else:
            _of_family(row, family, tax_differs, bill, binding, sums, broken)
        if row.exemption_code and row.exemption_code.upper() not in EXEMPTION_REASONS:
            wrong = "'{code}' is no reason of an exemption (CEF VATEX)"
            broken.append(BrokenRule("BR-CL-22", wrong, "BT-121", {"code": row.exemption_code[:40]}))
    check_vat_categories(bill, binding, sums, broken)


def _missing(row: VatBreakdown, strict: bool, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check the mandatory terms of a row; where *strict*, an absent term also breaks the product and the sum."""
    family = FAMILIES.get(row.category)
    if strict and (row.taxable is None or row.vat is None):
        wrong = "an amount that is absent is no product and no sum"
        broken.append(BrokenRule("BR-CO-17", wrong, "BT-116, BT-117"))
        if family is not None and row.category not in binding.untaxed and (family.has_rate or row.vat is None):
            broken.append(BrokenRule(f"BR-{family.name}-09", wrong, "BT-117"))
        if family is not None and row.category not in binding.unsummed and row.taxable is None:
            broken.append(BrokenRule(f"BR-{family.name}-08", wrong, "BT-116"))
    for rule, missing, term, wrong in (
        ("BR-45", row.taxable is None, "BT-116", "a VAT breakdown must have a taxable amount"),
        ("BR-46", row.vat is None, "BT-117", "a VAT breakdown must have an amount of tax"),
        ("BR-47", not row.category, "BT-118", "a VAT breakdown must have a category"),
        ("BR-48", row.rate is None and row.category != "O", "BT-119", "a VAT breakdown must have a rate"),
    ):
        if missing:
            broken.append(BrokenRule(rule, wrong, term))


def _is_taxed_wrong(row: VatBreakdown, binding: Binding, broken: list[BrokenRule]) -> bool:
    """Check BR-CO-17. The VAT may be off by less than one unit; a rate that is zero, or rounds to zero, gives no
    VAT."""
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
        if rate is None:
            said, values = "VAT is {vat}, and there is no rate", {"vat": row.vat}
        else:
            said = "VAT is {vat}, but {rate} % of {taxable} is {due}"
            values = {"vat": row.vat, "rate": rate, "taxable": row.taxable, "due": due}
        broken.append(BrokenRule("BR-CO-17", said, "BT-117", values))
    return wrong


def _not_the_rate(row: VatBreakdown, family: VatCategoryRules, broken: list[BrokenRule]) -> None:
    assert row.vat is not None
    assert row.taxable is not None
    wrong, values = "VAT is {vat}, and there is no rate", {"vat": row.vat}
    if row.rate is not None:
        wrong = "VAT is {vat}, which is not {rate} % of {taxable}"
        values |= {"rate": row.rate, "taxable": row.taxable}
    broken.append(BrokenRule(f"BR-{family.name}-09", wrong, "BT-117", values))


#: In CII a difference of exactly one still passes.
_TINY: Final = Decimal("0.001")


def _of_family(
    row: VatBreakdown,
    family: VatCategoryRules,
    tax_differs: bool,
    bill: Bill,
    binding: Binding,
    sums: Sums,
    broken: list[BrokenRule],
) -> None:
    if row.vat is not None and row.category not in binding.untaxed:
        if family.has_rate:
            if tax_differs:
                _not_the_rate(row, family, broken)
        elif row.vat:
            wrong, values = "VAT is {vat}, and there is none in category {category}", {"category": row.category}
            broken.append(BrokenRule(f"BR-{family.name}-09", wrong, "BT-117", {"vat": row.vat, **values}))
    if family.name != "B" and bool(row.exemption_reason or row.exemption_code) != family.says_why:
        wrong = _UNEXPLAINED if family.says_why else _OVEREXPLAINED
        broken.append(BrokenRule(f"BR-{family.name}-10", wrong, "BT-120, BT-121", {"category": row.category}))
    if row.taxable is not None and row.category not in binding.unsummed:
        _taxable(row, row.taxable, family, bill, binding, sums, broken)


def _taxable(
    row: VatBreakdown,
    taxable: Decimal,
    family: VatCategoryRules,
    bill: Bill,
    binding: Binding,
    sums: Sums,
    broken: list[BrokenRule],
) -> None:
    """Check -08 of the category: the taxable amount equals the lines, allowances and charges of the category."""
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
        wrong = "{taxable} is taxed in category {category}, but the lines come to {due}"
        values: dict[str, Value] = {"taxable": taxable, "category": row.category, "due": due}
        broken.append(BrokenRule(f"BR-{family.name}-08", wrong, "BT-116", values))
