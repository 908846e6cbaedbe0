"""An archive's `index.json`: everything its indexes know, for programs (docs/bill-archive.md)."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from pipeline.bill_archives.archive_entry import ArchiveEntry
from pipeline.bill_archives.archive_summary import ArchiveSummary

VERSION: Final = 1
_encoder: Final = msgspec.json.Encoder(decimal_format="string")


def index_json(bills: Iterable[ArchiveEntry], summary: ArchiveSummary, made_on: date) -> Iterator[bytes]:
    """The object, in UTF-8, a document a line. Amounts are decimal strings, dates ISO, what is absent null."""
    totals = {currency: _amount(total) for currency, total in sorted(summary.whole.totals.items())}
    head = {"version": VERSION, "made_on": made_on, "documents_count": summary.whole.bills, "totals": totals}
    yield _encoder.encode(head)[:-1] + b',"documents":['
    for n, bill in enumerate(bills):
        yield (b",\n" if n else b"\n") + _encoder.encode(_document(bill))
    yield b"\n]}\n"


def _document(bill: ArchiveEntry) -> dict[str, Any]:
    return {
        "issuer": bill.issuer, "account": bill.account or None, "number": bill.number, "type_code": bill.type_code,
        "issue_date": bill.issue_date, "due_date": bill.due_date, "currency": bill.currency,
        "amount": _amount(bill.amount), "payable": _amount(bill.payable),
        "files": [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in bill.files],
        "left_out": bill.left_out,
    }  # fmt: skip


def _amount(amount: Decimal) -> str:
    return f"{amount:f}"
