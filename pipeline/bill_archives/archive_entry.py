"""What an archive knows of each bill in it: what its indexes say, and its files."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from bill import CREDIT_NOTE_TYPES
from pipeline.bill_archives.zip_records import ArchivedFile
from store.bills.bill import BillRow
from words.document_types import document_title


class ArchiveEntry(msgspec.Struct, frozen=True, array_like=True):
    """A bill as the indexes tell it. *amount*: with VAT, before what was paid in advance; negative for a credit note.
    *files*: first its PDF, then its XML, then its attachments. *left_out*: what of it could not be read."""

    account_id: int
    issuer: str
    account: str
    number: str
    type_code: str
    title: str
    issue_date: date
    due_date: date | None
    currency: str
    amount: Decimal
    payable: Decimal
    files: tuple[ArchivedFile, ...]
    left_out: tuple[str, ...] = ()


def archive_entry(
    row: BillRow, issuer: str, account: str, language: str, files: Iterable[ArchivedFile], left_out: Iterable[str]
) -> ArchiveEntry:
    """What the archive keeps of this bill."""
    is_credit_note = row.type_code in CREDIT_NOTE_TYPES
    amount = row.payable if row.gross is None else row.gross
    return ArchiveEntry(
        row.account_id, issuer, account, row.number, row.type_code,
        document_title(row.type_code, language, is_credit_note=is_credit_note), row.issue_date, row.due_date,
        row.currency, _written(-amount if is_credit_note else amount), _written(row.payable), tuple(files),
        tuple(left_out),
    )  # fmt: skip


def _written(amount: Decimal) -> Decimal:
    """The amount with two places, or with more where it has them."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount


def shown(text: str) -> str:
    """What a sender wrote, as people may be shown it: without characters that turn or hide others."""
    return "".join(c if c.isprintable() else " " for c in text)


def pack_entries(bills: list[ArchiveEntry]) -> bytes:
    """The bills of one part, as bytes."""
    return _encoder.encode(bills)


def unpack_entries(content: bytes) -> list[ArchiveEntry]:
    """The bills that `pack_entries` packed."""
    return _decoder.decode(content)


_encoder: Final = msgspec.msgpack.Encoder(decimal_format="string")
_decoder: Final = msgspec.msgpack.Decoder(list[ArchiveEntry])
