"""Writes XML elements as text; an element without content is left out, as the EN 16931 syntaxes require."""

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

Value = str | date | Decimal | None


def leaf(tag: str, value: Value, **attributes: str) -> str:
    """Return an element with a value; "" when the value is absent."""
    if value is None or value == "":
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"<{tag}{_spell(attributes)}>{escape(text)}</{tag}>"


def branch(tag: str, *children: str, **attributes: str) -> str:
    """Return an element with children; "" when all of them are empty."""
    inside = "".join(children)
    return f"<{tag}{_spell(attributes)}>{inside}</{tag}>" if inside else ""


def _spell(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
