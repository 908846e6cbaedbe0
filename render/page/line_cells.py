"""The names and figures of a bill's lines, set in their columns.

A cell is the operators that draw it, from its row's origin and back to it. So it depends on what it says alone, and
most of what a bill says in its columns another one said before: a name, a rate, a price, an amount are set once.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from bill import LinePart
from render.canvas.page_geometry import LEFT, RIGHT, mm
from render.style import number_format
from render.style.stylesheet import ROW
from render.type.line_breaking import wrap
from render.type.printable_text import printable
from render.type.text_style import TextStyle

#: The right edge of each column, and the room for a figure to its left.
QUANTITY: Final = (mm(124), mm(23))
PRICE: Final = (mm(150), mm(23))
RATE: Final = (mm(164), mm(12))
AMOUNT: Final = (RIGHT, mm(25))

NAME_WIDTH: Final = mm(80)
#: Below a row's last line.
BELOW_ROW: Final = mm(0.8)
#: The XML has a sender's words whole; the page shows this many lines of them.
_MOST_NAME_LINES: Final = 4

_REMEMBERED: Final = 4096


class Name(NamedTuple):
    """A row's name: how high the row is with it, and its operators."""

    height: int
    shown: str


class LineCells:
    """Cells in one style and language. What nothing is said of has no operators.

    *units* are the names of units, and *ones* those of a single one. Numbers are remembered by their
    digits: 20 and 20.00 are equal, and different figures."""

    def __init__(self, manner: TextStyle, language: str, units: Mapping[str, str], ones: Mapping[str, str]) -> None:
        self._manner, self._language, self._units, self._ones = manner, language, units, ones
        #: The name that a text makes.
        self.name: Callable[[str], Name] = lru_cache(_REMEMBERED)(self._set_name)
        self._quantity = lru_cache(_REMEMBERED)(self._set_quantity)
        self._price = lru_cache(_REMEMBERED)(self._set_price)
        self._rate = lru_cache(_REMEMBERED)(self._set_rate)
        self._amount = lru_cache(_REMEMBERED)(self._set_amount)

    def of(self, line: LinePart, currency: str) -> tuple[str, str, str, str]:
        """A line's quantity, its price and for how many units that is, its rate, its amount."""
        quantity, price, base, rate = line.quantity, line.net_price, line.price_base, line.vat_rate
        return (
            "" if quantity is None else self._quantity(str(quantity), line.unit),
            "" if price is None else self._price(str(price), currency, "" if base is None else str(base)),
            "" if rate is None else self._rate(str(rate)),
            self.amount(line.net_amount, currency),
        )

    def rate(self, percent: Decimal | None) -> str:
        return "" if percent is None else self._rate(str(percent))

    def amount(self, value: Decimal | None, currency: str) -> str:
        return "" if value is None else self._amount(str(value), currency)

    def _set_name(self, text: str) -> Name:
        lines = wrap(printable(text), self._manner, NAME_WIDTH, _MOST_NAME_LINES) or [""]
        shown = f" 0 {-ROW} Td".join(map(self._manner.shown, lines))
        back = f" 0 {(len(lines) - 1) * ROW} Td" if len(lines) > 1 else ""
        return Name(len(lines) * ROW + BELOW_ROW, f"{shown}{back}")

    def _set_quantity(self, digits: str, unit: str) -> str:
        value = Decimal(digits)
        units = self._ones if value == 1 else self._units
        return self._set(number_format.quantity(value, unit, units, self._language), QUANTITY)

    def _set_price(self, digits: str, currency: str, base: str) -> str:
        text = number_format.column_amount(Decimal(digits), currency, self._language)
        if base and Decimal(base) != 1:
            text = f"{text} / {number_format.number(Decimal(base), self._language)}"
        return self._set(text, PRICE)

    def _set_rate(self, digits: str) -> str:
        return self._set(number_format.rate(Decimal(digits), self._language), RATE)

    def _set_amount(self, digits: str, currency: str) -> str:
        return self._set(number_format.column_amount(Decimal(digits), currency, self._language), AMOUNT)

    def _set(self, text: str, column: tuple[int, int]) -> str:
        return self._manner.column(column[0] - LEFT, column[1])(text)
