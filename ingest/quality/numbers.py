"""Numbers that carry a check digit: IBAN (ISO 13616), VAT identifiers, SIREN and SIRET."""

import re
from functools import lru_cache
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import get_cc_module
from stdnum.eu import vat as european
from stdnum.fr import siren, siret

from bill import Bill, Identifier, Party
from ingest.checks.broken import Broken

_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}").fullmatch
#: ISO 13616: letters count as two digits, A as 10.
_DIGITS: Final = {ord("A") + n: str(10 + n) for n in range(26)}
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14


def numbers(bill: Bill, broken: list[Broken]) -> None:
    """DQ-IBAN (BT-84, BT-91), DQ-VAT (BT-31, BT-48, BT-63), DQ-SIREN (BT-30, BT-47): the check digit is wrong."""
    payment = bill.payment
    for transfer in payment.transfers:
        _say("DQ-IBAN", _known_iban_fault(transfer.iban), "BT-84", broken)
    _say("DQ-IBAN", iban_fault(payment.debited_iban), "BT-91", broken)
    _party(bill.seller, "BT-31", "BT-30", broken)
    if bill.buyer.vat_id or bill.buyer.legal_id:
        _party(bill.buyer, "BT-48", "BT-47", broken)
    if bill.tax_representative is not None:
        _party(bill.tax_representative, "BT-63", "", broken)


def _party(party: Party, vat_term: str, legal_term: str, broken: list[Broken]) -> None:
    if party.vat_id:
        _say("DQ-VAT", vat_fault(party.vat_id), vat_term, broken)
    legal_id = party.legal_id
    if legal_id is not None and _claims_siren(legal_id, party):
        _say("DQ-SIREN", siren_fault(legal_id.value), legal_term, broken)


def _say(rule: str, fault: str, place: str, broken: list[Broken]) -> None:
    if fault:
        broken.append(Broken(rule, fault, place))


def iban_fault(iban: str) -> str:
    """What is wrong with an IBAN, or "". What does not look like one (an account's number elsewhere, a number that
    was masked) is left alone."""
    if not iban:
        return ""
    plain = iban.replace(" ", "")
    if not _IBAN(plain) or "XXX" in plain:
        return ""
    if int((plain[4:] + plain[:4]).translate(_DIGITS)) % 97 != 1:
        return f"the check digits of IBAN {_masked(plain)} are wrong"
    return _structure_fault(plain) if not plain.startswith("FR") or len(plain) != _FRENCH_LENGTH else ""


_FRENCH_LENGTH: Final = 27
_known_iban_fault: Final = lru_cache(1024)(iban_fault)


def _structure_fault(plain: str) -> str:
    try:
        IBAN(plain)
    except SchwiftyException as error:
        return f"IBAN {_masked(plain)}: {error}"
    return ""


def _masked(iban: str) -> str:
    """Enough of an IBAN to find it by, and no more."""
    return f"{iban[:4]} … {iban[-4:]}"


@lru_cache(4096)
def vat_fault(vat_id: str) -> str:
    """What is wrong with a VAT identifier, or ""; those of countries whose rule is not known are left alone."""
    country = vat_id[:2].lower()
    if european.is_valid(vat_id):
        return ""
    if country not in {*european.MEMBER_STATES, "el"}:
        module = get_cc_module(country, "vat") if country.isalpha() and country.isascii() else None
        if module is None or module.is_valid(vat_id) or module.is_valid(vat_id[2:]):
            return ""
    return f"VAT identifier {vat_id[:30]!r} is no number of its country: its form or its check digit is wrong"


@lru_cache(4096)
def siren_fault(value: str) -> str:
    """What is wrong with a SIREN (nine digits) or SIRET (fourteen), or ""."""
    if siren.is_valid(value) or siret.is_valid(value):
        return ""
    return f"{value[:30]!r} is no SIREN or SIRET: its length or its check digit is wrong"


def _claims_siren(legal_id: Identifier, party: Party) -> bool:
    if legal_id.scheme:
        return legal_id.scheme in ("0002", "0009")
    digits = legal_id.value.replace(" ", "")
    return party.address.country == "FR" and digits.isdecimal() and len(digits) in (_SIREN_DIGITS, _SIRET_DIGITS)
