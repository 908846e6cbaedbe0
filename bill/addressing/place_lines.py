"""The lines of an address below the building: street, town, state and postcode, in the order of their country."""

import re
from typing import Final

from bill.addressing.countries import FRANCE, country_code, country_names
from bill.addressing.country_address_format import CountryAddressFormat, address_format
from bill.addressing.envelope_text import envelope_text, without_punctuation
from bill.addressing.postcode_text import postcode_and_town
from bill.postal_address import PostalAddress

#: A field, a fixed word (SINGAPORE), or what stands between two of them.
_PARTS: Final = re.compile(r"%[ACDSXZ]|\w+|[^%\w]+")
Fields = dict[str, str]


def place_lines(address: PostalAddress, street: str, country: str) -> list[tuple[str, str]]:
    """Return *street* and place in the order of this country (alpha-2 code), in capitals with their accents, each after
    what it is: `street` or `place`. In France without punctuation (NF Z10-011)."""
    form = address_format(country)
    fields = _fields(address, country, form) | {"%A": post_text(street, country).upper()}
    lines = [("street" if "%A" in line else "place", _filled(line, fields, form)) for line in form.lines]
    layout, town = "".join(form.lines), fields["%C"]
    if "%C" not in layout and town not in layout:  # a part of Singapore, which is not named again
        lines.insert(1, ("place", town))
    return [line for line in lines if line[1]]


def country_line(address: PostalAddress) -> str:
    """Return the country's French name in capitals; an unknown country as it was given."""
    code = country_code(address.country)
    return country_names().get(code) or envelope_text(code)


def post_text(text: str, country: str) -> str:
    """Return a line for this country's post, not yet in capitals."""
    return without_punctuation(envelope_text(text)) if country in FRANCE else envelope_text(text)


def _fields(address: PostalAddress, country: str, form: CountryAddressFormat) -> Fields:
    """Return the fields in capitals by their letters in a format. Town and state stand in for each other where a
    country, or the address, has but one of them."""
    layout = "".join(form.lines)
    postcode, town = postcode_and_town(address.postcode, address.city, country)
    town, state = post_text(town, country).upper(), _state(address.subdivision, country, form)
    if form.states and state:  # Springfield, IL
        town = town.removesuffix(f" {state}").rstrip(",")
    if not town and "%C" in layout:
        town, state = state, ""
    if not state and "%C" not in layout and "%S" in layout:
        town, state = "", town
    if state == town:
        town, state = (town, "") if "%C" in layout else ("", state)
    if postcode and "%Z" not in layout:
        town, postcode = f"{postcode} {town}".strip(), ""
    return {"%C": town, "%S": state, "%Z": postcode}


def _state(subdivision: str, country: str, form: CountryAddressFormat) -> str:
    given = " ".join(subdivision.split())
    return post_text(form.states.get(given.casefold(), given), country).upper()


def _filled(line: str, fields: Fields, form: CountryAddressFormat) -> str:
    """Fill in one line. What stands between two fields is left out with either of them."""
    text = between = ""
    for part in _PARTS.findall(line.replace(f"{form.postcode_prefix}%Z", "%Z")):
        if not (part[0] == "%" or part[0].isalnum()):
            between = part
        elif value := fields.get(part, "") if part[0] == "%" else part:
            text += (between if text else "") + value
            between = ""
    return text
