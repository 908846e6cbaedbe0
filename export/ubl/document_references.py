"""Writes what a UBL document refers to: orders, preceding bills, contract, tender, invoiced object, project (BG-3,
BT-11 to BT-18)."""

from bill import Bill, Reference
from export.ubl.xml_elements import branch, document, identified, leaf, on_day


def write_references(bill: Bill) -> list[str]:
    """Return the references in the order of the schema, which differs between an invoice and a credit note."""
    tender = document("OriginatorDocumentReference", bill.tender)
    contract = document("ContractDocumentReference", bill.contract)
    is_credit = bill.is_credit_note
    return [
        _order(bill),
        "".join(map(_preceding, bill.preceding)),
        document("DespatchDocumentReference", bill.despatch),
        document("ReceiptDocumentReference", bill.receiving),
        "" if is_credit else tender,
        contract,
        _object(bill),
        _project_of_credit_note(bill) if is_credit else "",
        tender if is_credit else "",
        "" if is_credit else document("ProjectReference", bill.project),
    ]


def _order(bill: Bill) -> str:
    """The schema asks for the buyer's order beside the seller's; the syntax binding writes `NA` where there is none."""
    order = bill.order or ("NA" if bill.sales_order else "")
    return branch("OrderReference", leaf("ID", order), leaf("SalesOrderID", bill.sales_order))


def _preceding(reference: Reference) -> str:
    said = leaf("ID", reference.number) + on_day("IssueDate", reference.issue_date)
    return branch("BillingReference", branch("InvoiceDocumentReference", said))


def _object(bill: Bill) -> str:
    if bill.object_id is None:
        return ""
    return branch("AdditionalDocumentReference", identified("ID", bill.object_id), leaf("DocumentTypeCode", "130"))


def _project_of_credit_note(bill: Bill) -> str:
    if not bill.project:
        return ""
    return branch("AdditionalDocumentReference", leaf("ID", bill.project), leaf("DocumentTypeCode", "50"))
