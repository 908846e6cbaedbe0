"""Checks allowances and charges of the bill (BG-20, BG-21) and of a line (BG-27, BG-28)."""

from bill import ZERO, AllowanceCharge, Bill, Line
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import ALLOWANCE_REASONS, CHARGE_REASONS, VAT_CATEGORIES
from ingest.checks.computed_sums import Sums, places

_NO_ALLOWANCE_REASON = "'{code}' is no reason of an allowance (UNTDID 5189)"
_NO_CHARGE_REASON = "'{code}' is no reason of a charge (UNTDID 7161)"


def check_allowances(bill: Bill, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check BR-32, BR-33, BR-37, BR-38, BR-CO-21, BR-CO-22, BR-DEC-01 to -06 and the codes of the bill's allowances and
    charges; add their amounts to *sums*."""
    taxed = sums.taxed
    for one in bill.allowances_charges:
        key = one.vat_category, one.vat_rate
        if one.is_charge:
            sums.charges += one.amount
            sums.of_charges.add(one.vat_category)
            taxed[key] = taxed.get(key, ZERO) + one.amount
            _one(one, "BG-21", ("BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06"), broken)
        else:
            sums.allowances += one.amount
            sums.of_allowances.add(one.vat_category)
            taxed[key] = taxed.get(key, ZERO) - one.amount
            _one(one, "BG-20", ("BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02"), broken)
        _category(one, broken)


def check_line_allowances(line: Line, place: str, broken: list[BrokenRule]) -> None:
    """Check BR-42, BR-44, BR-CO-23, BR-CO-24, BR-DEC-24 to -28 and the codes of a line's allowances and charges."""
    for one in line.allowances_charges:
        if one.is_charge:
            _one(one, f"{place}, BG-28", ("BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28"), broken)
        else:
            _one(one, f"{place}, BG-27", ("BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25"), broken)


def _one(one: AllowanceCharge, place: str, rules: tuple[str, str, str, str], broken: list[BrokenRule]) -> None:
    if not (one.reason or one.reason_code):
        wrong = "an allowance or charge must have a reason"
        broken.extend(BrokenRule(rule, wrong, place) for rule in rules[:2])
    code = one.reason_code
    if code and code not in (CHARGE_REASONS if one.is_charge else ALLOWANCE_REASONS):
        rule = "BR-CL-20" if one.is_charge else "BR-CL-19"
        wrong = _NO_CHARGE_REASON if one.is_charge else _NO_ALLOWANCE_REASON
        broken.append(BrokenRule(rule, wrong, place, {"code": code[:40]}))
    for rule, amount in ((rules[2], one.amount), (rules[3], one.base)):
        if amount is not None and places(amount) > 2:
            broken.append(BrokenRule(rule, "{amount} has more than two decimals", place, {"amount": amount}))


def _category(one: AllowanceCharge, broken: list[BrokenRule]) -> None:
    rule, term = ("BR-37", "BT-102") if one.is_charge else ("BR-32", "BT-95")
    if not one.vat_category:
        broken.append(BrokenRule(rule, "an allowance or charge must have a VAT category", term))
    elif one.vat_category not in VAT_CATEGORIES:
        wrong, said = "'{code}' is no category of VAT (UNTDID 5305)", one.vat_category[:40]
        broken.append(BrokenRule("BR-CL-17", wrong, term, {"code": said}))
