"""How a language writes numbers, percentages and amounts of money (CLDR)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel.core import Locale

from words.catalogue import locale_of

#: Stands for a currency's sign in CLDR's patterns.
CURRENCY: Final = "¤"


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The signs of one language.

    *separators* are those of thousands and decimals, for `str.translate` of digits with the English ones. *percent* is
    what stands behind a share, with the space before it. *before* and *behind* are what stands around a positive and
    around a negative amount of money, with ¤ in place of the currency's sign.
    """

    separators: Mapping[int, str]
    decimal: str
    percent: str
    before: tuple[str, str]
    behind: tuple[str, str]


@cache
def number_form(language: str) -> NumberForm:
    """Return the form of a language; French for one that bills are not printed in."""
    locale = Locale.parse(locale_of(language))
    symbols, money = locale.number_symbols["latn"], locale.currency_formats["standard"]
    group, decimal = symbols["group"], symbols["decimal"]
    return NumberForm(
        separators={ord(","): group, ord("."): decimal},
        decimal=decimal,
        percent=locale.percent_formats[None].suffix[0],
        before=money.prefix,
        behind=money.suffix,
    )
