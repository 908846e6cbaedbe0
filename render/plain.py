"""What a sender wrote, made fit for the page: one line, only characters that the type has."""

import re
import unicodedata
from typing import Final

_SIGNS: Final = "‐‑‒–—―‘’‚“”„†‡•…\u2009\u202f‰′″‹›⁄€™←↑→↓−≈≠≤≥₀₁₂₃₄₅₆₇₈₉№₺₽₹ẞ✓"
SUBSTITUTE: Final = "□"
#: Latin, Greek and Cyrillic as Europe writes them, with the signs of bills: the type is cut to these.
ALPHABET: Final = frozenset(
    map(chr, {
        *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), *range(0x218, 0x21C), *range(0x386, 0x387),
        *range(0x388, 0x38B), 0x38C, *range(0x38E, 0x3A2), *range(0x3A3, 0x3CF), *range(0x400, 0x460),
        *range(0x490, 0x492), *range(0x1E80, 0x1E86),
    })
) | frozenset(_SIGNS) | {SUBSTITUTE}  # fmt: skip

_STRANGE: Final = re.compile(f"[^{re.escape(''.join(sorted(ALPHABET)))}]")
#: Marks that steer the writing direction, join, or are not seen: they never reach the page.
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me", "Cc"})


def plain(text: str) -> str:
    """*text* in one line of printable characters; what the type lacks becomes its base letter or a box."""
    if text.isascii() and text.isprintable():
        return text
    if _STRANGE.search(text) is None:
        return text
    return "".join(map(_nearest, unicodedata.normalize("NFC", " ".join(text.split()))))


def _nearest(character: str) -> str:
    if character in ALPHABET:
        return character
    if unicodedata.category(character) in _UNSEEN:
        return ""
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if c in ALPHABET)
    return base or SUBSTITUTE
