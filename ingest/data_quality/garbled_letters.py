"""Warns about letters that were garbled before they came here: `ZoÃ©`, or a mark in the place of a letter."""

import re

from bill import Party
from ingest.checks.broken_rule import BrokenRule

#: What UTF-8 looks like when it was read as Windows-1252 and written as UTF-8 again; and the replacement character.
_may_be_garbled = re.compile("[ÂÃÄÅâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd").search

#: What DOS code pages look like when they were read as Windows-1252: `all‚e`, `Chˆne`, `mŠre`.
_is_dos = re.compile("[A-Za-zÀ-ÿ][‚„‡ˆ‰‹]|[A-Za-zÀ-ÿ]Š[a-zà-ÿ]").search

#: What other character sets look like: a capital with an accent behind a small letter (`ZoŽ` of Macintosh, `ZoÚ` of
#: Windows-1252 read as DOS), and a fraction in a word (`c½ur` of ISO-8859-15).
_is_of_other_charset = re.compile("[a-zà-öø-ÿ][À-ÖØ-ÞŠŽŸŒ](?![A-ZÀ-Þ])|[¼½¾][A-Za-zÀ-ÿ]").search


def check_letters(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-LETTERS-GARBLED, in the buyer's name, street and town."""
    address = buyer.address
    for text in (buyer.name, address.line1, address.line2, address.line3, address.city):
        if not text.isascii() and (
            _is_dos(text)
            or _is_of_other_charset(text)
            or (_may_be_garbled(text) and any(map(_is_garbled, text.split(" "))))
        ):
            sentence = "'{text}' has letters that were garbled before they came here"
            broken.append(BrokenRule("DQ-LETTERS-GARBLED", sentence, "BG-7", {"text": text[:60]}))
            return


def _is_garbled(text: str) -> bool:
    if "\ufffd" in text:
        return True
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode() != text
        except UnicodeError:
            continue
    return False
