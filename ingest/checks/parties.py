"""Who sells and who buys: names, addresses, identifiers."""

from bill import Bill
from ingest.checks.broken import Broken


def parties(bill: Bill, broken: list[Broken]) -> None:
    """BR-06 to BR-11, BR-CO-26, BR-18 to BR-20, BR-29, BR-CO-25."""
    seller, buyer = bill.seller, bill.buyer
    if not seller.name:
        broken.append(Broken("BR-06", "a bill must name the seller", "BT-27"))
    if not buyer.name:
        broken.append(Broken("BR-07", "a bill must name the buyer", "BT-44"))
    if not seller.address.country:
        broken.append(Broken("BR-09", "the seller's address must have a country", "BT-40"))
    if not buyer.address.country:
        broken.append(Broken("BR-11", "the buyer's address must have a country", "BT-55"))
    if not (seller.identifiers or seller.legal_id or seller.vat_id):
        broken.append(Broken("BR-CO-26", "the seller must have an identifier", "BT-29, BT-30, BT-31"))
    if bill.tax_representative is not None:
        _tax_representative(bill, broken)
    if bill.period is not None and bill.period.start and bill.period.end and bill.period.end < bill.period.start:
        broken.append(Broken("BR-29", "the period billed ends before it begins", "BT-74"))
    if bill.totals.payable > 0 and bill.due_date is None and not bill.terms:
        broken.append(Broken("BR-CO-25", "a bill to be paid must say when: a due date or terms", "BT-9, BT-20"))


def _tax_representative(bill: Bill, broken: list[Broken]) -> None:
    representative = bill.tax_representative
    assert representative is not None
    if not representative.name:
        broken.append(Broken("BR-18", "the tax representative must have a name", "BT-62"))
    if not representative.address.country:
        broken.append(Broken("BR-20", "the tax representative's address must have a country", "BT-69"))
    if not representative.vat_id:
        broken.append(Broken("BR-56", "the tax representative must have a VAT identifier", "BT-63"))
