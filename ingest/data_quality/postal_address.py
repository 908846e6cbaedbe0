"""Warns about postal addresses that the French post cannot read: NF Z10-011, six lines of 38 characters, postcode and
town last.

`bill` holds a name, three address lines and the town, so there are never more than six lines.
"""

import re
import unicodedata
from typing import Final

from bill import Party, PostalAddress, Value
from ingest.checks.broken_rule import BrokenRule

MOST_CHARACTERS: Final = 38
_NOWHERE: Final = PostalAddress()
#: Departments 01 to 95, overseas 971 to 978 and 980 to 988; 00 is the army's (post in sector).
_POSTCODE: Final = re.compile(r"(?!00000)(?:0\d|[1-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[0-8]\d{2}").fullmatch
_PUNCTUATION: Final = re.compile(r"[,.;:!?\"()_/\\]").search
#: The terms of the five lines: name, three address lines, town.
_LINE_TERMS: Final = ("BT-44", "BT-50", "BT-51", "BT-163", "BT-52")
_LEADING_POSTCODE: Final = re.compile(r"\d{5}\b").match


def check_address(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-ADDRESS-STREET, -TOWN, -POSTCODE, -LENGTH, for addresses in France. A missing address is left to BR-10."""
    at = buyer.address
    if at.country != "FR" and (at.country or at == _NOWHERE):
        return
    if not (at.line1 or at.line2 or at.line3):
        broken.append(BrokenRule("DQ-ADDRESS-STREET", "the address has no street and no named place", "BT-50"))
    if not at.city or not _POSTCODE(at.postcode) or at.city[0].isdecimal():
        _town(at, broken)
    lines = (buyer.name, at.line1, at.line2, at.line3, f"{at.postcode} {at.city}")
    for term, line in zip(_LINE_TERMS, lines, strict=True):
        if len(line) > MOST_CHARACTERS:
            wrong = "'{line}' has {count} characters: {most} fit on a line"
            values: dict[str, Value] = {"line": line[:60], "count": len(line), "most": MOST_CHARACTERS}
            broken.append(BrokenRule("DQ-ADDRESS-LENGTH", wrong, term, values))
            break


def check_address_spelling(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-ADDRESS-CAPITALS, -PUNCTUATION (NF Z10-011): the town is not in capitals without accents, or a line has
    punctuation; for addresses in France or without a country."""
    at = buyer.address
    if at.country not in ("FR", ""):
        return
    if at.city.upper() != at.city or any(map(unicodedata.combining, unicodedata.normalize("NFKD", at.city))):
        wrong = "'{town}' is to be in capitals without accents"
        broken.append(BrokenRule("DQ-ADDRESS-CAPITALS", wrong, "BT-52", {"town": at.city[:60]}))
    punctuated = next((line for line in (at.line1, at.line2, at.line3, at.city) if _PUNCTUATION(line)), "")
    if punctuated:
        wrong, terms = "the post reads no punctuation: '{line}'", "BT-50, BT-51, BT-163, BT-52"
        broken.append(BrokenRule("DQ-ADDRESS-PUNCTUATION", wrong, terms, {"line": punctuated[:60]}))


def _town(at: PostalAddress, broken: list[BrokenRule]) -> None:
    if not at.city:
        broken.append(BrokenRule("DQ-ADDRESS-TOWN", "the last line has no town: postcode, then town", "BT-52"))
    elif not at.postcode:
        broken.append(BrokenRule("DQ-ADDRESS-TOWN", "the last line has no postcode: postcode, then town", "BT-53"))
    elif _LEADING_POSTCODE(at.city):
        wrong = "'{town}' carries the postcode, which has a term of its own"
        broken.append(BrokenRule("DQ-ADDRESS-TOWN", wrong, "BT-52", {"town": at.city[:60]}))
    if at.postcode and not _POSTCODE(at.postcode):
        wrong = "'{postcode}' is no French postcode"
        broken.append(BrokenRule("DQ-ADDRESS-POSTCODE", wrong, "BT-53", {"postcode": at.postcode[:20]}))
