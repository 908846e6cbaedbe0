"""XML, written by hand: what has nothing to say leaves no element, as EN 16931's syntaxes want it."""

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

Value = str | date | Decimal | None


def leaf(tag: str, value: Value, **attributes: str) -> str:
    """An element with a value; "" when the term is absent."""
    if value is None or value == "":
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"<{tag}{_spell(attributes)}>{escape(text)}</{tag}>"


def branch(tag: str, *children: str, **attributes: str) -> str:
    """An element around others; "" when none of them is there."""
    inside = "".join(children)
    return f"<{tag}{_spell(attributes)}>{inside}</{tag}>" if inside else ""


def _spell(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
