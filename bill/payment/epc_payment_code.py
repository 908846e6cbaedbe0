"""Build the EPC payment code payload of a SEPA transfer (EPC069-12, version 002), shown as a QR code.

A banking application scans it and fills the transfer in. Paper and screen show the same payload.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bill.bill import CreditTransfer
from bill.money import CENT, round_money
from bill.payment.amount_due import AmountDue
from bill.payment.iban import closed, closed_iban, is_bic, is_iban, is_in_sepa
from bill.payment.payment_instructions import PayeeAccount

_CREDITOR_REFERENCE: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_MOST: Final = Decimal("999999999.99")
#: The most characters of holder and text, and bytes of the payload (EPC069-12: QR version 13, level M).
_NAME: Final = 70
_TEXT: Final = 140
_MOST_BYTES: Final = 331


def payment_code_of(due: AmountDue) -> bytes | None:
    """The payload to pay what is due next; None if it should not be paid by such a code."""
    how = due.how
    if how is None or how.account is None or not due.is_asking:
        return None
    return payment_code(how.account, how.payee, due.amount, due.currency, how.remittance)


def payment_code(
    account: CreditTransfer | PayeeAccount, holder: str, amount: Decimal, currency: str, reference: str
) -> bytes | None:
    """The payload to pay *amount*, rounded half up to the cent, to *account* of *holder*, quoting *reference*. None for
    another currency, an amount of 0 or above 999 999 999,99, an invalid IBAN or one that SEPA does not reach, or no
    holder."""
    if currency != "EUR" or not 0 < amount <= _MOST or not CENT <= (amount := round_money(amount)) <= _MOST:
        return None
    name, text = _line(holder), _line(reference)
    if not name or not is_iban(account.iban) or not is_in_sepa(account.iban):
        return None
    payload = _payload(account, name, amount, text)
    return payload if len(payload) <= _MOST_BYTES else _payload(account, _letters(name), amount, _letters(text))


def _payload(account: CreditTransfer | PayeeAccount, name: str, amount: Decimal, text: str) -> bytes:
    lines = f"{_beginning(account.bic, name, account.iban)}{amount}\n\n{_reference(text)}"
    return lines.rstrip("\n").encode()


@lru_cache(maxsize=1024)
def _beginning(bic: str, name: str, iban: str) -> str:
    """The lines from the service tag to the currency: scheme, payee and account."""
    lines = ["BCD", "002", "1", "SCT", closed(bic) if is_bic(bic) else "", name[:_NAME], closed_iban(iban), "EUR"]
    return "\n".join(lines)


def _reference(text: str) -> str:
    """A creditor reference (ISO 11649), or free text on the line after; never both."""
    reference = closed(text)
    return reference if is_creditor_reference(reference) else f"\n{text[:_TEXT]}"


def is_creditor_reference(reference: str) -> bool:
    """Whether this is a structured creditor reference (`RF…`) with valid check digits."""
    if not _CREDITOR_REFERENCE.fullmatch(reference):
        return False
    return int("".join(str(int(c, 36)) for c in reference[4:] + reference[:4])) % 97 == 1


def _line(text: str) -> str:
    """One line with only the characters that banks accept."""
    seen = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())


def _letters(text: str) -> str:
    """ASCII letters for a text that would not fit otherwise."""
    spelled = unicodedata.normalize("NFKD", text)
    return "".join(c if c.isascii() else "?" for c in spelled if not unicodedata.combining(c))
