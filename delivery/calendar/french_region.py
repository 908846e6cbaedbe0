"""Finds the French region of a postcode that has public holidays of its own: Alsace-Moselle and overseas."""

from typing import Final

from bill import country_code

#: Moselle; the two departments of Alsace.
ALSACE_MOSELLE: Final = frozenset({"57", "6AE"})
#: The day of the abolition of slavery, month and day: all that the law adds there (Code du travail L3422-2).
ABOLITION: Final = {
    "971": (5, 27), "BL": (10, 9), "MF": (5, 28), "972": (5, 22), "973": (6, 10), "974": (12, 20), "976": (4, 27),
}  # fmt: skip
#: Postcode prefixes -> subdivision codes of the library `holidays`; the longest prefix wins.
_BY_POSTCODE: Final = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "97133": "BL", "97150": "MF", "972": "972", "973": "973",
    "974": "974", "975": "PM", "976": "976", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
#: The same by ISO 3166-1 country code, for territories that have one.
_BY_COUNTRY: Final = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "YT": "976", "BL": "BL", "MF": "MF", "PM": "PM", "TF": "TF",
    "WF": "WF", "PF": "PF", "NC": "NC",
}  # fmt: skip


def region_of(postcode: str, country: str = "FR") -> str:
    """Return the region of an address as a subdivision code of the library `holidays`.

    *country* is an ISO 3166-1 code; "" means France. Returns "" where only the national holidays apply, and abroad.
    Source: Code du travail L3133-1; Alsace-Moselle L3134-13; overseas L3422-2.
    """
    country = country_code(country)
    if country not in ("", "FR"):
        return _BY_COUNTRY.get(country, "")
    digits = "".join(postcode.split())
    found = (_BY_POSTCODE[digits[:length]] for length in (5, 3, 2) if digits[:length] in _BY_POSTCODE)
    return next(found, "")
