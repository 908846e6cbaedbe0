"""Converts a sender's text into printable text: one line, only characters that our fonts have."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_SIGNS: Final = "‐‑‒–—―‘’‚“”„†‡•…\u2009\u202f‰′″‹›⁄€™←↑→↓−≈≠≤≥₀₁₂₃₄₅₆₇₈₉№₺₽₹ẞ✓"
SUBSTITUTE: Final = "□"
#: The characters of our font subsets: Latin (with Vietnamese), Greek, Cyrillic, and the signs used on bills.
ALPHABET: Final = frozenset(
    map(chr, {
        *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x218, 0x21C),
        0x386, *range(0x388, 0x38B), 0x38C, *range(0x38E, 0x3A2), *range(0x3A3, 0x3CF), *range(0x400, 0x460),
        *range(0x490, 0x492), *range(0x1E80, 0x1E86), *range(0x1EA0, 0x1EFA),
    })
) | frozenset(_SIGNS) | {SUBSTITUTE}  # fmt: skip

_STRANGE: Final = re.compile(f"[^{re.escape(''.join(sorted(ALPHABET)))}]")
#: Letters that the transliteration has no sound for, because it depends on their neighbours: alef, its lengthening, and
#: the long vowel of Japanese.
_SOUNDS: Final = {"ا": "a", "ـ": "", "ー": "", "ｰ": ""}
#: Unicode categories that are dropped: invisible, joining and direction marks.
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me", "Cc"})


def printable(text: str) -> str:
    """Return *text* as one line of characters that the fonts have.

    Other scripts are transliterated into Latin letters (爱丽丝: AiLiSi), so that the page has no holes; the embedded
    XML keeps the original. Emoji are left out; another character without a transliteration becomes a box.
    """
    if text.isascii() and text.isprintable():
        return text
    if _STRANGE.search(text) is None:
        return text
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join("".join(map(_nearest, line)).split())


@lru_cache(maxsize=4096)
def _nearest(character: str) -> str:
    if character in ALPHABET:
        return character
    if unicodedata.category(character) in _UNSEEN:
        return ""
    if character in _SOUNDS:
        return _SOUNDS[character]
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if c in ALPHABET)
    if base:
        return base
    latin = anyascii(character)
    return "" if latin[:1] == latin[-1:] == ":" else latin or SUBSTITUTE  # an emoji has a name, but no sound
