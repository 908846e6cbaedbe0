"""Countries as the post reads them: ISO 3166-1 codes, French names in capitals, and what is inland of what."""

from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

#: France with its overseas departments, collectivities and territories: one country for the French post.
FRANCE: Final = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
#: Codes and names that people write for those of the list, in capitals without accents and hyphens.
_WRITTEN: Final = {
    "UK": "GB", "EL": "GR", "FX": "FR", "GRANDE BRETAGNE": "GB", "ANGLETERRE": "GB", "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB", "ETATS UNIS": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US",
    "DEUTSCHLAND": "DE", "GERMANY": "DE", "BELGIUM": "BE", "BELGIE": "BE", "SWITZERLAND": "CH", "SCHWEIZ": "CH",
    "SVIZZERA": "CH", "LUXEMBURG": "LU", "NETHERLANDS": "NL", "NEDERLAND": "NL", "HOLLANDE": "NL", "ITALY": "IT",
    "ITALIA": "IT", "SPAIN": "ES", "ESPANA": "ES", "AUSTRIA": "AT", "OSTERREICH": "AT", "IRELAND": "IE",
    "TCHEQUIE": "CZ", "CZECHIA": "CZ", "POLAND": "PL", "POLSKA": "PL", "ROMANIA": "RO", "TURQUIE": "TR",
    "TURKEY": "TR", "RUSSIE": "RU", "COREE DU SUD": "KR", "MOROCCO": "MA", "ALGERIA": "DZ", "TUNISIA": "TN",
    "SYRIE": "SY", "LAOS": "LA", "CAP VERT": "CV", "BIELORUSSIE": "BY", "MOLDAVIE": "MD", "BRESIL": "BR",
    "BRAZIL": "BR", "JAPAN": "JP", "CHINA": "CN",
}  # fmt: skip


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country given by its code of two or three letters or by its name, in any
    case. Anything else is returned in capitals, without blanks around it."""
    code = " ".join(text.split()).upper()
    return code if code in country_names() or not code else _codes().get(_bare(code), code)


def is_country(code: str) -> bool:
    """Whether this is the code of a country (ISO 3166-1 alpha-2, or XK)."""
    return code in country_names()


def are_inland(one: str, other: str) -> bool:
    """Whether a letter from one country to the other (codes) stays inland; overseas France is France."""
    return one == other or (one in FRANCE and other in FRANCE)


@cache
def country_choices() -> list[tuple[str, str]]:
    """Return the codes and names of all countries, by name: (`DE`, `ALLEMAGNE (DE)`)."""
    names = sorted(country_names().items(), key=lambda each: _bare(each[1]))
    return [(code, f"{name} ({code})") for code, name in names]


@cache
def country_names() -> dict[str, str]:
    """Return the French names in capitals by alpha-2 code (`countries.txt`)."""
    return {code: name for code, _, name in _rows()}


@cache
def _codes() -> dict[str, str]:
    codes = dict(_WRITTEN)
    for code, long, name in _rows():
        codes[long] = codes[_bare(name)] = code
    return codes


def _bare(name: str) -> str:
    """Return a name without accents, hyphens and apostrophes."""
    plain = (letter for letter in normalize("NFD", name) if not combining(letter))
    letters = "".join(letter if letter.isalpha() else " " for letter in plain)
    return " ".join(letters.split())


def _rows() -> list[list[str]]:
    lines = Path(__file__).with_name("countries.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(maxsplit=2) for line in lines if not line.startswith("#")]
