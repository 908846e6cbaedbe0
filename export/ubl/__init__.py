"""Writes a bill as UBL 2.1 Invoice or CreditNote (OASIS), the other syntax of EN 16931 (CEN/TS 16931-3-2).

Only a bill with all mandatory terms of EN 16931 is written (`is_whole`): UBL has no lesser profile. Elements follow the
order of the schema, absent terms are left out, and the sender's text is escaped in one place (`export.xml_text`).
"""

from typing import Final

from bill import Bill, Note
from export.cii import EN16931, facturx_profile_of
from export.ubl.document_line import write_line
from export.ubl.document_parties import write_delivery, write_parties
from export.ubl.document_payment import write_payment
from export.ubl.document_references import write_references
from export.ubl.document_totals import write_allowances_charges, write_tax_totals, write_totals
from export.ubl.xml_elements import branch, leaf, on_day
from export.xml_text import sent

_NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
#: BT-8 is UNTDID 2475 in CII and UNTDID 2005 here: invoice, delivery, payment. Another code is left out.
_TAX_POINTS: Final = {"5": "3", "29": "35", "72": "432", "3": "3", "35": "35", "432": "432"}


def is_whole(bill: Bill) -> bool:
    """Whether the bill has the terms that EN 16931 asks for, so that it can be written as UBL."""
    return facturx_profile_of(bill) is EN16931


def write_ubl(bill: Bill) -> bytes:
    """Return the bill, which `is_whole`, as UBL in UTF-8."""
    kind = "CreditNote" if bill.is_credit_note else "Invoice"
    root = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}{kind}-2"'
        f' xmlns:cac="{_NAMESPACE}CommonAggregateComponents-2" xmlns:cbc="{_NAMESPACE}CommonBasicComponents-2">'
    )
    parts = [
        root,
        *_head(bill),
        *write_references(bill),
        write_parties(bill),
        write_delivery(bill),
        write_payment(bill),
        write_allowances_charges(bill.allowances_charges, bill.currency),
        write_tax_totals(bill),
        write_totals(bill),
        *(write_line(line, bill) for line in bill.lines if line.counts),
        f"</{kind}>",
    ]
    return sent(parts)


def _head(bill: Bill) -> list[str]:
    """Return the elements before the references. An invoice and a credit note differ in their order and in the due
    date, which a credit note has with its means of payment."""
    notes, point = "".join(map(_note, bill.notes)), on_day("TaxPointDate", bill.tax_point)
    code = leaf("CreditNoteTypeCode" if bill.is_credit_note else "InvoiceTypeCode", bill.type_code)
    return [
        leaf("CustomizationID", EN16931.guideline),
        leaf("ProfileID", bill.process),
        leaf("ID", bill.number),
        on_day("IssueDate", bill.issue_date),
        point + code + notes if bill.is_credit_note else on_day("DueDate", bill.due_date) + code + notes + point,
        leaf("DocumentCurrencyCode", bill.currency),
        leaf("TaxCurrencyCode", bill.vat_currency) if bill.totals.vat_in_vat_currency is not None else "",
        leaf("AccountingCost", bill.buyer_accounting),
        leaf("BuyerReference", bill.buyer_reference),
        _period(bill),
    ]


def _note(note: Note) -> str:
    """A note (BT-22) has its subject (BT-21) before it, between two `#`."""
    return leaf("Note", f"#{note.subject}#{note.text}" if note.subject and note.text else note.text)


def _period(bill: Bill) -> str:
    period = bill.period
    return branch(
        "InvoicePeriod",
        on_day("StartDate", period.start if period else None),
        on_day("EndDate", period.end if period else None),
        leaf("DescriptionCode", _TAX_POINTS.get(bill.tax_point_code)),
    )


__all__ = ["is_whole", "write_ubl"]
