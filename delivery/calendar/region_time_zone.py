"""Finds the time zone of a French address: each overseas department and collectivity has one of its own."""

from typing import Final

from delivery.calendar.french_region import region_of

#: Regions (`delivery.calendar.french_region`) -> IANA time zones. Source: tzdata, zone.tab.
_BY_REGION: Final = {
    "971": "America/Guadeloupe", "BL": "America/St_Barthelemy", "MF": "America/Marigot", "972": "America/Martinique",
    "973": "America/Cayenne", "974": "Indian/Reunion", "976": "Indian/Mayotte", "PM": "America/Miquelon",
    "TF": "Indian/Kerguelen", "WF": "Pacific/Wallis", "PF": "Pacific/Tahiti", "NC": "Pacific/Noumea",
}  # fmt: skip
#: In French Polynesia the fourth digit names the archipelago (UPU, French Polynesia, 08/2011); 98755 is Rikitea.
_BY_POSTCODE: Final = {"9874": "Pacific/Marquesas", "98755": "Pacific/Gambier"}


def time_zone_of(postcode: str, country: str = "FR") -> str:
    """Return the IANA time zone of an address overseas; "" in the rest of France, and abroad.

    *country* is an ISO 3166-1 code; "" means France.
    """
    digits = "".join(postcode.split())
    region = region_of(digits, country)
    if region == "PF":
        return _BY_POSTCODE.get(digits[:5]) or _BY_POSTCODE.get(digits[:4]) or _BY_REGION["PF"]
    return _BY_REGION.get(region, "")
