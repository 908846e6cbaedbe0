"""Postcodes as the post of their country writes them, also where the town carries one."""

import re
from typing import Final

from bill.addressing.countries import FRANCE
from bill.addressing.country_address_format import address_format
from bill.addressing.envelope_text import envelope_text

#: What people write where there is no postcode: 00000, N/A, -.
_NO_POSTCODE: Final = re.compile(r"[0.\-/\s]*|N/?A|NONE|SANS").fullmatch
#: Where a postcode is invented by forms that insist on one: 999077 for Hong Kong.
_NEVER_A_POSTCODE: Final = frozenset({"AE", "HK", "MO"})
#: F-44000, FR-44000, 44 000.
_FRENCH: Final = re.compile(r"(?:FR?[ -]*)?(\d{2})[ .]?(\d{3})").fullmatch
#: 44000 Nantes, F-44000 Nantes, 1010 Wien.
_LEADING: Final = re.compile(r"((?:[A-Z]{1,2}[ -])?\d{4,6})[ ,]+(?=[^\W\d])").match


def postcode_text(given: str, country: str) -> str:
    """Return a postcode as the post of this country (alpha-2 code) writes it; "" for what people write where there is
    none."""
    postcode = envelope_text(given).upper()
    if _NO_POSTCODE(postcode) or country in _NEVER_A_POSTCODE:
        return ""
    if country in FRANCE and (french := _FRENCH(postcode)):
        return "".join(french.groups())
    prefix = address_format(country).postcode_prefix
    letters = prefix.strip(" -")
    bare = postcode.removeprefix(letters).lstrip(" -") if letters else ""
    return prefix + bare if bare[:1].isdecimal() else postcode


def postcode_and_town(postcode: str, town: str, country: str) -> tuple[str, str]:
    """Return postcode and town apart, where the town carries a postcode that is missing or said again."""
    code, name = postcode_text(postcode, country), envelope_text(town)
    leading = _LEADING(name.upper())
    if leading and postcode_text(leading[1], country) == (code or postcode_text(leading[1], country)):
        return postcode_text(leading[1], country), name[leading.end() :]
    for said in {code, " ".join(postcode.split())} - {""}:
        name = name.removeprefix(said).lstrip() or name
        name = name.removesuffix(said).rstrip(" ,-") or name
    return code, name
