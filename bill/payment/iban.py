"""Validate and format IBANs (ISO 13616) and BICs (ISO 9362), and tell whether SEPA reaches an IBAN."""

import re
from functools import lru_cache
from typing import Final

from stdnum import iban

#: Characters in a group, as people write IBANs (ISO 13616).
_GROUP: Final = 4
#: The beginning of a text that is meant as an IBAN.
_BEGINNING: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]*")
#: Separators, and `IBAN:` before the number.
_BETWEEN: Final = re.compile(r"[\s.\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]+")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
#: Countries of the SEPA schemes (EPC409-09), as their IBANs begin.
_SEPA: Final = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE",
    "SI", "SK", "SM", "VA",
})  # fmt: skip
#: Institutions of a QR-IBAN (Swiss Payment Standards): it is paid by a QR-bill with its reference, never by SEPA.
_QR_INSTITUTIONS: Final = range(30000, 32000)


@lru_cache(maxsize=4096)
def is_iban(written: str) -> bool:
    """Whether this is a valid IBAN: check digits (ISO 7064 MOD 97-10) and the country's structure. Case and separators
    do not matter."""
    return bool(iban.is_valid(closed_iban(written), check_country=False))


def looks_like_iban(written: str) -> bool:
    """Whether this begins as an IBAN does: two letters, two digits."""
    return _BEGINNING.fullmatch(closed_iban(written)) is not None


@lru_cache(maxsize=4096)
def closed_iban(written: str) -> str:
    """The IBAN as programs take it: capitals, without blanks, hyphens, dots and the word IBAN."""
    return _BETWEEN.sub("", written).upper().removeprefix("IBAN").lstrip(":")


@lru_cache(maxsize=4096)
def is_in_sepa(written: str) -> bool:
    """Whether a SEPA credit transfer reaches this IBAN."""
    iban = closed_iban(written)
    is_qr_iban = iban[:2] in ("CH", "LI") and iban[4:9].isdecimal() and int(iban[4:9]) in _QR_INSTITUTIONS
    return iban[:2] in _SEPA and not is_qr_iban


def is_bic(written: str) -> bool:
    """Whether this has the structure of a BIC (ISO 9362)."""
    return _BIC.fullmatch(closed(written)) is not None


@lru_cache(maxsize=4096)
def closed(written: str) -> str:
    """A code in capitals, without blanks."""
    return "".join(written.split()).upper()


def grouped(number: str) -> str:
    """A number in groups of four characters, for people to read."""
    closed = "".join(number.split())
    return " ".join(closed[at : at + _GROUP] for at in range(0, len(closed), _GROUP))


def hide_iban(iban: str) -> str:
    """Mask the customer's own IBAN, which nobody has to copy: first and last four characters. Returns "" when it is too
    short to mask."""
    closed = "".join(iban.split())
    return f"{closed[:_GROUP]} •••• {closed[-_GROUP:]}" if len(closed) > 2 * _GROUP else ""
