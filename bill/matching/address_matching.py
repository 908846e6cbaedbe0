"""Compare two postal addresses: same, close or other."""

import re
from collections.abc import Iterable
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from bill.matching.word_similarity import MatchResult, are_alike, compare_words, fold_words
from bill.postal_address import PostalAddress

#: Abbreviations in addresses (NF Z10-011 annexe, and from practice), by the full word.
_WHOLE: Final = {
    short: whole
    for whole, shorts in {
        "avenue": "av ave aven", "boulevard": "bd bld blvd boul bvd", "rue": "r", "route": "rte", "place": "pl",
        "chemin": "ch che chem", "allee": "all allees", "impasse": "imp", "square": "sq", "faubourg": "fg fbg",
        "cours": "crs", "passage": "pass psg", "lotissement": "lot lotiss", "residence": "res resid",
        "batiment": "bat bt", "appartement": "apt appt app", "escalier": "esc", "etage": "etg et", "saint": "st",
        "sainte": "ste", "general": "gal gen", "marechal": "mal", "president": "pdt", "docteur": "dr",
        "professeur": "pr", "commandant": "cdt", "capitaine": "cne", "colonel": "col", "lieutenant": "lt",
        "zone": "z", "bis": "b", "ter": "t", "street": "str", "road": "rd", "sur": "s",
    }.items()
    for short in shorts.split()
}  # fmt: skip
#: Street types and small words, which do not identify a street.
_UNTELLING: Final = frozenset({
    "avenue", "boulevard", "rue", "route", "place", "chemin", "allee", "impasse", "square", "faubourg", "quai", "cours",
    "passage", "street", "road", "strasse", "lane", "via", "calle", "no", "numero", "n", "de", "du", "des", "d", "la",
    "le", "les", "l", "a", "au", "aux", "et", "en", "sur", "sous", "chez", "bis", "ter", "quater", "cedex", "ville",
})  # fmt: skip
#: Small words, which one address has and another spelling of it has not.
_SMALL: Final = frozenset({"no", "numero", "n", "de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et"})
#: Words for doors, floors and buildings, which tell people at one house number apart.
_DOORS: Final = frozenset({
    "appartement", "porte", "logement", "chambre", "studio", "boite", "bp", "cs", "unit", "flat", "batiment", "bloc",
    "escalier", "entree", "hall", "etage", "tour",
})  # fmt: skip
_POSTCODE: Final = re.compile(r"\b(\d{5})\b")
_GERMAN_STREET: Final = re.compile(r"(?<=\w)str(a|as)se$")  # `Hauptstrasse` is compared as `Hauptstr`
_COUNTRY_BEFORE: Final = re.compile(r"^[a-z]{1,3}-(?=\d)")


class _Place(NamedTuple):
    lines: list[list[str]]  # of words
    postcode: str
    city: list[str]

    @property
    def words(self) -> list[str]:
        return [word for line in self.lines for word in line]


def compare_addresses(first: PostalAddress, second: PostalAddress) -> MatchResult:
    """Compare two addresses.

    * `SAME`: the same words, in spite of abbreviations, capitals, accents and line breaks.
    * `CLOSE`: the same street and number with another complement or a corrected postcode, or something is missing.
    * `OTHER`: another street, house number, door or town.
    """
    ours, theirs = _place(first), _place(second)
    if not _says(ours) or not _says(theirs):
        return MatchResult.CLOSE
    if not _is_one_town(ours, theirs):
        return MatchResult.OTHER
    if sorted(ours.words) == sorted(theirs.words) and ours.postcode == theirs.postcode:
        return MatchResult.SAME
    return (
        MatchResult.CLOSE if _is_one_street(ours, theirs) and not _have_other_doors(ours, theirs) else MatchResult.OTHER
    )


def address_words(address: PostalAddress) -> tuple[list[str], str]:
    """The words of the lines, abbreviations spelled out, and the postcode; small words are left out."""
    place = _place(address)
    return [word for word in place.words if word not in _SMALL], place.postcode


