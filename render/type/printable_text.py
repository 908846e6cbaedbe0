"""What a sender wrote, made fit for the page: one line, only characters that the type has."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_SIGNS: Final = "‐‑‒–—―‘’‚“”„†‡•…\u2009\u202f‰′″‹›⁄€™←↑→↓−≈≠≤≥₀₁₂₃₄₅₆₇₈₉№₺₽₹ẞ✓"
SUBSTITUTE: Final = "□"
#: Latin (Vietnamese too), Greek and Cyrillic, with the signs of bills: the type is cut to these.
ALPHABET: Final = frozenset(
    map(chr, {
        *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x218, 0x21C),
        0x386, *range(0x388, 0x38B), 0x38C, *range(0x38E, 0x3A2), *range(0x3A3, 0x3CF), *range(0x400, 0x460),
        *range(0x490, 0x492), *range(0x1E80, 0x1E86), *range(0x1EA0, 0x1EFA),
    })
) | frozenset(_SIGNS) | {SUBSTITUTE}  # fmt: skip

_STRANGE: Final = re.compile(f"[^{re.escape(''.join(sorted(ALPHABET)))}]")
#: Marks that steer the writing direction, join, or are not seen: they never reach the page.
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me", "Cc"})


def printable(text: str) -> str:
    """*text* in one line of printable characters that the type has.

    Another script is written in Latin letters, as its reader would spell it to a clerk (爱丽丝: AiLiSi): the page
    has no hole, and the XML inside has the characters as they were sent. What has no letters becomes a box."""
    if text.isascii() and text.isprintable():
        return text
    if _STRANGE.search(text) is None:
        return text
    return "".join(map(_nearest, unicodedata.normalize("NFC", " ".join(text.split()))))


@lru_cache(maxsize=4096)
def _nearest(character: str) -> str:
    if character in ALPHABET:
        return character
    if unicodedata.category(character) in _UNSEEN:
        return ""
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if c in ALPHABET)
    return base or anyascii(character) or SUBSTITUTE
