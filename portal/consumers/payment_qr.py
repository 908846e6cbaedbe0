"""The code that a banking application reads to fill a transfer in (EPC069-12, version 002)."""

from decimal import Decimal
from typing import Final, NamedTuple

import segno
from schwifty import IBAN

from bill import CreditTransfer

#: EPC069-12: name at most 70 characters, remittance text at most 140, amount 0.01 to 999999999.99 EUR.
_NAME: Final = 70
_TEXT: Final = 140
_MOST: Final = Decimal("999999999.99")
#: Every reader undoes any of the eight masks; trying all of them for the prettiest takes most of a page's time.
_MASK: Final = 2
#: ISO/IEC 18004 asks for four light modules around the symbol.
_QUIET: Final = 4


class Symbol(NamedTuple):
    """A QR symbol as one SVG path of dark runs in a square of so many modules."""

    size: int
    path: str


def payment_qr(transfer: CreditTransfer, name: str, amount: Decimal, currency: str, remittance: str) -> Symbol | None:
    """The symbol for paying *amount* (what remains due), or None where EPC069-12 has no room for it: another
    currency, no amount, an IBAN that is none, or no name."""
    beneficiary = (transfer.name or name)[:_NAME]
    iban = IBAN(transfer.iban, allow_invalid=True)
    if currency != "EUR" or not Decimal("0.01") <= amount <= _MOST or not beneficiary or not iban.is_valid:
        return None
    lines = ["BCD", "002", "1", "SCT", transfer.bic, beneficiary, str(iban), f"EUR{amount:.2f}", "", "",
             remittance[:_TEXT]]  # fmt: skip
    code = segno.make_qr("\n".join(lines).encode(), error="m", boost_error=False, mask=_MASK)
    matrix = [list(row) for row in code.matrix_iter(border=_QUIET)]
    return Symbol(len(matrix), _path(matrix))


def grouped(iban: str) -> str:
    """An IBAN as people read it, by fours."""
    compact = "".join(iban.split())
    return " ".join(compact[n : n + 4] for n in range(0, len(compact), 4))


def _path(matrix: list[list[int]]) -> str:
    """One run of dark modules after the other, row by row."""
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length or 1
    return "".join(runs)
