"""Bills to companies: find the SIREN, and tell whether the invoice goes through an approved e-invoicing platform.

CGI art. 289 bis: between two taxable persons established in France, the invoice is issued and received through a
*plateforme agréée*. The bill shown here is then a copy. Consumers, foreign companies and operations exempt under CGI
261 to 261 E are not concerned.
"""

from datetime import date
from typing import Final

from bill.addressing.countries import country_code
from bill.bill import Bill
from bill.party import Identifier, Party

#: Since when large and mid-sized issuers send through a platform; small ones one year later (2027-09-01).
PLATFORMS_SINCE: Final = date(2026, 9, 1)

#: ISO 6523: SIRENE number, SIRET code, and the electronic address of the French platforms, which begins with a SIREN.
_SIREN, _SIRET, _PLATFORM_ADDRESS = "0002", "0009", "0225"
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14
#: The exemption code of small businesses below the VAT threshold (CGI 293 B); they must use a platform too.
_FRANCHISE: Final = "VATEX-FR-FRANCHISE"


def siren_of(party: Party) -> str:
    """The SIREN of a French company, from its legal identifier, SIRET, platform address or French VAT identifier; ""
    for anybody else. Nine digits; the check digit is not verified."""
    if not (party.legal_id or party.vat_id or party.identifiers or party.electronic_address):
        return ""
    if party.legal_id is not None and (siren := _siren(party.legal_id, party)):
        return siren
    named = [*party.identifiers, *([party.electronic_address] if party.electronic_address else [])]
    for identifier in named:
        if identifier.scheme in (_SIREN, _SIRET, _PLATFORM_ADDRESS) and (siren := _siren(identifier, party)):
            return siren
    vat_id = _plain(party.vat_id)
    return vat_id[4:] if vat_id.startswith("FR") and len(vat_id) == 13 and vat_id[4:].isdecimal() else ""


def goes_by_platform(bill: Bill, since: date = PLATFORMS_SINCE) -> bool:
    """Whether the legal invoice of this bill goes through an approved platform, so that the bill shown is a copy.
    *since* is the day from which this issuer uses a platform."""
    if bill.issue_date < since or not siren_of(bill.buyer):
        return False
    return _is_french(bill.seller) and not _is_exempt(bill)


def _siren(identifier: Identifier, party: Party) -> str:
    """Nine digits, or the first nine of fourteen; an identifier without a scheme counts only for a party in France."""
    value = _plain(identifier.value)
    if identifier.scheme == _PLATFORM_ADDRESS:
        value = value.partition("_")[0]
    elif identifier.scheme not in (_SIREN, _SIRET) and (identifier.scheme or not _is_french(party)):
        return ""
    return value[:_SIREN_DIGITS] if value.isdecimal() and len(value) in (_SIREN_DIGITS, _SIRET_DIGITS) else ""


def _is_french(party: Party) -> bool:
    if party.vat_id:
        return party.vat_id[:2].upper() == "FR"
    return country_code(party.address.country) in ("", "FR")


def _is_exempt(bill: Bill) -> bool:
    """Whether all VAT of the bill is exempt or out of scope (categories E, O), as in banking and insurance; small
    businesses below the VAT threshold do not count."""
    return bool(bill.vat) and all(row.category in "EO" and row.exemption_code != _FRANCHISE for row in bill.vat)


def _plain(identifier: str) -> str:
    return identifier.replace(" ", "").replace(".", "").upper()
