"""Warns about postal addresses that the post cannot read: in France NF Z10-011 (six lines of 38 characters, postcode
and town last), abroad what the country's letters need.

`bill` holds a name, three address lines and the town, so a line that is too long is folded into a free one; what does
not fit even so is told.
"""

import re
import unicodedata
from typing import Final

from bill import Party, PostalAddress, Value, are_inland, country_code, fitted_envelope_lines
from ingest.checks.broken_rule import BrokenRule

MOST_CHARACTERS: Final = 38
_NOWHERE: Final = PostalAddress()
#: Departments 01 to 95, overseas 971 to 978 and 980 to 988; 00 is the army's (post in sector).
_POSTCODE: Final = re.compile(r"(?!00000)(?:0\d|[1-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[0-8]\d{2}").fullmatch
_PUNCTUATION: Final = re.compile(r"[,.;:!?\"()_/\\]").search
#: The terms of the five lines: name, three address lines, town.
_LINE_TERMS: Final = ("BT-44", "BT-50", "BT-51", "BT-163", "BT-52")
_LEADING_POSTCODE: Final = re.compile(r"\d{5}\b").match


def check_address(buyer: Party, home_country: str, broken: list[BrokenRule]) -> None:
    """DQ-ADDRESS-STREET, -TOWN, -CUT, and for addresses in France -POSTCODE and -LENGTH. An address without a country
    is in *home_country*, the seller's. A missing address is left to BR-10."""
    at = buyer.address
    if at == _NOWHERE:
        return
    home = country_code(home_country) or "FR"
    if not (at.line1 or at.line2 or at.line3):
        broken.append(BrokenRule("DQ-ADDRESS-STREET", "the address has no street and no named place", "BT-50"))
    if are_inland(country_code(at.country) or home, "FR"):
        if not at.city or not _POSTCODE(at.postcode) or at.city[0].isdecimal():
            _town(at, broken)
        _length(buyer, broken)
    else:
        _town_abroad(at, home, broken)
    _cut(buyer, home, broken)


def check_address_spelling(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-ADDRESS-CAPITALS, -PUNCTUATION (NF Z10-011): the town is not in capitals without accents, or a line has
    punctuation; for addresses in France or without a country."""
    at = buyer.address
    if country_code(at.country) not in ("FR", ""):
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


def _town_abroad(at: PostalAddress, home: str, broken: list[BrokenRule]) -> None:
    lacking = at.lacking(home)
    if "city" in lacking:
        broken.append(BrokenRule("DQ-ADDRESS-TOWN", "the address has no town", "BT-52"))
    elif "postcode" in lacking:
        wrong = "the address has no postcode, and letters to {country} need one"
        broken.append(BrokenRule("DQ-ADDRESS-TOWN", wrong, "BT-53", {"country": country_code(at.country) or home}))


def _length(buyer: Party, broken: list[BrokenRule]) -> None:
    """Tell the first line that is too long."""
    at = buyer.address
    lines = (buyer.name, at.line1, at.line2, at.line3, f"{at.postcode} {at.city}")
    for term, line in zip(_LINE_TERMS, lines, strict=True):
        if len(line) > MOST_CHARACTERS:
            wrong = "'{line}' has {count} characters: {most} fit on a line"
            values: dict[str, Value] = {"line": line[:60], "count": len(line), "most": MOST_CHARACTERS}
            broken.append(BrokenRule("DQ-ADDRESS-LENGTH", wrong, term, values))
            break


def _cut(buyer: Party, home: str, broken: list[BrokenRule]) -> None:
    """Tell what no envelope shows. Lines that are not too long are never cut, so most addresses are not looked at."""
    at = buyer.address
    place = len(at.postcode) + len(at.city) + len(at.subdivision)
    if max(len(buyer.name), len(at.line1), len(at.line2), len(at.line3), place + 4) <= MOST_CHARACTERS:
        return
    cut = fitted_envelope_lines(buyer.name, at, home).cut
    if cut:
        wrong = "'{cut}' finds no room on the envelope and is not printed there"
        broken.append(BrokenRule("DQ-ADDRESS-CUT", wrong, "BT-44, BT-50, BT-51, BT-163", {"cut": " ".join(cut)[:100]}))
