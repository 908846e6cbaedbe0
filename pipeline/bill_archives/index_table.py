"""An archive's `index.csv`: a line a bill, for spreadsheets, with the sum of its PDF."""

from collections.abc import Iterable, Iterator

from export.saved_files.csv_table import Cell, csv_table
from pipeline.bill_archives.archive_entry import ArchiveEntry
from pipeline.bill_archives.zip_records import ArchivedFile
from words.catalogue import say


def index_table(bills: Iterable[ArchiveEntry], language: str) -> Iterator[bytes]:
    """The table, in UTF-8, piece by piece."""
    head = [
        say("Émetteur", language), say("Contrat", language), say("Document", language), say("Numéro", language),
        say("Émise le", language), say("À payer avant le", language), say("Montant", language),
        say("Reste à payer selon la facture", language), say("Devise", language), say("Fichiers", language),
        say("SHA-256 du PDF", language), say("Manque", language),
    ]  # fmt: skip
    return (piece.encode() for piece in csv_table(head, map(_row, bills), language))


def _row(bill: ArchiveEntry) -> list[Cell]:
    pdf = pdf_of(bill)
    return [
        bill.issuer, bill.account, bill.title, bill.number, bill.issue_date.isoformat(),
        bill.due_date.isoformat() if bill.due_date else "", bill.amount, bill.payable, bill.currency,
        " | ".join(each.path for each in bill.files), pdf.sha256 if pdf else "", " | ".join(bill.left_out),
    ]  # fmt: skip


def pdf_of(bill: ArchiveEntry) -> ArchivedFile | None:
    """The bill's own PDF, which is its first file; None if it could not be read."""
    first = bill.files[0] if bill.files else None
    return first if first and first.path.endswith(".pdf") and first.path.count("/") == 2 else None
