"""Finds the IBAN to pay to. Where a bill is collected or paid back, the IBAN on it may be the payer's. Pure."""

import re
from typing import Final

from bill.document_reading import FoundValue, TermReading, sure, unsure
from bill.payment.iban import closed_iban, is_iban

_iban: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{2,4}){2,8}(?:[ .-]?[A-Z0-9]{1,4})?\b")
_COLLECTED: Final = re.compile(
    r"pr[ée]l[èe]v|votre compte|mandat|rum\b|direct debit|your account|abbuch|abgebucht|lastschrift|einzug|eingezogen|"
    r"d[ée]bit[ée]|(?:votre|your|ihre?|uw) (?:iban|konto|rekening)|(?:iban|compte) (?:du )?client|customer.{0,9} iban|"
    r"rembours|refund|incass|domicili|addebit|belast",
    re.IGNORECASE,
)


def iban_in(lines: list[str]) -> TermReading:
    """The IBAN: sure if there is one alone, and nothing says that the bill is collected or paid back."""
    found = [
        FoundValue(closed_iban(each), line.strip()[:160])
        for line in lines
        for each in _valid(line)
    ]  # fmt: skip
    is_collected = any(_COLLECTED.search(line) for line in lines)
    if len({each.value for each in found}) == 1 and not is_collected:
        return sure(found[0])
    return unsure(found[:6])


def _valid(line: str) -> list[str]:
    """The valid IBANs of a line; a word after one may look like its end, and is taken off."""
    valid = []
    for each in _iban.findall(line):
        words = re.split(r"(?=[ .-])", each)
        ends = ("".join(words[:n]) for n in range(len(words), 0, -1))
        if (whole := next((end for end in ends if is_iban(end)), None)) is not None:
            valid.append(whole)
    return valid
