"""A postal address (EN 16931 BG-5, BG-8, BG-15) and its lines on an envelope (NF Z10-011)."""

import unicodedata
from typing import Final

from bill.frozen_struct import FrozenStruct

#: NF Z10-011: at most six lines of 38 characters, the last three in capitals without accents.
MOST_LINES: Final = 6
MOST_CHARACTERS: Final = 38


class PostalAddress(FrozenStruct, frozen=True):
    """A postal address. Every term may be absent; nothing is guessed."""

    line1: str = ""  # BT-35, BT-50: number and street
    line2: str = ""  # BT-36, BT-51: flat, floor, building
    line3: str = ""  # BT-162, BT-163
    city: str = ""  # BT-37, BT-52
    postcode: str = ""  # BT-38, BT-53
    subdivision: str = ""  # BT-39, BT-54
    country: str = ""  # BT-40, BT-55: ISO 3166-1 alpha-2

    @property
    def is_postable(self) -> bool:
        """Whether a letter can be sent there: a town with its postcode, and a street or place."""
        return bool(self.city and self.postcode and (self.line1 or self.line2 or self.line3))


def envelope_lines(name: str, address: PostalAddress, home_country: str = "FR") -> tuple[str, ...]:
    """The lines on the envelope: name, then flat and building, street, town; capitals without accents and punctuation
    from the street on; at most six lines of 38 characters (NF Z10-011)."""
    # L2 and L3 (flat, building) stand above L4 (street), whatever order the issuer gave them in.
    above = [_fold(line) for line in (address.line2, address.line3) if line]
    street = [_capitals(address.line1)] if address.line1 else []
    town = [_capitals(f"{address.postcode} {address.city}")] if address.city or address.postcode else []
    country = [_capitals(COUNTRIES.get(address.country, address.country))] if _is_abroad(address, home_country) else []
    lines = [_fold(name), *above, *street, *town, *country]
    return tuple(line[:MOST_CHARACTERS].rstrip() for line in lines if line)[: MOST_LINES + len(country)]


def _is_abroad(address: PostalAddress, home_country: str) -> bool:
    return bool(address.country) and address.country != home_country


def _fold(text: str) -> str:
    return " ".join(text.split())


def _capitals(text: str) -> str:
    plain = text.replace("Œ", "OE").replace("œ", "oe").replace("Æ", "AE").replace("æ", "ae").replace("ß", "ss")
    letters = unicodedata.normalize("NFKD", plain)
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return _fold(kept).upper()


#: Names of countries as the French post reads them on the last line.
COUNTRIES: Final = {
    "AT": "AUTRICHE", "BE": "BELGIQUE", "CH": "SUISSE", "DE": "ALLEMAGNE", "DK": "DANEMARK", "ES": "ESPAGNE",
    "FI": "FINLANDE", "FR": "FRANCE", "GB": "ROYAUME UNI", "IE": "IRLANDE", "IT": "ITALIE", "LU": "LUXEMBOURG",
    "MC": "MONACO", "NL": "PAYS BAS", "NO": "NORVEGE", "PL": "POLOGNE", "PT": "PORTUGAL", "SE": "SUEDE",
}  # fmt: skip
