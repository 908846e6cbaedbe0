"""Reads the code lists of EN 16931 from `lists/`, one file each: codes between blanks, comments after `#`.

Each file names its edition; a new edition is a new file.
"""

from importlib.resources import files
from typing import Final

_FOLDER: Final = files("ingest.checks") / "lists"


def codes_of(name: str) -> frozenset[str]:
    """Return the codes of the list *name*."""
    written = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in written if not line.startswith("#") for code in line.split())


CURRENCIES: Final = codes_of("currencies")
INVOICE_TYPES: Final = codes_of("invoice-types")
CREDIT_NOTE_TYPES: Final = codes_of("credit-note-types")
COUNTRIES: Final = codes_of("countries")
REFERENCES: Final = codes_of("references")
NOTE_SUBJECTS: Final = codes_of("note-subjects")
IDENTIFIER_SCHEMES: Final = codes_of("identifier-schemes")
CLASSIFICATIONS: Final = codes_of("classifications")
PAYMENT_MEANS: Final = codes_of("payment-means")
VAT_CATEGORIES: Final = codes_of("vat-categories")
ALLOWANCE_REASONS: Final = codes_of("allowance-reasons")
CHARGE_REASONS: Final = codes_of("charge-reasons")
EXEMPTION_REASONS: Final = codes_of("exemption-reasons")
UNITS: Final = codes_of("units")
ELECTRONIC_ADDRESSES: Final = codes_of("electronic-addresses")
MEDIA_TYPES: Final = codes_of("media-types")
