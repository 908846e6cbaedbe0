"""Reads one XML document to one draft: the name of the root element chooses the syntax (UBL, CII)."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from bill import Bill
from ingest import cii, ubl
from ingest.document_findings import Acceptance
from ingest.items import BillDraft
from ingest.xml.element import Element, NamespaceContext, local_name, where
from ingest.xml.mapper import XmlMapper
from ingest.xml.shapes import ShapeCache
from untrusted.encodings.end_of_file_mark import without_end_mark
from untrusted.feed_error import FeedError
from untrusted.xml import safe_parser
from untrusted.xml.recoded_xml import from_first_tag, recoded_document

#: Root element -> name of the syntax, and its reader.
SYNTAXES: Final[dict[str, tuple[str, Callable[[Element, XmlMapper], Bill | None]]]] = {
    ubl.INVOICE: ("UBL", ubl.read),
    ubl.CREDIT_NOTE: ("UBL", ubl.read),
    cii.INVOICE: ("CII", cii.read),
    cii.ZUGFERD_1: ("ZUGFeRD 1.0", cii.read),
}
NAMES: Final = frozenset(tag.rpartition("}")[2] for tag in SYNTAXES)


def read_document(document: bytes, acceptance: Acceptance, place: str, shapes: ShapeCache) -> BillDraft:
    """Return the draft of a whole document; raises FeedError when it is no safe XML, or no invoice."""
    text = _utf8(document)
    draft = read_known_shape(text, acceptance, place, shapes)
    if draft is None and (recoded := recoded_document(document)):
        root = safe_parser.parse(from_first_tag(recoded.read_all()), is_utf8=True)
        draft = read_root(root, XmlMapper(acceptance), place)
        draft.findings += recoded.findings()
    elif draft is None:
        root = safe_parser.parse(from_first_tag(without_end_mark(document)))
        draft = read_root(root, XmlMapper(acceptance), place)
        if draft.bill is not None and safe_parser.is_utf8(root):
            shapes.learn(text, root)
    draft.body_sha = sha256(document).hexdigest()
    return draft


def read_known_shape(
    text: str, acceptance: Acceptance, place: str, shapes: ShapeCache, context: NamespaceContext | None = None
) -> BillDraft | None:
    """Return the draft of a document of a known shape, read without the parser; None when the parser must read it."""
    return shapes.read(text, acceptance, lambda root, mapper: read_root(root, mapper, place), context)


def _utf8(document: bytes) -> str:
    """Return the document as text; "" when it is not UTF-8."""
    try:
        return document.decode()
    except UnicodeDecodeError:
        return ""


def read_root(root: Element, mapper: XmlMapper, place: str) -> BillDraft:
    """Return the draft of an invoice element; raises FeedError when it is none."""
    known = SYNTAXES.get(root.tag)
    if known is None:
        raise not_an_invoice(root, mapper.unseen)
    bill, notes = known[1](root, mapper), mapper.notes
    number = bill.number if bill else notes.number
    return BillDraft(place, "", bill, number, notes.findings, syntax=known[0], verdict=notes.verdict)


def not_an_invoice(root: Element, unseen: int = 0) -> FeedError:
    """Return the error for a root element that no syntax knows."""
    name, namespace, place = local_name(root), str(root.tag).rpartition("}")[0][1:] or "none", where(root, unseen)
    if name in NAMES:
        sentence = "{name} is in the namespace {namespace}, which is none of UBL 2.1's, CII's or ZUGFeRD 1.0's"
        return FeedError("XML-NAMESPACE", sentence, place, name=name, namespace=namespace[:200])
    sentence = "{name} is no invoice and holds none: send UBL Invoice or CreditNote, CII, or a batch of them"
    return FeedError("XML-NOT-AN-INVOICE", sentence, place, name=name[:100])
