"""Builds single elements of CII as strings: text, numbers, dates, periods, tax, allowances and charges."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bill import AllowanceCharge, Period
from export.xml_text import escaped, figures, figures_of


def leaf(tag: str, value: str | None, attribute: str = "", of: str = "") -> str:
    """Return an element with text, with an optional attribute *attribute*=*of*; "" when the value is absent."""
    if not value:
        return ""
    said = f' {attribute}="{escaped(of)}"' if of else ""
    return f"<ram:{tag}{said}>{escaped(value)}</ram:{tag}>"


#: `leaf` with a cache, for elements that are equal on many bills of an issuer.
usual_leaf: Final = lru_cache(maxsize=256)(leaf)


def number(tag: str, value: Decimal | None, attribute: str = "", of: str = "") -> str:
    """Return an element with a number, with an optional attribute *attribute*=*of*; "" when the value is absent."""
    if value is None:
        return ""
    said = f' {attribute}="{escaped(of)}"' if of else ""
    return f"<ram:{tag}{said}>{figures(value)}</ram:{tag}>"


def document(tag: str, number: str) -> str:
    """Return a referenced document under *tag*, by its number; "" without a number."""
    return branch(tag, leaf("IssuerAssignedID", number)) if number else ""


def branch(tag: str, *children: str) -> str:
    """Return an element around its children; "" when all children are empty."""
    inner = "".join(children)
    return f"<ram:{tag}>{inner}</ram:{tag}>" if inner else ""


@lru_cache(maxsize=512)
def on_day(tag: str, day: date | None, kind: str = "udt") -> str:
    """Return an element with a day in format 102 (CCYYMMDD); "" without a day. *kind* is the namespace prefix of the
    date type."""
    if day is None:
        return ""
    return f'<ram:{tag}><{kind}:DateTimeString format="102">{figures_of(day)}</{kind}:DateTimeString></ram:{tag}>'


def period_of(period: Period | None) -> str:
    """Return a BillingSpecifiedPeriod (BG-14, BG-26); "" without a period."""
    return "" if period is None else _period(period.start, period.end)


@lru_cache(maxsize=512)
def _period(start: date | None, end: date | None) -> str:
    return branch("BillingSpecifiedPeriod", on_day("StartDateTime", start), on_day("EndDateTime", end))


def percent(category: str, rate: Decimal | None) -> str:
    """Return a VAT rate for writing: "" in category O, which has no rate (BR-O-05), and "0" elsewhere when the rate is
    absent."""
    return "" if category == "O" else "0" if rate is None else figures(rate)


@lru_cache(maxsize=512)
def write_tax(category: str, rate: str, tag: str) -> str:
    """Return the VAT category and rate of a line, allowance or charge under *tag*."""
    if not category:
        return ""
    return branch(tag, "<ram:TypeCode>VAT</ram:TypeCode>", leaf("CategoryCode", category),
                   leaf("RateApplicablePercent", rate))  # fmt: skip


def charge_indicator(is_charge: bool) -> str:
    """Return the ChargeIndicator: true for a charge, false for an allowance."""
    said = "true" if is_charge else "false"
    return f"<ram:ChargeIndicator><udt:Indicator>{said}</udt:Indicator></ram:ChargeIndicator>"


def allowances_charges(changes: Iterable[AllowanceCharge]) -> str:
    """Return allowances and charges (BG-20, BG-21, BG-27, BG-28) as XML."""
    return "".join(map(_allowance_charge, changes)) if changes else ""


def _allowance_charge(change: AllowanceCharge) -> str:
    return branch(
        "SpecifiedTradeAllowanceCharge",
        charge_indicator(change.is_charge),
        number("CalculationPercent", change.percent),
        number("BasisAmount", change.base),
        number("ActualAmount", change.amount),
        leaf("ReasonCode", change.reason_code),
        leaf("Reason", change.reason),
        write_tax(change.vat_category, percent(change.vat_category, change.vat_rate), "CategoryTradeTax"),
    )
