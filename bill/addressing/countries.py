"""Countries as the post reads them: ISO 3166-1 codes, French names in capitals, and what is inland of what."""

import re
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

from words.country_names import country_name

#: France with its overseas departments, collectivities and territories: one country for the French post.
FRANCE: Final = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
#: Left out at both ends of a name: La Réunion, Bahamas (les).
_ARTICLES: Final = frozenset({"LA", "LE", "LES", "L", "THE"})
_LONG: Final = {"ST": "SAINT", "STE": "SAINTE"}
#: A part of a country by its code of ISO 3166-2: FR-974, US-NY.
_PART: Final = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}").fullmatch


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country given by its code of two or three letters, a part's code or its
    name, in any case and in our printed languages. Anything else is returned in capitals, without blanks around it."""
    code = " ".join(text.split()).upper()
    if code in country_names() or not code:
        return code
    part = _PART(code)
    return part[1] if part and is_country(part[1]) else _codes().get(_key(code), code)


def is_country(code: str) -> bool:
    """Whether this is the code of a country (ISO 3166-1 alpha-2, or XK)."""
    return code in country_names()


def are_inland(one: str, other: str) -> bool:
    """Whether a letter from one country to the other (codes) stays inland; overseas France is France."""
    return one == other or (one in FRANCE and other in FRANCE)


@cache
def country_choices(language: str) -> list[tuple[str, str]]:
    """Return the codes and names of all countries, by name as people of this language say it: (`DE`, `Allemagne`)."""
    names = [(code, country_name(code, language)) for code in country_names()]
    return sorted(names, key=lambda each: _bare(each[1]))


@cache
def country_names() -> dict[str, str]:
    """Return the French names in capitals by alpha-2 code (`countries.txt`)."""
    return {code: name for code, _, name in _rows()}


@cache
def _codes() -> dict[str, str]:
    """Return the codes by the keys of all that is written for them (`country_spellings.txt`)."""
    codes = {}
    for line in _lines("country_spellings.txt"):
        code, _, names = line.partition(" ")
        codes.update({_key(name): code for name in names.split(" | ")})
    for code, long, name in _rows():
        codes[code] = codes[long] = codes[_key(name)] = code
    return codes


def _key(name: str) -> str:
    """Return a name in capitals without accents, signs, blanks and articles: Îles Féroé (les) → ILESFEROE."""
    words = [_LONG.get(word, word) for word in _bare(name.upper()).split()]
    inner = [word for word in words if word not in _ARTICLES]
    start, end = (words.index(inner[0]), len(words) - words[::-1].index(inner[-1])) if inner else (0, 0)
    return "".join(words[start:end])


def _bare(name: str) -> str:
    """Return a name without accents, hyphens and apostrophes."""
    plain = (letter for letter in normalize("NFD", name) if not combining(letter))
    letters = "".join(letter if letter.isalnum() else " " for letter in plain)
    return " ".join(letters.split())


def _rows() -> list[list[str]]:
    return [line.split(maxsplit=2) for line in _lines("countries.txt")]


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
