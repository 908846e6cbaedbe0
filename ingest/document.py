"""One XML document to one draft: the root's name says which syntax reads it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from lxml import etree

from bill import Bill
from ingest import cii, ubl, xml
from ingest.entry import Draft, FeedError
from ingest.walk import Acceptance, Sheet, local_name

#: Root element -> name of the syntax, and what reads it.
SYNTAXES: Final[dict[str, tuple[str, Callable[[etree._Element, Sheet], Bill | None]]]] = {
    ubl.INVOICE: ("UBL", ubl.read),
    ubl.CREDIT_NOTE: ("UBL", ubl.read),
    cii.INVOICE: ("CII", cii.read),
    cii.ZUGFERD_1: ("ZUGFeRD 1.0", cii.read),
}
NAMES: Final = frozenset(tag.rpartition("}")[2] for tag in SYNTAXES)


def read_document(document: bytes, acceptance: Acceptance, place: str = "") -> Draft:
    """The draft of a whole document; FeedError when it is no XML we take, or no invoice."""
    draft = read_root(xml.parse(document), acceptance, place)
    draft.body_sha = sha256(document).hexdigest()
    return draft


def read_root(root: etree._Element, acceptance: Acceptance, place: str) -> Draft:
    """The draft of a parsed invoice; FeedError when the element is none."""
    known = SYNTAXES.get(root.tag)
    if known is None:
        raise not_an_invoice(root)
    sheet = Sheet(acceptance)
    bill = known[1](root, sheet)
    number = bill.number if bill else sheet.number
    return Draft(place, "", bill, number, sheet.findings)


def not_an_invoice(root: etree._Element) -> FeedError:
    """What to say of an element that no syntax knows."""
    name, namespace = local_name(root), etree.QName(root).namespace or "none"
    place = f"line {root.sourceline}"
    if name in NAMES:
        message = f"{name} is in the namespace {namespace[:200]}, which is none of UBL 2.1's, CII's or ZUGFeRD 1.0's"
        return FeedError("XML-NAMESPACE", message, place)
    message = f"{name[:100]} is no invoice and holds none: send UBL Invoice or CreditNote, CII, or a batch of them"
    return FeedError("XML-NOT-AN-INVOICE", message, place)
