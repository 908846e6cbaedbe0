"""Writes a bill as UN/CEFACT Cross Industry Invoice (CII), the XML inside a Factur-X PDF (Factur-X 1.09, CII D22B).

The XML is written as strings, without an element tree. Elements follow the order of the schema, absent terms are left
out, and the sender's text is escaped in one place (`export.xml_text`).
"""

from functools import lru_cache
from typing import Final

from bill import Bill, Note
from export.cii.facturx_profile import BASIC_WL, EN16931, MINIMUM, FacturXProfile, facturx_profile_of
from export.cii.line_item import write_line
from export.cii.trade_agreement import write_agreement
from export.cii.trade_delivery import write_delivery
from export.cii.trade_settlement import write_settlement
from export.cii.xml_elements import branch, leaf, on_day, usual_leaf
from export.xml_text import sent

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
    ' xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100">'
)


def write_cii(bill: Bill, profile: FacturXProfile) -> bytes:
    """Return the bill as CII XML in UTF-8, with the terms that *profile* allows."""
    parts = [_HEAD, _context(bill.process, profile), _document(bill, profile), "<rsm:SupplyChainTradeTransaction>"]
    if profile is EN16931:
        parts += [write_line(line) for line in bill.lines if line.counts]
    parts += [
        write_agreement(bill, profile), write_delivery(bill, profile), write_settlement(bill, profile),
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>",
    ]  # fmt: skip
    return sent(parts)


@lru_cache(maxsize=64)
def _context(process_id: str, profile: FacturXProfile) -> str:
    process = branch("BusinessProcessSpecifiedDocumentContextParameter", leaf("ID", process_id))
    guideline = branch("GuidelineSpecifiedDocumentContextParameter", leaf("ID", profile.guideline))
    return f"<rsm:ExchangedDocumentContext>{process}{guideline}</rsm:ExchangedDocumentContext>"


def _document(bill: Bill, profile: FacturXProfile) -> str:
    head = leaf("ID", bill.number) + usual_leaf("TypeCode", bill.type_code) + on_day("IssueDateTime", bill.issue_date)
    notes = "" if profile is MINIMUM else "".join([_note(note) for note in bill.notes])
    return f"<rsm:ExchangedDocument>{head}{notes}</rsm:ExchangedDocument>"


def _note(note: Note) -> str:
    return branch("IncludedNote", leaf("Content", note.text), leaf("SubjectCode", note.subject))


__all__ = ["BASIC_WL", "EN16931", "MINIMUM", "FacturXProfile", "facturx_profile_of", "write_cii"]
