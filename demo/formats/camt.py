"""Writes booked movements as a bank's notice, ISO 20022 camt.054.001.08."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from demo.formats.xml_writer import branch, leaf

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


@dataclass(frozen=True)
class BookedMovement:
    """One booked movement: a transfer (*is_debit* False) or direct debit of *amount* euros that came, or (*returned*,
    an ISO 20022 reason) that went back. *reference* is the bank's own, *end_to_end* the same for both."""

    on: date
    amount: Decimal
    reference: str
    name: str
    iban: str = ""
    text: str = ""
    end_to_end: str = "NOTPROVIDED"
    mandate: str = ""
    is_debit: bool = False
    returned: str = ""


def notice(name: str, iban: str, day: date, movements: Sequence[BookedMovement]) -> bytes:
    """Return the notice of this name, of one account and *day*."""
    made = leaf("CreDtTm", f"{day.isoformat()}T06:00:00+01:00")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        + branch(
            "Document",
            branch(
                "BkToCstmrDbtCdtNtfctn",
                branch("GrpHdr", leaf("MsgId", name), made),
                branch(
                    "Ntfctn",
                    leaf("Id", name),
                    made,
                    branch("Acct", branch("Id", leaf("IBAN", iban)), leaf("Ccy", "EUR")),
                    *map(_entry, movements),
                ),
            ),
            xmlns=_NAMESPACE,
        )
    ).encode()


def _entry(movement: BookedMovement) -> str:
    amount = leaf("Amt", f"{movement.amount:.2f}", Ccy="EUR")
    way = leaf("CdtDbtInd", "DBIT" if movement.returned else "CRDT")
    family, code = ("IDDT", "UPDD" if movement.returned else "ESDD") if movement.is_debit else ("RCDT", "ESCT")
    return branch(
        "Ntry",
        amount,
        way,
        branch("Sts", leaf("Cd", "BOOK")),
        branch("BookgDt", leaf("Dt", movement.on.isoformat())),
        leaf("AcctSvcrRef", movement.reference),
        branch(
            "BkTxCd",
            branch("Domn", leaf("Cd", "PMNT"), branch("Fmly", leaf("Cd", family), leaf("SubFmlyCd", code))),
        ),
        branch("NtryDtls", _details(movement, amount, way)),
    )


def _details(movement: BookedMovement, amount: str, way: str) -> str:
    mandate = leaf("MndtId", movement.mandate) if movement.mandate else ""
    account = branch("DbtrAcct", branch("Id", leaf("IBAN", movement.iban))) if movement.iban else ""
    return branch(
        "TxDtls",
        branch("Refs", leaf("EndToEndId", movement.end_to_end), mandate),
        amount,
        way,
        branch("RltdPties", branch("Dbtr", branch("Pty", leaf("Nm", movement.name))), account),
        branch("RmtInf", leaf("Ustrd", movement.text)) if movement.text else "",
        branch("RtrInf", branch("Rsn", leaf("Cd", movement.returned))) if movement.returned else "",
    )
