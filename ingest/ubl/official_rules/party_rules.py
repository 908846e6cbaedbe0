"""The rules of parties, addresses and delivery, checked on UBL elements (EN 16931-3-2, from the official validation
1.3.16)."""

from typing import Final

from ingest.ubl.official_rules.shared_predicates import BILL, SEPA, VAT
from ingest.xml.official_rule_kinds import ElementRule, once

_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
_IS_VAT: Final = "cac:TaxScheme[translate(cbc:ID, 'vat', 'VAT') = 'VAT']"
_IS_OTHER: Final = "cac:TaxScheme[translate(cbc:ID, 'vat', 'VAT') != 'VAT']"
_COUNTRY: Final = "normalize-space(cac:Country/cbc:IdentificationCode)"
_REGISTERED: Final = "../cac:AccountingSupplierParty[1]/cac:Party[1]/cac:PartyLegalEntity/cbc:RegistrationName"
#: The payee has no name, or only the seller's registered one.
_IS_SELLER: Final = f"not(cac:PartyName/cbc:Name != {_REGISTERED})"
_NO_PAYEE: Final = "the payee must have a name, and another than the seller's registered one (BT-59)"
_NO_SCHEME: Final = "the seller's electronic address must name its scheme"

PARTY_RULES: Final = (
    ElementRule("BR-06", BILL, f"not(normalize-space({_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName))",
                "a bill must name the seller"),
    ElementRule("BR-07", BILL, f"not(normalize-space({_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName))",
                "a bill must name the buyer"),
    ElementRule("BR-08", BILL, f"not({_SELLER}/cac:PostalAddress)", "the seller must have an address"),
    ElementRule("BR-09", f"{_SELLER}/cac:PostalAddress", f"not({_COUNTRY})",
                "the seller's address must have a country"),
    ElementRule("BR-10", BILL, f"not({_BUYER}/cac:PostalAddress)", "the buyer must have an address"),
    ElementRule("BR-11", f"{_BUYER}/cac:PostalAddress", f"not({_COUNTRY})", "the buyer's address must have a country"),
    ElementRule("BR-62", f"{_SELLER}/cbc:EndpointID", "not(@schemeID)", _NO_SCHEME),
    ElementRule("BR-63", f"{_BUYER}/cbc:EndpointID", "not(@schemeID)",
                "the buyer's electronic address must name its scheme"),
    ElementRule("BR-CO-26", "cac:AccountingSupplierParty",
                f"not(cac:Party/cac:PartyTaxScheme{VAT}/cbc:CompanyID"
                " or cac:Party/cac:PartyIdentification/cbc:ID[not(@schemeID = 'SEPA')]"
                " or cac:Party/cac:PartyLegalEntity/cbc:CompanyID)", "the seller must have an identifier"),
    *once(
        BILL,
        ("UBL-SR-09", f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName", "the seller's name (BT-27)"),
        ("UBL-SR-10", f"{_SELLER}/cac:PartyName/cbc:Name", "the seller's trading name (BT-28)"),
        ("UBL-SR-11", f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "the seller's legal identifier (BT-30)"),
        ("UBL-SR-12", f"{_SELLER}/cac:PartyTaxScheme[{_IS_VAT}]/cbc:CompanyID", "the seller's VAT identifier (BT-31)"),
        ("UBL-SR-13", f"{_SELLER}/cac:PartyTaxScheme[{_IS_OTHER}]/cbc:CompanyID",
         "the seller's tax registration (BT-32)"),
        ("UBL-SR-14", f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm", "the seller's legal form (BT-33)"),
        ("UBL-SR-15", f"{_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName", "the buyer's name (BT-44)"),
        ("UBL-SR-16", f"{_BUYER}/cac:PartyIdentification/cbc:ID", "the buyer's identifier (BT-46)"),
        ("UBL-SR-17", f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID", "the buyer's legal identifier (BT-47)"),
        ("UBL-SR-18", f"{_BUYER}/cac:PartyTaxScheme[{_IS_VAT}]/cbc:CompanyID", "the buyer's VAT identifier (BT-48)"),
        ("UBL-SR-40", f"{_BUYER}/cac:PartyName/cbc:Name", "the buyer's trading name (BT-45)"),
    ),
    ElementRule("UBL-SR-42", _SELLER, "cac:PartyTaxScheme[3]", "a seller has two tax registrations at most"),
    ElementRule("UBL-SR-53", "cac:PartyTaxScheme", "not(cac:TaxScheme/cbc:ID and cbc:CompanyID)",
                "a tax registration must have its number and its tax"),
    *once("cac:PostalAddress | cac:Address", ("UBL-SR-51", "cac:AddressLine", "an address's third line")),
    ElementRule("BR-18", "cac:TaxRepresentativeParty", "not(normalize-space(cac:PartyName/cbc:Name))",
                "the tax representative must have a name"),
    ElementRule("BR-19", "cac:TaxRepresentativeParty", "not(cac:PostalAddress)",
                "the tax representative must have an address"),
    ElementRule("BR-20", "cac:TaxRepresentativeParty/cac:PostalAddress", f"not({_COUNTRY})",
                "the tax representative's address must have a country"),
    ElementRule("BR-56", "cac:TaxRepresentativeParty", f"not(cac:PartyTaxScheme{VAT}/cbc:CompanyID)",
                "the tax representative must have a VAT identifier"),
    *once(
        "cac:TaxRepresentativeParty",
        ("UBL-SR-22", "cac:PartyName/cbc:Name", "the tax representative's name (BT-62)"),
        ("UBL-SR-23", "cac:PartyTaxScheme/cbc:CompanyID", "the tax representative's VAT identifier (BT-63)"),
    ),
    ElementRule("BR-17", "cac:PayeeParty",
                "not(cac:PartyName/cbc:Name)"
                " or cac:PartyName/cbc:Name = ../cac:AccountingSupplierParty[1]/cac:Party[1]/cac:PartyName/cbc:Name"
                " or cac:PartyIdentification/cbc:ID"
                " = ../cac:AccountingSupplierParty[1]/cac:Party[1]/cac:PartyIdentification/cbc:ID",
                "a payee must have a name (BT-59)"),
    ElementRule("UBL-SR-19", "cac:PayeeParty", f"count(cac:PartyName/cbc:Name) > 1 or {_IS_SELLER}", _NO_PAYEE),
    ElementRule("UBL-SR-20", "cac:PayeeParty",
                f"count(cac:PartyIdentification/cbc:ID[not({SEPA})]) > 1 or {_IS_SELLER}", _NO_PAYEE),
    ElementRule("UBL-SR-21", "cac:PayeeParty", f"count(cac:PartyLegalEntity/cbc:CompanyID) > 1 or {_IS_SELLER}",
                _NO_PAYEE),
    *once("cac:Delivery", ("UBL-SR-25", "cac:DeliveryParty/cac:PartyName/cbc:Name", "who receives (BT-70)")),
    ElementRule("BR-57", "cac:Delivery/cac:DeliveryLocation/cac:Address", "not(cac:Country/cbc:IdentificationCode)",
                "the address of delivery must have a country (BT-80)"),
)  # fmt: skip