def _place(address: PostalAddress) -> _Place:
    """An address as plain words; finds the town if it stands in a line."""
    lines = [_words(line) for line in (address.line1, address.line2, address.line3) if line.strip()]
    postcode = _COUNTRY_BEFORE.sub("", address.postcode.strip().casefold())
    city = _town(_words(address.city))
    if not postcode:
        for line in lines:
            if (found := _POSTCODE.fullmatch(line[0])) and len(line) > 1:
                postcode, city = found[1], city or _town(line[1:])
                lines.remove(line)
                break
    return _Place(lines, "".join(c for c in postcode if c.isalnum()), city)


def _words(text: str) -> list[str]:
    """The folded words, abbreviations spelled out, `12b` and `b12` split."""
    parted = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", text)
    return [_WHOLE.get(word, _GERMAN_STREET.sub("str", word)) for word in fold_words(parted)]


def _town(words: Iterable[str]) -> list[str]:
    """The words of a town without CEDEX, arrondissement number and articles."""
    return [word for word in words if word not in _UNTELLING and word != "arrondissement" and not word.isdecimal()]


def _says(place: _Place) -> bool:
    return bool(place.lines or place.city or place.postcode)


def _is_one_town(ours: _Place, theirs: _Place) -> bool:
    """Whether the postcode is the same, or another one (a CEDEX, a typing error) of the same town, in the same
    street."""
    has_one_name = compare_words(ours.city, theirs.city) is not MatchResult.OTHER
    if ours.postcode == theirs.postcode:
        return bool(ours.postcode) or has_one_name
    if not ours.postcode or not theirs.postcode:
        return has_one_name
    if not (ours.lines and theirs.lines):
        return False
    is_near = ours.postcode[:2] == theirs.postcode[:2] or sorted(ours.postcode) == sorted(theirs.postcode)
    return _is_one_street(ours, theirs) and has_one_name and (is_near or bool(ours.city and ours.city == theirs.city))


def _is_one_street(ours: _Place, theirs: _Place) -> bool:
    """Whether any line of one equals any line of the other, with its number; a missing street matches any."""
    if not ours.lines or not theirs.lines:
        return True
    whole = (ours.words, theirs.words)
    return _is_one_line(*whole) or any(_is_one_line(one, other) for one in ours.lines for other in theirs.lines)


def _is_one_line(first: list[str], second: list[str]) -> bool:
    ours, theirs = _telling(first), _telling(second)
    if not ours or not theirs or not _share_numbers(first, second):
        return False
    return compare_words(ours, theirs) is not MatchResult.OTHER


def _share_numbers(first: list[str], second: list[str]) -> bool:
    """Whether the lines share a number; in `12 rue du 8 mai` only the first counts, if the other begins with one
    too."""
    ours, theirs = _house_numbers(first), _house_numbers(second)
    if not ours or not theirs:
        ours, theirs = _numbers(first), _numbers(second)
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _house_numbers(words: list[str]) -> set[str]:
    """The numbers at the beginning of a line."""
    return _numbers(list(takewhile(str.isdecimal, words)))


def _numbers(words: list[str]) -> set[str]:
    """House numbers and the like; `4` and `04` are the same."""
    return {word.lstrip("0") or word for word in words if word.isdecimal()}


def _telling(words: list[str]) -> list[str]:
    """The words that identify a street; the numbers, for a line without such words."""
    return [word for word in words if word not in _UNTELLING and not word.isdecimal()] or sorted(_numbers(words))


def _have_other_doors(ours: _Place, theirs: _Place) -> bool:
    """Whether both have a door of the same kind, with another number."""
    first, second = _doors(ours), _doors(theirs)
    return any(not are_alike(first[kind], second[kind]) for kind in first.keys() & second.keys())


def _doors(place: _Place) -> dict[str, str]:
    return {
        kind: number
        for line in place.lines
        for kind, number in pairwise(line)
        if kind in _DOORS and number not in _DOORS
    }
