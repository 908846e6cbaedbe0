"""VAT categories and reasons of exemption in words (UNTDID 5305, VATEX).

The words are in `words/lists/vat-categories.txt` and `words/lists/vat-exemptions.txt`.
"""

import re
from functools import lru_cache
from typing import Final

from words.printed_languages import words_for

_CODE: Final = re.compile(r"\bVATEX-[A-Z]{2}(?:-[A-Z0-9]+)*", re.IGNORECASE)
_LEFT_OVER: Final = " \t:;,.()[]-–—|/"
#: Reasons that the law wants in words, by category (EN 16931 BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).
_OF_CATEGORY: Final = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}


def vat_category_word(category: str, language: str) -> str:
    """Return what stands beside or instead of a rate: `exonéré` for E; "" where the rate says all (S, Z)."""
    return words_for("vat-categories", category.strip().upper(), language) or ""


@lru_cache(maxsize=1024)
def exemption_reason(text: str, code: str, category: str, language: str) -> str:
    """Return why no VAT is due: the bill's *text* (BT-120), else the words of the VATEX *code* (BT-121), else what the
    law wants said of the *category*. A code inside the text is replaced by its words; a code is never returned."""
    said = _CODE.sub("", text).strip(_LEFT_OVER) if _CODE.search(text) else text.strip()
    if said:
        return said
    found = _CODE.search(text)
    for each in (
        code.strip().upper(),
        found[0].upper() if found else "",
        _OF_CATEGORY.get(category.strip().upper(), ""),
    ):
        if words := words_for("vat-exemptions", each, language):
            return words
    return ""
