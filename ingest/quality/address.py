"""The buyer's address as the French post reads it: NF Z10-011, six lines of 38 characters, postcode and town last.

The noun holds a name, three lines and the town's, so that there are never more than six lines.
"""

import re
import unicodedata
from typing import Final

from bill import Party, PostalAddress
from ingest.checks.broken import Broken

MOST_CHARACTERS: Final = 38
_NOWHERE: Final = PostalAddress()
#: Departments 01 to 95, overseas 971 to 978 and 980 to 988; 00 is the army's (post in sector).
_POSTCODE: Final = re.compile(r"(?!00000)(?:0\d|[1-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[0-8]\d{2}").fullmatch
_PUNCTUATION: Final = re.compile(r"[,.;:!?\"()_/\\]").search
#: Whose terms the lines are: the name, the address's three, the town.
_LINE_TERMS: Final = ("BT-44", "BT-50", "BT-51", "BT-163", "BT-52")
_LEADING_POSTCODE: Final = re.compile(r"\d{5}\b").match


def address(buyer: Party, broken: list[Broken]) -> None:
    """DQ-ADDRESS-STREET, -TOWN, -POSTCODE, -LENGTH, of an address in France.

    An address that is wholly absent is BR-10's to tell.
    """
    at = buyer.address
    if at.country != "FR" and (at.country or at == _NOWHERE):
        return
    if not (at.line1 or at.line2 or at.line3):
        broken.append(Broken("DQ-ADDRESS-STREET", "the address has no street and no named place", "BT-50"))
    if not at.city or not _POSTCODE(at.postcode) or at.city[0].isdecimal():
        _town(at, broken)
    lines = (buyer.name, at.line1, at.line2, at.line3, f"{at.postcode} {at.city}")
    for term, line in zip(_LINE_TERMS, lines, strict=True):
        if len(line) > MOST_CHARACTERS:
            message = f"{line[:60]!r} has {len(line)} characters: {MOST_CHARACTERS} fit on a line"
            broken.append(Broken("DQ-ADDRESS-LENGTH", message, term))
            break


def spelling(buyer: Party, broken: list[Broken]) -> None:
    """DQ-ADDRESS-CAPITALS, -PUNCTUATION: what an envelope made of these terms as they are would show."""
    at = buyer.address
    if at.country not in ("FR", ""):
        return
    if at.city.upper() != at.city or any(map(unicodedata.combining, unicodedata.normalize("NFKD", at.city))):
        message = f"{at.city[:60]!r} is to be in capitals without accents"
        broken.append(Broken("DQ-ADDRESS-CAPITALS", message, "BT-52"))
    punctuated = next((line for line in (at.line1, at.line2, at.line3, at.city) if _PUNCTUATION(line)), "")
    if punctuated:
        message = f"the post reads no punctuation: {punctuated[:60]!r}"
        broken.append(Broken("DQ-ADDRESS-PUNCTUATION", message, "BT-50, BT-51, BT-163, BT-52"))


def _town(at: PostalAddress, broken: list[Broken]) -> None:
    if not at.city or not at.postcode:
        missing, term = ("town", "BT-52") if not at.city else ("postcode", "BT-53")
        broken.append(Broken("DQ-ADDRESS-TOWN", f"the last line has no {missing}: postcode, then town", term))
    elif _LEADING_POSTCODE(at.city):
        message = f"{at.city[:60]!r} carries the postcode, which has a term of its own"
        broken.append(Broken("DQ-ADDRESS-TOWN", message, "BT-52"))
    if at.postcode and not _POSTCODE(at.postcode):
        broken.append(Broken("DQ-ADDRESS-POSTCODE", f"{at.postcode[:20]!r} is no French postcode", "BT-53"))
