"""What Danish OIOUBL says with UBL's elements: other words for the tax categories, another meaning of one total."""

from typing import Final

from bill import ZERO
from ingest.value_parsing import code
from ingest.xml.mapper import Found

_CATEGORIES: Final = {"StandardRated": "S", "ZeroRated": "Z", "ReverseCharge": "AE", "Excise": "S"}


def is_oioubl(profile: str) -> bool:
    """Whether `cbc:CustomizationID` names OIOUBL."""
    return profile.startswith("OIOUBL")


def category_of(text: str) -> str | None:
    """UNTDID 5305 for OIOUBL's word; any other code as it is."""
    said = code(text)
    return _CATEGORIES.get(said, said) if said else None


def understand(totals: Found) -> None:
    """OIOUBL's TaxExclusiveAmount is the tax (BT-110); the total without VAT (BT-109) is what the lines come to."""
    if "net" in totals:
        totals["vat"] = totals.pop("net")
    if "lines" in totals:
        totals["net"] = totals["lines"] - totals.get("allowances", ZERO) + totals.get("charges", ZERO)
