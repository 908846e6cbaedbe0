"""Builds single elements of UBL as strings: text, amounts, numbers, days, VAT categories, identifiers."""

from datetime import date
from decimal import Decimal

from bill import Identifier
from export.xml_text import escaped, figures


def leaf(tag: str, value: str | None, attribute: str = "", of: str = "") -> str:
    """Return a `cbc` element with text, with an optional attribute *attribute*=*of*; "" when the value is absent."""
    if not value:
        return ""
    said = f' {attribute}="{escaped(of)}"' if of else ""
    return f"<cbc:{tag}{said}>{escaped(value)}</cbc:{tag}>"


def number(tag: str, value: Decimal | None, attribute: str = "", of: str = "") -> str:
    """Return a `cbc` element with a number; "" when the value is absent."""
    return "" if value is None else leaf(tag, figures(value), attribute, of)


def amount(tag: str, value: Decimal | None, currency: str) -> str:
    """Return a `cbc` element with an amount in its currency; "" when the value is absent."""
    return number(tag, value, "currencyID", currency)


def branch(tag: str, *children: str) -> str:
    """Return a `cac` element around its children; "" when all children are empty."""
    inner = "".join(children)
    return f"<cac:{tag}>{inner}</cac:{tag}>" if inner else ""


def on_day(tag: str, day: date | None) -> str:
    """Return a `cbc` element with a day; "" without a day."""
    return leaf(tag, None if day is None else day.isoformat())


def document(tag: str, number: str) -> str:
    """Return a referenced document under *tag*, by its number; "" without a number."""
    return branch(tag, leaf("ID", number))


def identified(tag: str, identifier: Identifier | None) -> str:
    """Return an identifier with its scheme; "" without an identifier."""
    return leaf(tag, identifier.value, "schemeID", identifier.scheme) if identifier else ""


def tax_category(tag: str, category: str, rate: Decimal | None, *exemption: str) -> str:
    """Return a VAT category with its rate, which category O has not (BR-O-05); "" without a category."""
    if not category:
        return ""
    percent = "" if category == "O" else number("Percent", Decimal(0) if rate is None else rate)
    return branch(tag, leaf("ID", category), percent, *exemption, branch("TaxScheme", leaf("ID", "VAT")))
