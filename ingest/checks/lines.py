"""The lines of a bill: what each must say."""

from bill import AllowanceCharge, Bill, Line
from ingest.checks.broken import Broken


def lines(bill: Bill, broken: list[Broken]) -> None:
    """BR-16, and for each line BR-21 to BR-28, BR-30, BR-CO-04, BR-42, BR-44."""
    if not bill.lines:
        broken.append(Broken("BR-16", "a bill must have a line", "BG-25"))
    for place, line in enumerate(bill.lines, 1):
        if not (line.id and line.unit and line.name and line.vat_category) or (
            line.quantity is None or line.net_amount is None or line.net_price is None or line.net_price < 0
        ):
            _missing(line, place, broken)
        if line.gross_price is not None and line.gross_price < 0:
            message = f"the gross price {line.gross_price} is negative"
            broken.append(Broken("BR-28", message, _at(line, place, "BT-148")))
        if line.period is not None and line.period.start and line.period.end and line.period.end < line.period.start:
            broken.append(Broken("BR-30", "the line's period ends before it begins", _at(line, place, "BT-135")))
        if line.allowances_charges:
            _reasons(line.allowances_charges, ("BR-42", "BR-44"), _at(line, place, "BG-27, BG-28"), broken)
    if bill.allowances_charges:
        _reasons(bill.allowances_charges, ("BR-33", "BR-38"), "BG-20, BG-21", broken)
        _categories(bill.allowances_charges, broken)


def _missing(line: Line, place: int, broken: list[Broken]) -> None:
    for rule, there, term, what in (
        ("BR-21", line.id, "BT-126", "an identifier"),
        ("BR-22", line.quantity is not None, "BT-129", "a quantity"),
        ("BR-23", line.unit, "BT-130", "a unit"),
        ("BR-24", line.net_amount is not None, "BT-131", "a net amount"),
        ("BR-25", line.name, "BT-153", "the name of what is sold"),
        ("BR-26", line.net_price is not None, "BT-146", "a net price"),
        ("BR-CO-04", line.vat_category, "BT-151", "a VAT category"),
    ):
        if not there:
            broken.append(Broken(rule, f"a line must have {what}", _at(line, place, term)))
    if line.net_price is not None and line.net_price < 0:
        broken.append(Broken("BR-27", f"the net price {line.net_price} is negative", _at(line, place, "BT-146")))


def _reasons(
    said: tuple[AllowanceCharge, ...], rules: tuple[str, str], place: str, broken: list[Broken]
) -> None:  # fmt: skip
    message = "an allowance or charge must have a reason"
    broken.extend(Broken(rules[one.is_charge], message, place) for one in said if not (one.reason or one.reason_code))


def _categories(said: tuple[AllowanceCharge, ...], broken: list[Broken]) -> None:
    for one in said:
        if not one.vat_category:
            rule, term = ("BR-37", "BT-102") if one.is_charge else ("BR-32", "BT-95")
            broken.append(Broken(rule, "an allowance or charge must have a VAT category", term))


def _at(line: Line, place: int, term: str) -> str:
    return f"line {place} ({line.id}), {term}" if line.id else f"line {place}, {term}"
