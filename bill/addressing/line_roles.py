"""What each free line of an address is: above the street, the street, or below it; without what its other terms say.

Programs put care of, PO box and street into the three lines as they please, and send the last line of a printed address
with them.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bill.addressing.countries import FRANCE, country_code
from bill.addressing.envelope_text import envelope_text, is_said
from bill.addressing.postal_abbreviations import bare
from bill.addressing.postcode_text import postcode_and_town
from bill.postal_address import PostalAddress

#: Lines that say at whose door: with the name, above flat and building.
_CARE_OF: Final = re.compile(r"(?:C/O|CHEZ|AUX (?:BONS )?SOINS DE|ATTN|A L.ATTENTION)\b").match
#: Lines that say which flat, and so are not the street.
_FLAT: Final = re.compile(
    r"(?:FLAT|APARTMENT|APT|UNIT|SUITE|ROOM|\d+\w* FLOOR|APPT|APP|APPARTEMENT|BAT|BATIMENT|ESC|ESCALIER|PORTE)\b"
).match
#: NF Z10-011: the line below the street.
_BELOW: Final = re.compile(r"(?:B\.? ?P\.?|C\.? ?S\.?|TSA|BOITE POSTALE) ?\d|(?:POSTE RESTANTE|LIEU[ -]DIT)\b").match
#: A French street with its number.
_STREET: Final = re.compile(
    r"\d+[ ,]*(?:BIS|TER|QUATER|[A-H])?[ ,]+(?:RUE|RUELLE|AVENUE|AV|BOULEVARD|BD|PLACE|PL|CHEMIN|CHE|ROUTE|RTE|ALLEES?"
    r"|ALL|IMPASSE|IMP|QUAI|COURS|SQUARE|PASSAGE|SENTIER|FAUBOURG|FG|MONTEE|PROMENADE|VOIE)\b"
).match
_NUMBERED: Final = re.compile(r"\d+[ ,]*[^\W\d]").match
_WORD: Final = re.compile(r"\w+")


class LineRoles(NamedTuple):
    """The free lines of an address: *above* the street, the *street*, and *below* it."""

    above: list[str]
    street: str
    below: list[str]


def line_roles(address: PostalAddress, country: str) -> LineRoles:
    """Return the lines of an address in this country (alpha-2 code) by what they are. The first is the street, unless
    another one is certainly. Care of comes first."""
    lines = [_without_place(envelope_text(line), address, country) for line in _given(address)]
    is_french = country in FRANCE
    street = next(_streets(lines, is_french=is_french), lines[0])
    others = [line for line in lines if line and line is not street]
    below = [line for line in others if is_french and _BELOW(bare(line))]
    above = [line for line in others if line not in below]
    return LineRoles(sorted(above, key=lambda line: not _CARE_OF(bare(line))), street, below)


def _streets(lines: list[str], *, is_french: bool) -> Iterator[str]:
    """Yield what is rather the street than the first line, the likeliest first."""
    first, *others = lines
    is_other = not first or _CARE_OF(bare(first)) or _FLAT(bare(first))
    if is_french and not _STREET(bare(first)):
        is_other = is_other or _BELOW(bare(first))
        yield from (line for line in others if _STREET(bare(line)))
    if is_other:
        yield from (line for line in others if _NUMBERED(line))
    if not first:
        yield from (line for line in reversed(others) if line)


def _given(address: PostalAddress) -> tuple[str, str, str]:
    return address.line1, address.line2, address.line3


def _without_place(line: str, address: PostalAddress, country: str) -> str:
    """Return a line without postcode and town, and the country behind them, at its end: 4 rue A, 44000 Nantes, France →
    4 rue A. A line of signs alone is left out."""
    if not is_said(line):
        return ""
    postcode, town = (_words(term) for term in postcode_and_town(address.postcode, address.city, country))
    found = list(_WORD.finditer(line))
    if not (postcode and town and {*postcode, *town} <= {bare(word.group()) for word in found}):
        return line
    for last in range(len(found), 0, -1):
        tail = line[found[last].start() :] if last < len(found) else ""
        words = [bare(word.group()) for word in found[:last]]
        if tail and country_code(tail.strip(" ,.()")) != country:
            continue
        for place in (postcode + town, town + postcode):
            if words[-len(place) :] == place:
                return line[: found[last - len(place)].start()].rstrip(" ,;-(")
    return line


def _words(text: str) -> list[str]:
    return [bare(word) for word in _WORD.findall(text)]
