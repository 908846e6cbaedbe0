"""A brand as the page needs it: its styles, words and how things are written. Made once, read by every bill."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from bill import Brand
from render import figures
from render.colour import BrandError
from render.form import Form
from render.logo import Logo
from render.manner import Manner, manner_of
from render.plain import plain
from render.words import LANGUAGES, Words


class Look(NamedTuple):
    """What the parts of a page have in common."""

    brand: Brand
    manner: Manner
    words: Words
    language: str
    units: dict[str, str]
    logo: Logo | None = None
    forms: Mapping[str, Form] = MappingProxyType({})  # the brand's drawings, by their names

    def money(self, amount: Decimal, currency: str) -> str:
        return figures.money(amount, currency, self.language)

    def amount(self, amount: Decimal, currency: str) -> str:
        return figures.column_amount(amount, currency, self.language)

    def number(self, value: Decimal) -> str:
        return figures.number(value, self.language)

    def rate(self, percent: Decimal | None) -> str:
        return "" if percent is None else f"{self.number(percent)}\N{NO-BREAK SPACE}%"

    def quantity(self, value: Decimal, unit: str) -> str:
        """`302,5 kWh`; a unit that has no name here keeps its code."""
        name = self.units.get(unit, unit)
        return f"{self.number(value)}\N{NO-BREAK SPACE}{plain(name)}" if name else self.number(value)


def look_of(brand: Brand) -> Look:
    """Raises BrandError when the brand's language or colour cannot be used."""
    if brand.language not in LANGUAGES:
        raise BrandError(f"language {brand.language!r}: choose one of {', '.join(LANGUAGES)}")
    words = LANGUAGES[brand.language]
    return Look(brand, manner_of(brand.colour), words, brand.language, words.units | dict(brand.unit_names))
