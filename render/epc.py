"""The payment QR code of European banks (EPC069-12, version 002): who gets how much on which account, and why."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bill import Bill, CreditTransfer, round_money
from render import qr

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_CREDITOR_REFERENCE: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_LEAST: Final = Decimal("0.01")
_MOST: Final = Decimal("999999999.99")
_AMOUNT: Final = b"\nEUR"


def epc_qr(bill: Bill) -> qr.Symbol | None:
    """The symbol for what is left to pay, or None where nobody should pay by transfer in euros."""
    payload = epc_payload(bill)
    # Whoever pays to an account has the same lines before the amount.
    return None if payload is None else qr.encode(payload, payload.index(_AMOUNT) + len(_AMOUNT))


def epc_payload(bill: Bill) -> bytes | None:
    """EPC069-12's lines: the remaining amount (BT-115), never more, to the first account that is a sound IBAN."""
    amount = bill.to_pay
    if bill.currency != "EUR" or not _LEAST <= amount <= _MOST or (amount := round_money(amount)) > _MOST:
        return None
    transfer = payable_account(bill)
    account = _account(transfer.bic, _holder(bill, transfer), transfer.iban) if transfer else ""
    if not account:
        return None
    payload = f"{account}\nEUR{amount}\n\n{_remittance(bill)}".rstrip("\n")
    written = payload.encode()
    return written if len(written) <= qr.MOST_BYTES else _ascii(payload).encode()


@lru_cache(maxsize=1024)
def _account(bic: str, holder: str, iban: str) -> str:
    """The lines from the service tag to the IBAN: by which scheme, to whom and where. None without a holder's name."""
    bic, name = _closed(bic), _line(holder)
    lines = ["BCD", "002", "1", "SCT", bic if _BIC.fullmatch(bic) else "", name[:70], _closed(iban)]
    return "\n".join(lines) if name else ""


def payable_account(bill: Bill) -> CreditTransfer | None:
    """The first account of the bill whose IBAN is sound."""
    for transfer in bill.payment.transfers:
        if is_iban(transfer.iban):
            return transfer
    return None


def payee_name(bill: Bill, transfer: CreditTransfer) -> str:
    """In whose name the account is held: as said beside it, else the payee, else the seller."""
    return _line(_holder(bill, transfer))


def _holder(bill: Bill, transfer: CreditTransfer) -> str:
    return transfer.name or (bill.payee.name if bill.payee else "") or bill.seller.name


@lru_cache(maxsize=1024)
def is_iban(written: str) -> bool:
    """Whether these are an IBAN's characters and its check digits agree (ISO 13616, ISO 7064 MOD 97-10)."""
    iban = _closed(written)
    return _IBAN.fullmatch(iban) is not None and _mod_97(iban) == 1


def _mod_97(code: str) -> int:
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97


def _remittance(bill: Bill) -> str:
    """The creditor reference (ISO 11649), or free text on the line after; never both. The bill's number where nothing
    is said."""
    text = _line(bill.payment.remittance or bill.number)
    reference = _closed(text)
    if _CREDITOR_REFERENCE.fullmatch(reference) and _mod_97(reference) == 1:
        return reference
    return f"\n{text[:140]}"


def _line(text: str) -> str:
    """One line of characters a bank takes."""
    seen = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())


def _closed(code: str) -> str:
    return "".join(code.split()).upper()


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(c if c.isascii() else "?" for c in letters if not unicodedata.combining(c))
