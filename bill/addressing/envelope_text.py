"""Text that an envelope can bear: letters, figures and punctuation, without symbols and emoji."""

import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

#: The scripts that our fonts have: Latin with all its accents, Greek, Cyrillic.
_LAST_LATIN: Final = 0x24F
_GREEK_AND_CYRILLIC: Final = range(0x370, 0x530)
_MORE_LATIN: Final = range(0x1E00, 0x1F00)
#: Symbols, private and unassigned characters, marks that only another script draws.
_SOUNDLESS: Final = frozenset({"So", "Sk", "Cn", "Co", "Cs", "Cc", "Cf"})


def envelope_text(text: str) -> str:
    """Return *text* as one line of letters, figures and punctuation: accents stay, other scripts are written in Latin
    letters, emoji and other signs are left out."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    kept = "".join(map(_spoken, unicodedata.normalize("NFC", line)))
    return " ".join(kept.split())


def is_said(text: str) -> bool:
    """Whether anything of *text* is read on an envelope: neither `-` nor an emoji is."""
    return any(character.isalnum() for character in envelope_text(text))


def without_punctuation(text: str) -> str:
    """Return a line without punctuation, as the French post wants it (NF Z10-011): L’Été, 12 → L ÉTÉ 12."""
    kept = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in text)
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def _spoken(character: str) -> str:
    code = ord(character)
    if code <= _LAST_LATIN:
        return character if character.isprintable() else ""
    if code in _GREEK_AND_CYRILLIC or code in _MORE_LATIN:
        return character
    if unicodedata.category(character) in _SOUNDLESS and character != "№":
        return ""
    return anyascii(character)
