"""Typesets and caches the cells of the line table: names, quantities, prices, VAT rates, amounts.

A cell is the operators that draw it from its row's origin and return there. It depends on its text alone, and bills of
one issuer repeat most texts, so each is typeset once.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from bill import LinePart
from render.canvas.page_geometry import LEFT, RIGHT, mm
from render.style import number_format
from render.style.brand_text_styles import ROW
from render.type.line_breaking import paragraphs
from render.type.typesetting import TextStyle

#: (right edge, width) of each column.
QUANTITY: Final = (mm(124), mm(23))
PRICE: Final = (mm(150), mm(23))
RATE: Final = (mm(164), mm(12))
AMOUNT: Final = (RIGHT, mm(25))

#: A quantity or a price that must be set narrower than this has no cell: it is told in words below the line's name.
_NARROWEST: Final = 0.7

#: Categories of VAT without a rate (UNTDID 5305): exempt, reverse charge, intra-Community, export, not subject.
NO_RATE: Final = frozenset({"E", "AE", "K", "G", "O"})

NAME_WIDTH: Final = mm(80)
#: Space below a row's last line.
BELOW_ROW: Final = mm(0.5)
#: A row has this many lines of a name; a longer name goes on in rows of its own.
_MOST_NAME_LINES: Final = 6

_REMEMBERED: Final = 4096


class Name(NamedTuple):
    """A typeset name: the height of its row in drawing units, its operators, and the lines that did not fit into the
    row."""

    height: int
    shown: str
    rest: Sequence[str] = ()


class LineCells:
    """The cells of one text style and language. An absent value gives no operators ("").

    *units* are the issuer's own names of units. Numbers are cached by their digits: 20 and 20.00
    are equal numbers but different texts.
    """

    def __init__(self, style: TextStyle, language: str, units: Mapping[str, str]) -> None:
        self._style, self._language, self._units = style, language, units
        #: Typeset a name.
        self.name: Callable[[str], Name] = lru_cache(_REMEMBERED)(self._set_name)
        self._quantity = lru_cache(_REMEMBERED)(self._set_quantity)
        self._price = lru_cache(_REMEMBERED)(self._set_price)
        self._rate = lru_cache(_REMEMBERED)(self._set_rate)
        self._amount = lru_cache(_REMEMBERED)(self._set_amount)

    def of(self, line: LinePart, currency: str) -> tuple[str, str, str, str]:
        """Return a line's cells: quantity, price with its base quantity, VAT rate, amount."""
        quantity, price, base, rate = line.quantity, line.net_price, line.price_base, line.vat_rate
        amount = line.net_amount
        return (
            "" if quantity is None else self._quantity(str(quantity), line.unit),
            "" if price is None else self._price(str(price), currency, "" if base is None else str(base)),
            "" if rate is None else self._rate(str(rate), line.vat_category),
            "" if amount is None else self._amount(str(amount), currency),
        )

    def too_wide(self, line: LinePart, currency: str) -> tuple[str, str]:
        """Return the quantity and the price, with its base quantity, that have no cell because they are too wide for
        it; "" for one that has."""
        price = "" if line.net_price is None else self._spell_price(line.net_price, currency, line.price_base)
        quantity = "" if line.quantity is None else self._spell_quantity(line.quantity, line.unit)
        return ("" if self._has_room(quantity, QUANTITY) else quantity, "" if self._has_room(price, PRICE) else price)

    def rate(self, percent: Decimal | None, category: str) -> str:
        """Return the cell of a VAT rate. A dash stands for the 0 of a category that has no rate."""
        return "" if percent is None else self._rate(str(percent), category)

    def amount(self, value: Decimal | None, currency: str) -> str:
        """Return the cell of an amount."""
        return "" if value is None else self._amount(str(value), currency)

    def _set_name(self, text: str) -> Name:
        name = text.lstrip(number_format.NBSP)
        inset = text[: len(text) - len(name)]
        width = NAME_WIDTH - self._style.width(inset)
        lines = [f"{inset}{line}" for line in paragraphs(name, self._style, width)] or [""]
        first, rest = lines[:_MOST_NAME_LINES], lines[_MOST_NAME_LINES:]
        return Name(len(first) * ROW + BELOW_ROW, shown_lines(first, self._style, ROW), rest)

    def _set_quantity(self, digits: str, unit: str) -> str:
        text = self._spell_quantity(Decimal(digits), unit)
        return self._set(text, QUANTITY) if self._has_room(text, QUANTITY) else ""

    def _set_price(self, digits: str, currency: str, base: str) -> str:
        text = self._spell_price(Decimal(digits), currency, Decimal(base) if base else None)
        return self._set(text, PRICE) if self._has_room(text, PRICE) else ""

    def _spell_quantity(self, value: Decimal, unit: str) -> str:
        return number_format.quantity(value, unit, self._units, self._language)

    def _spell_price(self, value: Decimal, currency: str, base: Decimal | None) -> str:
        text = number_format.column_amount(value, currency, self._language)
        if base is None or base == 1:
            return text
        return f"{text} / {number_format.number(base, self._language)}"

    def _has_room(self, text: str, column: tuple[int, int]) -> bool:
        return self._style.width(text) * _NARROWEST <= column[1]

    def _set_rate(self, digits: str, category: str) -> str:
        percent = Decimal(digits)
        is_none = category in NO_RATE and not percent
        return self._set("–" if is_none else number_format.rate(percent, self._language), RATE)

    def _set_amount(self, digits: str, currency: str) -> str:
        return self._set(number_format.column_amount(Decimal(digits), currency, self._language), AMOUNT)

    def _set(self, text: str, column: tuple[int, int]) -> str:
        return self._style.column(column[0] - LEFT, column[1])(text)


def shown_lines(lines: Sequence[str], style: TextStyle, step: int) -> str:
    """Return the operators that draw *lines* below each other, each *step* further down, and return to the first."""
    shown = f" 0 {-step} Td".join(map(style.shown, lines))
    return f"{shown} 0 {(len(lines) - 1) * step} Td" if len(lines) > 1 else shown
