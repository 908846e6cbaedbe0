"""Normalise what payers write to name a bill (its number, BT-83, an ISO 11649 reference), so that spellings of one
reference compare equal; and find such references in free text. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bill.bill import Bill
from bill.payment.payment_instructions import payments_of

#: The longest key; BT-83 has at most 140 characters in SEPA.
LONGEST: Final = 140
#: A key found in free text that is shorter might be a date or an amount.
LEAST_IN_TEXT: Final = 4
#: Free text beyond this is not read (SEPA allows 140 characters, several fields may be joined).
_READ: Final = 420
#: A reference in free text has at most so many runs of letters or digits.
_MOST_RUNS: Final = 8
_MOST_IN_TEXT: Final = 400
_RUN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_RF: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
#: What banks write where the payer gave nothing.
_NOTHING: Final = frozenset({"", "NOTPROVIDED", "NONREF", "NOREF", "NA", "NULL", "UNKNOWN"})
#: Ten digits, less the one that stands there, and one exchange of neighbours.
_DIGITS: Final = "0123456789"


@lru_cache(maxsize=8192)
def reference_key(written: str) -> str:
    """The reference in comparable form: capitals and digits alone. `fa-2026 / 001` and `FA2026001` are one. "" where
    nothing was given (`NOTPROVIDED`)."""
    folded = unicodedata.normalize("NFKC", written).upper()
    key = "".join(each for each in folded if each.isalnum())[:LONGEST]
    return "" if key in _NOTHING else key


def reference_keys(written: str) -> tuple[str, ...]:
    """The keys of one reference: itself, and what an ISO 11649 reference (`RF…`, valid check digits) wraps."""
    key = reference_key(written)
    if not key:
        return ()
    payload = creditor_reference_payload(key)
    return (key, payload) if payload else (key,)


def creditor_reference_payload(key: str) -> str:
    """What an ISO 11649 creditor reference wraps, without leading zeros; "" if *key* is none or its check digits (ISO
    7064 MOD 97-10) are wrong."""
    if not _RF.fullmatch(key):
        return ""
    turned = key[4:] + key[:4]
    digits = "".join(str(int(each, 36)) for each in turned)
    return key[4:].lstrip("0") if int(digits) % 97 == 1 else ""


@lru_cache(maxsize=1024)
def text_keys(text: str) -> tuple[tuple[str, int, int], ...]:
    """All that may be a reference in free text: keys of neighbouring runs of letters or digits, each with its first run
    and the run after its last. At least one digit, and LEAST_IN_TEXT characters."""
    folded = unicodedata.normalize("NFKC", text[:_READ]).upper()
    runs = _RUN.findall(folded)
    found: list[tuple[str, int, int]] = []
    for first in range(len(runs)):
        for after in range(first + 1, min(first + _MOST_RUNS, len(runs)) + 1):
            key = "".join(runs[first:after])
            if len(key) > LONGEST:
                break
            if len(key) >= LEAST_IN_TEXT and any(each.isdigit() for each in key):
                found.append((key, first, after))
    return tuple(found[:_MOST_IN_TEXT])


def with_one_error(key: str) -> Iterator[str]:
    """The keys that a typing error may have made this one of: one wrong digit, or two neighbours exchanged."""
    for at, each in enumerate(key):
        if each.isdigit():
            yield from (f"{key[:at]}{digit}{key[at + 1 :]}" for digit in _DIGITS if digit != each)
        if at and each != key[at - 1]:
            yield f"{key[: at - 1]}{each}{key[at - 1]}{key[at + 1 :]}"


def keys_of_bill(bill: Bill) -> tuple[str, ...]:
    """What a payer may call this bill: its number, and what it asks to be quoted (BT-83). Each key once."""
    written = [bill.number, *(each.remittance for each in payments_of(bill))]
    return tuple(dict.fromkeys(key for each in written for key in reference_keys(each)))


def mandates_of_bill(bill: Bill) -> tuple[str, ...]:
    """The direct debit mandates of this bill (BT-89), as keys, each once."""
    return tuple(dict.fromkeys(key for each in payments_of(bill) if (key := reference_key(each.mandate))))
