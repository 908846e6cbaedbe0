"""A brand as the page needs it: its styles, words and how things are written. Made once, read by every bill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bill import Brand
from render import figures
from render.cells import Cells
from render.colour import BrandError
from render.draft import Blanks
from render.form import Form
from render.logo import Logo
from render.manner import Manner, manner_of
from render.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the parts of a page have in common."""

    brand: Brand
    manner: Manner
    words: Words
    language: str
    cells: Cells
    units: Mapping[str, str]  # how unit codes are written
    blanks: Blanks
    logo: Logo | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)  # the brand's drawings, by their names

    def money(self, amount: Decimal, currency: str) -> str:
        return figures.money(amount, currency, self.language)

    def amount(self, amount: Decimal, currency: str) -> str:
        return figures.column_amount(amount, currency, self.language)

    def number(self, value: Decimal) -> str:
        return figures.number(value, self.language)

    def rate(self, percent: Decimal | None) -> str:
        return "" if percent is None else figures.rate(percent, self.language)


def look_of(brand: Brand) -> Look:
    """Raises BrandError when the brand's language, colour or type cannot be used."""
    if brand.language not in LANGUAGES:
        raise BrandError(f"language {brand.language!r}: choose one of {', '.join(LANGUAGES)}")
    words = LANGUAGES[brand.language]
    manner = manner_of(brand.colour, brand.typeface)
    units = words.units | dict(brand.unit_names)
    cells = Cells(manner.body, brand.language, units, words.units | words.one | dict(brand.unit_names))
    return Look(brand, manner, words, brand.language, cells, units, Blanks())
