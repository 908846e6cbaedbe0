"""The Danish dialect OIOUBL of UBL: its own names of tax categories, and a total with another meaning."""

from typing import Final

from bill import ZERO
from ingest.document_findings import Found
from untrusted.value_parsing import code

_CATEGORIES: Final = {"StandardRated": "S", "ZeroRated": "Z", "ReverseCharge": "AE", "Excise": "S"}


def is_oioubl(profile: str) -> bool:
    """Return whether `cbc:CustomizationID` names OIOUBL."""
    return profile.startswith("OIOUBL")


def category_of(text: str) -> str | None:
    """Return the UNTDID 5305 code for OIOUBL's name of a category; any other code unchanged."""
    said = code(text)
    return _CATEGORIES.get(said, said) if said else None


def understand(totals: Found) -> None:
    """Rewrite the totals: OIOUBL's TaxExclusiveAmount is the VAT (BT-110), and the total without VAT (BT-109) is lines
    - allowances + charges."""
    if "net" in totals:
        totals["vat"] = totals.pop("net")
    if "lines" in totals:
        totals["net"] = totals["lines"] - totals.get("allowances", ZERO) + totals.get("charges", ZERO)
