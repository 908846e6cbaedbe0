"""How long the post takes: working days by postage class and destination, from `post_days.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from bill import country_code
from delivery.calendar.french_region import region_of

#: Corsica by the beginning of its postcodes: 200 and 201 are the south.
_CORSICA: Final = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
#: Countries that letters from France reach as they do a French department.
_AS_IN_FRANCE: Final = frozenset({"MC", "AD"})
#: The European Economic Area, Switzerland, San Marino, the United Kingdom and its islands.
_EUROPE: Final = frozenset({
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GB", "GG", "GR", "HR", "HU", "IE", "IM",
    "IS", "IT", "JE", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "SM", "VA",
})  # fmt: skip


class PostDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: days in the mainland by class, and days more by destination."""

    mainland: dict[str, int]
    further: dict[str, int]


def destination_of(postcode: str, country: str = "FR") -> str:
    """Return the destination of a letter as `post_days.toml` names it: `2A`, `974`, `EU`, `WORLD`; "" for the mainland.

    *country* is an ISO 3166-1 code; "" means France.
    """
    digits, code = "".join(postcode.split()), country_code(country)
    if region := region_of(digits, country):
        return region if region in post_days_table().further else ""
    if code in {"", "FR"}:
        return _CORSICA.get(digits[:3], "")
    if code in _AS_IN_FRANCE:
        return ""
    return "EU" if code in _EUROPE else "WORLD"


def post_days(destination: str, mainland: int) -> int:
    """Return the working days to a destination (`destination_of`) when the mainland takes this many."""
    return mainland + post_days_table().further.get(destination, 0)


@cache
def post_days_table() -> PostDays:
    """The table as kept beside this file."""
    content = (Path(__file__).parent / "post_days.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), PostDays)
