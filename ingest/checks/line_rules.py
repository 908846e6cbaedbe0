"""Checks the lines of a bill: mandatory terms, codes, and the sum of the lines."""

from bill import NOT_COUNTED, ZERO, Bill, Line
from ingest.checks.allowance_rules import check_line_allowances
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import (
    CLASSIFICATIONS,
    COUNTRIES,
    IDENTIFIER_SCHEMES,
    REFERENCES,
    UNITS,
    VAT_CATEGORIES,
)
from ingest.checks.computed_sums import Sums

_NO_UNIT = "'{code}' is no unit (UN/ECE Recommendations 20 and 21)"


def check_lines(bill: Bill, strict: bool, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check BR-16, and for each line BR-21 to BR-28, BR-30, BR-41 to BR-44, BR-54, BR-64, BR-65, BR-CO-04 and its
    codes; add it to *sums*.

    Group and information lines (Factur-X EXTENDED) are not checked and count in no sum (BR-FXEXT-CO-10). The official
    validation of EN 16931 does not know them, and counts them.
    """
    if not bill.lines:
        broken.append(BrokenRule("BR-16", "a bill must have a line", "BG-25"))
    total, taxed = ZERO, sums.taxed
    category, rate, subtotal = "", None, ZERO
    for place, line in enumerate(bill.lines, 1):
        net, price = line.net_amount, line.net_price
        if line.kind in NOT_COUNTED and not strict:
            continue
        if (
            net is None or price is None or line.quantity is None or price < 0
            or not (line.id and line.name and line.vat_category)
        ):  # fmt: skip
            _missing(line, place, strict, broken)
            net = net or ZERO
        if line.unit not in UNITS:
            _unit(line, place, broken)
        period = line.period
        if period is not None and period.start and period.end and period.end < period.start:
            broken.append(BrokenRule("BR-30", "the line's period ends before it begins", _at(line, place, "BT-135")))
        if (
            line.gross_price is not None or line.allowances_charges or line.attributes or line.price_base_unit
            or line.standard_item_id is not None or line.classifications or line.origin_country
            or line.object_id is not None
        ):  # fmt: skip
            _rich(line, place, broken)
        total += net
        # Lines of one category mostly stand together: the sum is stored when the category changes.
        if line.vat_category != category or line.vat_rate != rate:
            taxed[category, rate] = taxed.get((category, rate), ZERO) + subtotal
            category, rate, subtotal = line.vat_category, line.vat_rate, ZERO
            _category(line, place, broken)
        subtotal += net
    taxed[category, rate] = taxed.get((category, rate), ZERO) + subtotal
    del taxed["", None]
    sums.lines = total
    sums.of_lines = {category for category, _ in taxed}


def _missing(line: Line, place: int, strict: bool, broken: list[BrokenRule]) -> None:
    for rule, there, term, wrong in (
        ("BR-21", line.id, "BT-126", "a line must have an identifier"),
        ("BR-22", line.quantity is not None, "BT-129", "a line must have a quantity"),
        ("BR-24", line.net_amount is not None, "BT-131", "a line must have a net amount"),
        ("BR-25", line.name, "BT-153", "a line must have the name of what is sold"),
        ("BR-26", line.net_price is not None, "BT-146", "a line must have a net price"),
        ("BR-CO-04", line.vat_category, "BT-151", "a line must have a VAT category"),
    ):
        if not there:
            broken.append(BrokenRule(rule, wrong, _at(line, place, term)))
    if line.net_price is not None and line.net_price < 0:
        wrong = "the net price {price} is negative"
        broken.append(BrokenRule("BR-27", wrong, _at(line, place, "BT-146"), {"price": line.net_price}))
    elif line.net_price is None and strict:
        broken.append(BrokenRule("BR-27", "there is no net price of at least 0", _at(line, place, "BT-146")))


def _category(line: Line, place: int, broken: list[BrokenRule]) -> None:
    if line.vat_category and line.vat_category not in VAT_CATEGORIES:
        wrong = "'{code}' is no category of VAT (UNTDID 5305)"
        broken.append(BrokenRule("BR-CL-18", wrong, _at(line, place, "BT-151"), {"code": line.vat_category[:40]}))


def _unit(line: Line, place: int, broken: list[BrokenRule]) -> None:
    if line.unit:
        broken.append(BrokenRule("BR-CL-23", _NO_UNIT, _at(line, place, "BT-130"), {"code": line.unit[:40]}))
    else:
        broken.append(BrokenRule("BR-23", "a line must have a unit", _at(line, place, "BT-130")))


def _rich(line: Line, place: int, broken: list[BrokenRule]) -> None:
    """Check the optional terms of a line: gross price, allowances and charges, price unit, item identifiers and
    attributes."""
    if line.gross_price is not None and line.gross_price < 0:
        wrong = "the gross price {price} is negative"
        broken.append(BrokenRule("BR-28", wrong, _at(line, place, "BT-148"), {"price": line.gross_price}))
    if line.allowances_charges:
        check_line_allowances(line, _at(line, place, ""), broken)
    if line.price_base_unit and line.price_base_unit not in UNITS:
        broken.append(BrokenRule("BR-CL-23", _NO_UNIT, _at(line, place, "BT-150"), {"code": line.price_base_unit[:40]}))
    if line.attributes or line.standard_item_id is not None or line.classifications or line.origin_country:
        _item(line, place, broken)
    if line.object_id is not None and line.object_id.scheme and line.object_id.scheme not in REFERENCES:
        wrong = "'{code}' is no kind of reference (UNTDID 1153)"
        broken.append(BrokenRule("BR-CL-07", wrong, _at(line, place, "BT-128"), {"code": line.object_id.scheme[:40]}))


def _item(line: Line, place: int, broken: list[BrokenRule]) -> None:
    if any(not (one.name and one.value) for one in line.attributes):
        wrong = "an attribute of an item must have a name and a value"
        broken.append(BrokenRule("BR-54", wrong, _at(line, place, "BT-160, BT-161")))
    if line.origin_country and line.origin_country not in COUNTRIES:
        wrong = "'{code}' is no country (ISO 3166-1)"
        broken.append(BrokenRule("BR-CL-15", wrong, _at(line, place, "BT-159"), {"code": line.origin_country[:40]}))
    identifier = line.standard_item_id
    if identifier is not None and identifier.scheme not in IDENTIFIER_SCHEMES:
        rule, wrong = "BR-CL-21", "'{code}' is no scheme of identifiers (ISO/IEC 6523)"
        if not identifier.scheme:
            rule, wrong = "BR-64", "an item's standard identifier must name its scheme"
        broken.append(BrokenRule(rule, wrong, _at(line, place, "BT-157"), {"code": identifier.scheme[:40]}))
    for one in line.classifications:
        if one.scheme not in CLASSIFICATIONS:
            rule, wrong = "BR-CL-13", "'{code}' is no scheme of classification (UNTDID 7143)"
            if not one.scheme:
                rule, wrong = "BR-65", "an item's classification must name its scheme"
            broken.append(BrokenRule(rule, wrong, _at(line, place, "BT-158"), {"code": one.scheme[:40]}))


def _at(line: Line, place: int, term: str) -> str:
    where = f"line {place} ({line.id})" if line.id else f"line {place}"
    return f"{where}, {term}" if term else where
