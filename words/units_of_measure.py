"""Units of quantity in words: UN/ECE Recommendation 20 (units) and 21 (kinds of package, after an X).

The words are in `words/lists/units.txt` and `words/lists/packages.txt`.
"""

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from babel.core import Locale

from words.catalogue import locale_of
from words.printed_languages import words_for

_CODE: Final = re.compile(r"[A-Z0-9]{1,3}\Z")
#: Packages that bills also write without the X.
_BARE: Final = frozenset(["BA", "BG", "BO", "BX", "CA", "CR", "CS", "CT", "DR", "PA", "RO", "TU"])
_NEUTRAL: Final = "PK"  # stands for a kind of package without words of its own


@lru_cache(maxsize=4096)
def unit_word(unit: str, language: str, *, is_one: bool = False) -> str:
    """Return a unit as people write it: `kWh`, `mois`; "" for pieces and for a code without words, which is never shown
    bare. What is no code (`m²`, `par foyer`) is returned as it was written. *is_one*: the singular is wanted."""
    one, _, more = _words(unit.strip(), language).partition(", ")
    return one if is_one or not more else more


def is_singular(quantity: Decimal, language: str) -> bool:
    """Whether a unit stands in the singular after this quantity: below 2 where the language has one form for 1 and 1.5
    (CLDR; French `1,5 mois`), elsewhere after 1 only."""
    return abs(quantity) < 2 if _is_one_up_to_two(locale_of(language)) else abs(quantity) == 1


@cache
def _is_one_up_to_two(locale: str) -> bool:
    return str(Locale.parse(locale).plural_form(Decimal("1.5"))) == "one"


def _words(unit: str, language: str) -> str:
    """Return both forms, `singular, plural`, or the only one."""
    code = unit.upper()
    if (found := words_for("units", code, language)) is not None:
        return found
    if len(code) == 3 and code.startswith("X") and (found := words_for("packages", code[1:], language)) is not None:
        return found
    if code in _BARE:
        return words_for("packages", code, language) or ""
    if not _CODE.match(unit):
        return unit.replace(", ", "/")
    return words_for("packages", _NEUTRAL, language) or "" if len(unit) == 3 and unit.startswith("X") else ""
