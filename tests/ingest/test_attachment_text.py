"""The text of what is attached to bills: read where it can be, and lost alone where it cannot."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from bill import Attachment, Bill, Totals
from ingest.attachment_text import MOST_TEXT, AttachmentTexts
from ingest.pdf.sandboxed_pdf import SandboxedPdfReader
from untrusted.feed_error import FeedError


def a_pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def texts_of(*files: tuple[str, str, bytes]) -> dict[int, str]:
    attached = tuple(Attachment(id=name, filename=name, media_type=kind, content=said) for name, kind, said in files)
    bill = Bill(
        number="L-1", issue_date=date(2026, 1, 5), currency="EUR", totals=Totals(payable=Decimal(1)),
        attachments=attached,
    )  # fmt: skip
    reader = AttachmentTexts()
    try:
        return reader.of(bill)
    finally:
        reader.close()


def test_pdfs_texts_and_csv_files_are_read() -> None:
    texts = texts_of(
        ("cg.pdf", "application/pdf", a_pdf("Conditions", "Plafond de garantie")),
        ("releve.csv", "text/csv", "date;kWh\nété;12".encode()),
        ("lettre.txt", "", "Château, cœur".encode("cp1252")),
        ("lu.txt", "text/plain", b"\xef\xbb\xbfAvec marque"),
        ("facture.xml", "application/xml", b"<Invoice>Plafond</Invoice>"),
        ("logo.png", "image/png", b"\x89PNG\r\n\x1a\n"),
    )
    assert texts[1].split("\f")[1].strip() == "Plafond de garantie"
    assert texts[2] == "date;kWh\nété;12"
    assert texts[3] == "Château, cœur"
    assert texts[4] == "Avec marque"
    assert set(texts) == {1, 2, 3, 4}


def test_what_is_hostile_only_loses_its_text() -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf("Secret"))) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    long = ("é" * 3 * MOST_TEXT).encode()
    texts = texts_of(
        ("broken.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40),
        ("locked.pdf", "application/pdf", locked.getvalue()),
        ("nul.csv", "text/csv", b"date\0;kWh"),
        ("long.txt", "text/plain", long),
        ("odd.csv", "text/csv", bytes(range(1, 256))),
        ("good.pdf", "application/pdf", a_pdf("Plafond")),
    )
    assert set(texts) == {4, 5, 6}
    assert texts[4] == "é" * MOST_TEXT
    assert texts[6].strip() == "Plafond"


def test_a_slow_pdf_loses_its_text_and_the_next_is_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def text(_self: SandboxedPdfReader, document: bytes) -> str:
        asked.append(document)
        raise FeedError("PDF-TOO-SLOW", "this PDF takes too long")

    monkeypatch.setattr(SandboxedPdfReader, "text", text)
    slow: tuple[Any, ...] = ("cg.pdf", "application/pdf", b"%PDF-1.7 slow")
    assert texts_of(slow, slow) == {}
    assert len(asked) == 1
