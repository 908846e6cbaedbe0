"""The time zone of a reader, by the region of the account's postcode."""

from typing import Final

#: IANA names by region (`delivery.calendar.french_region`). Of Polynesia's three zones, the one of its capital.
_BY_REGION: Final = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "976": "Indian/Mayotte", "BL": "America/St_Barthelemy", "MF": "America/Marigot", "PM": "America/Miquelon",
    "TF": "Indian/Kerguelen", "WF": "Pacific/Wallis", "PF": "Pacific/Tahiti", "NC": "Pacific/Noumea",
}  # fmt: skip


def reader_time_zone(region: str, elsewhere: str = "Europe/Paris") -> str:
    """Return the IANA name of the time zone in this region; *elsewhere* for metropolitan France and abroad."""
    return _BY_REGION.get(region, elsewhere)
