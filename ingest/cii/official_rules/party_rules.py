"""The rules of parties, addresses and delivery, checked on CII elements (EN 16931-3-3, from the official validation
1.3.16)."""

from typing import Final

from ingest.cii.official_rules.shared_predicates import AGREEMENT, BILL, DELIVERY
from ingest.xml.official_rule_kinds import ElementRule, once

_SELLER: Final = f"{AGREEMENT}/ram:SellerTradeParty"
_BUYER: Final = f"{AGREEMENT}/ram:BuyerTradeParty"
_AGENT: Final = "ram:SellerTaxRepresentativeTradeParty"
_TO_SELLER: Final = "../../ram:ApplicableHeaderTradeAgreement[1]/ram:SellerTradeParty[1]"

PARTY_RULES: Final = (
    ElementRule("BR-06", BILL, f"not(normalize-space({_SELLER}/ram:Name))", "a bill must name the seller"),
    ElementRule("BR-07", BILL, f"not(normalize-space({_BUYER}/ram:Name))", "a bill must name the buyer"),
    ElementRule("BR-08", BILL, f"not({_SELLER}/ram:PostalTradeAddress)", "the seller must have an address"),
    ElementRule("BR-09", BILL, f"not(normalize-space({_SELLER}/ram:PostalTradeAddress/ram:CountryID))",
                "the seller's address must have a country"),
    ElementRule("BR-10", BILL, f"not({_BUYER}/ram:PostalTradeAddress)", "the buyer must have an address"),
    ElementRule("BR-11", BILL, f"not(normalize-space({_BUYER}/ram:PostalTradeAddress/ram:CountryID))",
                "the buyer's address must have a country"),
    ElementRule("BR-62", BILL, f"{_SELLER}/ram:URIUniversalCommunication and not(normalize-space("
                f"{_SELLER}/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID))",
                "the seller's electronic address must name its scheme"),
    ElementRule("BR-63", BILL, f"{_BUYER}/ram:URIUniversalCommunication and not(normalize-space("
                f"{_BUYER}/ram:URIUniversalCommunication[1]/ram:URIID/@schemeID))",
                "the buyer's electronic address must name its scheme"),
    ElementRule("BR-CO-26", "ram:SellerTradeParty", "not(ram:ID or ram:GlobalID or ram:SpecifiedLegalOrganization"
                "/ram:ID or ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA'])",
                "the seller must have an identifier"),
    *once(
        AGREEMENT,
        ("CII-SR-455", "ram:SellerTradeParty/ram:DefinedTradeContact", "the seller's contact (BG-6)"),
        ("CII-SR-456", "ram:BuyerTradeParty/ram:DefinedTradeContact", "the buyer's contact (BG-9)"),
        ("CII-SR-459", "ram:SellerTradeParty/ram:URIUniversalCommunication", "the seller's address (BT-34)"),
        ("CII-SR-460", "ram:BuyerTradeParty/ram:URIUniversalCommunication", "the buyer's address (BT-49)"),
    ),
    ElementRule("BR-17", "ram:PayeeTradeParty", f"not(ram:Name) or ram:Name = {_TO_SELLER}/ram:Name"
                f" or ram:ID = {_TO_SELLER}/ram:ID or ram:SpecifiedLegalOrganization/ram:ID"
                f" = {_TO_SELLER}/ram:SpecifiedLegalOrganization/ram:ID", "a payee must have a name (BT-59)"),
    ElementRule("BR-18", _AGENT, "not(normalize-space(ram:Name))", "the tax representative must have a name"),
    ElementRule("BR-19", _AGENT, "not(ram:PostalTradeAddress)", "the tax representative must have an address"),
    ElementRule("BR-20", _AGENT, "not(normalize-space(ram:PostalTradeAddress/ram:CountryID))",
                "the tax representative's address must have a country"),
    ElementRule("BR-56", _AGENT, "not(normalize-space(ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']))",
                "the tax representative must have a VAT identifier"),
    ElementRule("BR-57", DELIVERY, "ram:ShipToTradeParty/ram:PostalTradeAddress"
                " and not(normalize-space(ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID))",
                "the address of delivery must have a country (BT-80)"),
)  # fmt: skip
