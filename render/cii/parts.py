"""The smallest parts of the XML: elements, days, periods, tax, allowances and charges. Text is escaped here alone."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bill import AllowanceCharge, Period

#: Characters that XML 1.0 (2.2) does not have, and those that are markup.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE: Final = re.compile(f'{_NOT_XML.pattern[:-1]}&<>"]')
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escaped(text: str) -> str:
    return _NOT_XML.sub("", text).translate(_MARKUP) if _TO_ESCAPE.search(text) else text


def leaf(tag: str, value: str | Decimal | None, attribute: str = "", of: str = "") -> str:
    """An element with text; an absent value has no element."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
    elif value:
        text = escaped(value)
    else:
        return ""
    said = f' {attribute}="{escaped(of)}"' if of else ""
    return f"<ram:{tag}{said}>{text}</ram:{tag}>"


def branch(tag: str, *children: str) -> str:
    """An element of elements; without any there is none."""
    inner = "".join(children)
    return f"<ram:{tag}>{inner}</ram:{tag}>" if inner else ""


@lru_cache(maxsize=512)
def on_day(tag: str, day: date | None, kind: str = "udt") -> str:
    if day is None:
        return ""
    return f'<ram:{tag}><{kind}:DateTimeString format="102">{figures_of(day)}</{kind}:DateTimeString></ram:{tag}>'


def figures_of(day: date) -> str:
    """UNTDID 2379, format 102: CCYYMMDD."""
    return day.isoformat().replace("-", "")


@lru_cache(maxsize=512)
def period_of(period: Period | None) -> str:
    if period is None:
        return ""
    return branch("BillingSpecifiedPeriod", on_day("StartDateTime", period.start), on_day("EndDateTime", period.end))


def tax_of(category: str, rate: Decimal | None, tag: str) -> str:
    if not category:
        return ""
    return write_tax(category, "" if category == "O" else "0" if rate is None else f"{rate:f}", tag)


@lru_cache(maxsize=512)
def write_tax(category: str, percent: str, tag: str) -> str:
    return branch(tag, "<ram:TypeCode>VAT</ram:TypeCode>", leaf("CategoryCode", category),
                   leaf("RateApplicablePercent", percent))  # fmt: skip


def charge_indicator(is_charge: bool) -> str:
    said = "true" if is_charge else "false"
    return f"<ram:ChargeIndicator><udt:Indicator>{said}</udt:Indicator></ram:ChargeIndicator>"


def write_allowance_charge(change: AllowanceCharge) -> str:
    return branch(
        "SpecifiedTradeAllowanceCharge",
        charge_indicator(change.is_charge),
        leaf("CalculationPercent", change.percent),
        leaf("BasisAmount", change.base),
        leaf("ActualAmount", change.amount),
        leaf("ReasonCode", change.reason_code),
        leaf("Reason", change.reason),
        tax_of(change.vat_category, change.vat_rate, "CategoryTradeTax"),
    )
