"""Reads a Factur-X or ZUGFeRD feed: one PDF with its invoice as XML inside.

A PDF may carry the same invoice in two syntaxes, which is one bill. Different invoices in one PDF are told: those under
an invoice's name are bills of their own, others are not read.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from bill import Bill, fatal, warning
from ingest.items import BillDraft
from ingest.pdf.sandboxed_pdf import LARGEST_PDF, EmbeddedXml
from ingest.reader_interface import ReadContext
from ingest.xml.document_reader import read_document
from untrusted.feed_error import FeedError

_RULE = "PDF-TWO-INVOICES"
#: The end of a PDF, and the beginning of another one.
_joined = re.compile(rb"%%EOF[\s\x00]*+%PDF-\d").search


def read_pdf(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the one bill inside; the item's own bytes are the PDF. Yields several where the PDF carries several."""
    document = source.read(LARGEST_PDF + 1)
    if len(document) > LARGEST_PDF:
        raise FeedError("PDF-TOO-LARGE", "this PDF has more than {most} bytes: send one bill a PDF", most=LARGEST_PDF)
    if _joined(document):
        raise FeedError(_RULE, "these are PDFs that were joined end to end: all but the last would be lost, send each")
    first, *others = read_context.pdfs.invoices_in(document)
    draft = _draft(first, "attached XML", read_context)
    draft.body_sha = sha256(document).hexdigest()
    drafts = [draft, *(_others(draft, others, read_context) if others else ())]
    if len(drafts) > 1:
        sentence = "this PDF carries {count} different invoices: each is read as a bill of its own"
        read_context.findings.append(warning(_RULE, sentence, count=len(drafts)))
    if read_context.profile.facturx_pages == "theirs":
        _put_pages(document, drafts, read_context)
    yield from drafts


def _draft(xml: EmbeddedXml, place: str, read_context: ReadContext) -> BillDraft:
    return read_document(xml.content, read_context.profile.acceptance, place, read_context.shapes)


def _others(first: BillDraft, others: list[EmbeddedXml], read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the drafts of the invoices that are not the first one in another syntax."""
    seen = [first]
    for xml in others:
        place = f"attached XML {xml.name}"
        try:
            draft = _draft(xml, place, read_context)
        except FeedError as refused:
            if refused.finding.rule != "XML-NOT-AN-INVOICE":
                sentence = "{file} in this PDF cannot be read: it may be another invoice"
                read_context.findings.append(warning(_RULE, sentence, place, file=xml.name))
            continue
        if any(_is_same(draft, each) for each in seen):
            continue
        if xml.is_named_invoice:
            seen.append(draft)
            yield draft
        else:
            sentence = "{file} in this PDF is another invoice, {bill}, and is not read: send it as a file of its own"
            read_context.findings.append(warning(_RULE, sentence, place, file=xml.name, bill=draft.number or "?"))


def _is_same(one: BillDraft, other: BillDraft) -> bool:
    """Return whether two drafts are one invoice: the same number and the same money."""
    if one.number != other.number:
        return False
    if one.bill is None or other.bill is None:
        return one.bill is other.bill
    return _money(one.bill) == _money(other.bill)


def _money(bill: Bill) -> tuple[object, ...]:
    return bill.issue_date, bill.currency, bill.totals.payable


def _put_pages(document: bytes, drafts: list[BillDraft], read_context: ReadContext) -> None:
    """Give the only bill of a PDF its pages. Of several, nobody can tell whose pages they are: none is taken."""
    if len(drafts) == 1:
        look = read_context.pdfs.look(document)
        drafts[0].pages, drafts[0].text, drafts[0].lacks = document, look.text, look.lacks
        return
    sentence = "this PDF carries {count} different invoices: whose pages these are cannot be told"
    for draft in drafts:
        draft.bill = None
        draft.findings.append(fatal(_RULE, sentence, draft.place, count=len(drafts)))
