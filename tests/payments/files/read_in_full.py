"""A payment file read to its end, in the words of the corpus (`tests/payments/files/corpus/*.json`)."""

import re
from dataclasses import asdict
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec

from bill import Finding
from bill.payment.payment_entry import PaymentEntry
from payments.files.account_statement import AccountStatement
from payments.files.payment_file import PaymentFile
from payments.files.payment_file_reader import read_payment_file
from tests.finding_sentences import check_said

_NOTHING = ("", None, (), Decimal(0))
_line = re.compile(r"^line \d+, ").sub


def entries_of(content: bytes) -> tuple[list[PaymentEntry], list[Finding], PaymentFile]:
    """The entries, the findings and the file."""
    file = read_payment_file(BytesIO(content))
    items = list(file)
    findings = [item for item in items if isinstance(item, Finding)]
    check_said(findings)
    return [item for item in items if isinstance(item, PaymentEntry)], findings, file


def read_in_full(content: bytes) -> dict[str, Any]:
    """All that a file says, without what is empty; places without their lines."""
    entries, findings, file = entries_of(content)
    told = {
        "format": file.format,
        "message_id": file.message_id,
        "entries": [_entry(each) for each in entries],
        "findings": [_finding(each) for each in findings],
        "statements": [_statement(each) for each in file.statements],
        "is_whole": file.is_whole,
    }
    if file.original_message_id:
        told |= {"original_message_id": file.original_message_id, "state_counts": file.state_counts}
    return told


def _entry(entry: PaymentEntry) -> dict[str, Any]:
    required = ("kind", "amount", "currency", "booked_on")
    told = {}
    for name, value in msgspec.structs.asdict(entry).items():
        is_usual = value is (name == "is_booked") if isinstance(value, bool) else value in _NOTHING
        if name in required or (name != "place" and not is_usual):
            told[name] = _plain(value)
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in finding.values.items()}
    return {
        "severity": finding.severity, "rule": finding.rule, "place": _line("", finding.place), "values": values,
    }  # fmt: skip


def _statement(statement: AccountStatement) -> dict[str, Any]:
    told = {name: value for name, value in asdict(statement).items() if value not in _NOTHING and value != 0}
    for name in ("balances", "created_at"):
        told.pop(name, None)
    told |= {name: balance.amount for name in ("opening", "closing") if (balance := getattr(statement, name))}
    if told.get("is_last_page"):
        del told["is_last_page"]
    for name in ("declared", "seen"):
        if all(value is None for value in told[name].values()):
            del told[name]
    return {name: _plain(value) for name, value in told.items()} | (
        {} if statement.is_last_page else {"is_last_page": False}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, msgspec.Struct):
        return _plain(msgspec.structs.asdict(value))
    return value if isinstance(value, bool | int | None | str) else str(value)
