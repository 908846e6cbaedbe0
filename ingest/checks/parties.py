"""Who sells and who buys: names, addresses, identifiers."""

from bill import Bill, Party, PostalAddress
from ingest.checks.broken import Broken


def parties(bill: Bill, broken: list[Broken]) -> None:
    """BR-06 to BR-11, BR-CO-26, BR-18, BR-20, BR-56, BR-29."""
    seller, buyer = bill.seller, bill.buyer
    if not seller.name:
        broken.append(Broken("BR-06", "a bill must name the seller", "BT-27"))
    if not buyer.name:
        broken.append(Broken("BR-07", "a bill must name the buyer", "BT-44"))
    if not seller.address.country:
        _address(seller, ("BR-08", "BR-09"), ("BG-5", "BT-40"), "seller", broken)
    if not buyer.address.country:
        _address(buyer, ("BR-10", "BR-11"), ("BG-8", "BT-55"), "buyer", broken)
    if not (seller.identifiers or seller.legal_id or seller.vat_id):
        broken.append(Broken("BR-CO-26", "the seller must have an identifier", "BT-29, BT-30, BT-31"))
    if bill.tax_representative is not None:
        _tax_representative(bill, broken)
    if bill.period is not None and bill.period.start and bill.period.end and bill.period.end < bill.period.start:
        broken.append(Broken("BR-29", "the period billed ends before it begins", "BT-74"))


def _address(party: Party, rules: tuple[str, str], terms: tuple[str, str], who: str, broken: list[Broken]) -> None:
    if party.address == PostalAddress():
        broken.append(Broken(rules[0], f"the {who} must have an address", terms[0]))
    else:
        broken.append(Broken(rules[1], f"the {who}'s address must have a country", terms[1]))


def _tax_representative(bill: Bill, broken: list[Broken]) -> None:
    representative = bill.tax_representative
    assert representative is not None
    if not representative.name:
        broken.append(Broken("BR-18", "the tax representative must have a name", "BT-62"))
    if not representative.address.country:
        broken.append(Broken("BR-20", "the tax representative's address must have a country", "BT-69"))
    if not representative.vat_id:
        broken.append(Broken("BR-56", "the tax representative must have a VAT identifier", "BT-63"))
