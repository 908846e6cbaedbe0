"""Writes CII's trade delivery: to whom, where and when it was delivered, despatch and receiving advice (BG-13)."""

from bill import Bill
from export.cii.facturx_profile import EN16931, MINIMUM, FacturXProfile
from export.cii.trade_party import identified, write_address
from export.cii.xml_elements import branch, document, leaf, on_day


def write_delivery(bill: Bill, profile: FacturXProfile) -> str:
    """Return the element ApplicableHeaderTradeDelivery of the bill (BG-13)."""
    if profile is MINIMUM:
        return "<ram:ApplicableHeaderTradeDelivery/>"
    given = bill.delivered
    whole = profile is EN16931
    parts = (
        _ship_to(bill) if given else "",
        branch("ActualDeliverySupplyChainEvent", on_day("OccurrenceDateTime", given.on)) if given else "",
        document("DespatchAdviceReferencedDocument", bill.despatch),
        document("ReceivingAdviceReferencedDocument", bill.receiving) if whole else "",
    )
    return branch("ApplicableHeaderTradeDelivery", *parts) or "<ram:ApplicableHeaderTradeDelivery/>"


def _ship_to(bill: Bill) -> str:
    given = bill.delivered
    if given is None:
        return ""
    place, party = given.location, given.party
    return branch(
        "ShipToTradeParty",
        identified([place]) if place else "",
        leaf("Name", given.name or (party.name if party else "")),
        write_address(party.address) if party and party.address.country else "",
    )
