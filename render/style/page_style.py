"""A brand prepared for drawing: its text styles, labels, number formats, fragment cache. Made once, used by every
bill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bill import Brand, Reason
from render.canvas.form_xobject import FormXObject
from render.fast_paths.fragments import FragmentCache
from render.page.line_cells import LineCells
from render.pdf.logo_image import Logo
from render.style import number_format
from render.style.brand_text_styles import TypeStyles, type_styles_of
from render.style.page_colours import BrandError
from words.bill_term_labels import TermLabels, term_labels
from words.printed_bill_labels import BillLabels, bill_labels
from words.printed_languages import PRINTED
from words.units_of_measure import unit_word


@dataclass(frozen=True, slots=True, eq=False)
class PageStyle:
    """What all sections of a page need."""

    brand: Brand
    styles: TypeStyles
    words: BillLabels
    terms: TermLabels
    language: str
    cells: LineCells
    units: Mapping[str, str]  # unit code -> the issuer's own name
    fragments: FragmentCache
    logo: Logo | None = None
    forms: Mapping[str, FormXObject] = field(default_factory=dict)  # the brand's form XObjects by name

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its currency."""
        return number_format.money(amount, currency, self.language)

    def amount(self, amount: Decimal, currency: str) -> str:
        """Return an amount without its currency."""
        return number_format.column_amount(amount, currency, self.language)

    def number(self, value: Decimal) -> str:
        """Return a number with its significant digits."""
        return number_format.number(value, self.language)

    def unit(self, code: str) -> str:
        """Return what a unit is called by itself; "" for pieces."""
        return self.units.get(code) or unit_word(code, self.language)

    def rate(self, percent: Decimal | None) -> str:
        """Return a percentage; "" for None."""
        return "" if percent is None else number_format.rate(percent, self.language)


def page_style_of(brand: Brand) -> PageStyle:
    """Prepare a brand. Raises BrandError when its language, colour or typeface cannot be used."""
    if brand.language not in PRINTED:
        raise BrandError(Reason.of("brand_language", language=brand.language, choices=list(PRINTED)))
    words, terms = bill_labels(brand.language), term_labels(brand.language)
    styles = type_styles_of(brand.colour, brand.typeface)
    units = dict(brand.unit_names)
    cells = LineCells(styles.body, brand.language, units)
    return PageStyle(brand, styles, words, terms, brand.language, cells, units, FragmentCache())
