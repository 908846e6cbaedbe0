"""The alphabet of SMS (GSM 03.38, 3GPP TS 23.038, 6.2.1) and the segments that a text takes.

A segment holds 160 characters of this alphabet, where those of the extension table count double, or 70 of UCS-2. Of a
text in several segments each gives some away to the header that joins them (TS 23.040, 9.2.3.24.1).
"""

import unicodedata
from typing import Final

#: The basic table, in the order of its codes; ESC (1B) leads to the extension table.
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Characters of the extension table: two septets each.
EXTENSION: Final = "\f^{}\\[~]|€"
SEPTETS: Final = 160
SEPTETS_OF_PART: Final = 153
UNITS: Final = 70
UNITS_OF_PART: Final = 67

_BASIC: Final = frozenset(BASIC) - {"\x1b"}
_EXTENSION: Final = frozenset(EXTENSION)
#: What has no decomposition, or a better neighbour than its bare letter.
_NEIGHBOURS: Final = str.maketrans({
    "’": "'", "‘": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "·": "-", "×": "x", "°": "o", "œ": "oe",
    "Œ": "OE", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h",
    "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "ng", "Ŋ": "Ng", "ẞ": "SS", "`": "'", "´": "'", "\t": " ",
})  # fmt: skip


def transliterate(text: str) -> str:
    """Return the text in the alphabet of SMS as far as it can be said in it: marks that it has not are left out, typed
    signs are replaced. A character without a neighbour in it stays; soft hyphens and the like are dropped."""
    return "".join(_nearest(each) for each in unicodedata.normalize("NFC", text).translate(_NEIGHBOURS))


def _nearest(character: str) -> str:
    if is_in_alphabet(character):
        return character
    kind = unicodedata.category(character)
    if kind in {"Zs", "Zl", "Zp"}:
        return " "
    if kind in {"Cc", "Cf", "Cs", "Mn"}:
        return ""
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")
    bare = bare.translate(_NEIGHBOURS)
    return bare if bare and is_in_alphabet(bare) else character


def is_in_alphabet(text: str) -> bool:
    """Whether all of the text is in the alphabet."""
    return all(each in _BASIC or each in _EXTENSION for each in text)


def septets(text: str) -> int:
    """The septets of a text that is all in the alphabet."""
    return sum(2 if each in _EXTENSION else 1 for each in text)


def segments(text: str) -> int:
    """How many segments the text takes; 0 for an empty one. A character is never cut between two of them: neither one
    of the extension table, nor a pair of UTF-16 surrogates."""
    if is_in_alphabet(text):
        return _parts([2 if each in _EXTENSION else 1 for each in text], SEPTETS, SEPTETS_OF_PART)
    return _parts([2 if ord(each) > 0xFFFF else 1 for each in text], UNITS, UNITS_OF_PART)


def _parts(widths: list[int], alone: int, of_part: int) -> int:
    if sum(widths) <= alone:
        return 1 if widths else 0
    parts, filled = 1, 0
    for width in widths:
        if filled + width > of_part:
            parts, filled = parts + 1, 0
        filled += width
    return parts
