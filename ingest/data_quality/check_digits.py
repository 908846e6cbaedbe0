"""Verifies check digits: IBAN (ISO 13616), VAT identifiers, SIREN and SIRET."""

import re
from functools import lru_cache
from typing import Final

from stdnum import get_cc_module, iban
from stdnum.eu import vat as european
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.fr import siren, siret

from bill import Bill, Identifier, Party, country_code
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import COUNTRIES

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}").fullmatch
#: ISO 13616: letters count as two digits, A as 10.
_DIGITS: Final = {ord("A") + n: str(10 + n) for n in range(26)}
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14


def check_numbers(bill: Bill, broken: list[BrokenRule]) -> None:
    """DQ-IBAN (BT-84, BT-91), DQ-VAT (BT-31, BT-48, BT-63), DQ-SIREN (BT-30, BT-47): the check digit is wrong."""
    for payment in (bill.payment, *bill.payments):
        for transfer in payment.transfers:
            _iban(transfer.iban, "BT-84", broken)
        _iban(payment.debited_iban, "BT-91", broken)
    _party(bill.seller, "BT-31", "BT-30", broken)
    if bill.buyer.vat_id or bill.buyer.legal_id:
        _party(bill.buyer, "BT-48", "BT-47", broken)
    if bill.tax_representative is not None:
        _party(bill.tax_representative, "BT-63", "", broken)


def _party(party: Party, vat_term: str, legal_term: str, broken: list[BrokenRule]) -> None:
    if party.vat_id and not is_vat_id(party.vat_id):
        wrong = "VAT identifier '{vat_id}' is no number of its country: its form or its check digit is wrong"
        broken.append(BrokenRule("DQ-VAT", wrong, vat_term, {"vat_id": party.vat_id[:30]}))
    legal_id = party.legal_id
    if legal_id is not None and _claims_siren(legal_id, party) and not is_siren(legal_id.value):
        wrong = "'{number}' is no SIREN or SIRET: its length or its check digit is wrong"
        broken.append(BrokenRule("DQ-SIREN", wrong, legal_term, {"number": legal_id.value[:30]}))


def _iban(written: str, place: str, broken: list[BrokenRule]) -> None:
    if written and (wrong := iban_fault(written)):
        broken.append(BrokenRule("DQ-IBAN", wrong, place, {"iban": _masked(written.replace(" ", ""))}))


@lru_cache(1024)
def iban_fault(written: str) -> str:
    """Return the fault of an IBAN in words, or "". Texts that do not look like an IBAN (a foreign account number, a
    masked number) are not checked, nor is the format of countries outside SWIFT's registry."""
    plain = written.replace(" ", "")
    if not _IBAN(plain) or "XXX" in plain:
        return ""
    if int((plain[4:] + plain[:4]).translate(_DIGITS)) % 97 != 1:  # 1 us; python-stdnum takes 50
        return _WRONG_DIGITS
    is_french = plain.startswith("FR") and len(plain) == _FRENCH_LENGTH
    return "" if is_french or _is_built_well(plain) else _WRONG_FORM


_FRENCH_LENGTH: Final = 27
_WRONG_DIGITS: Final = "the check digits of IBAN {iban} are wrong"
_WRONG_FORM: Final = "IBAN {iban} has not the form that its country gives it"


def _is_built_well(plain: str) -> bool:
    try:
        iban.validate(plain, check_country=False)
    except InvalidComponent:  # no country of the registry
        return plain[:2] in COUNTRIES
    except ValidationError:
        return False
    return True


def _masked(iban: str) -> str:
    """Return a few characters of an IBAN, enough to find it and no more."""
    return f"{iban[:4]} … {iban[-4:]}"


@lru_cache(4096)
def is_vat_id(vat_id: str) -> bool:
    """Return whether this may be a VAT identifier; those of countries without a known rule are accepted."""
    country = vat_id[:2].lower()
    if european.is_valid(vat_id):
        return True
    if country in {*european.MEMBER_STATES, "el"}:
        return False
    module = get_cc_module(country, "vat") if country.isalpha() and country.isascii() else None
    return module is None or bool(module.is_valid(vat_id) or module.is_valid(vat_id[2:]))


@lru_cache(4096)
def is_siren(value: str) -> bool:
    """Return whether this is a valid SIREN (nine digits) or SIRET (fourteen)."""
    return bool(siren.is_valid(value) or siret.is_valid(value))


def _claims_siren(legal_id: Identifier, party: Party) -> bool:
    if legal_id.scheme:
        return legal_id.scheme in ("0002", "0009")
    digits = legal_id.value.replace(" ", "")
    return (
        country_code(party.address.country) == "FR"
        and digits.isdecimal()
        and len(digits) in (_SIREN_DIGITS, _SIRET_DIGITS)
    )
