"""Small feeds of our own making: bills of Lumière to Alice, Bob and Charlie, as UBL."""

from collections.abc import Iterable
from decimal import Decimal
from xml.sax.saxutils import escape

_HEAD = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)

PEOPLE = {
    "C-ALICE": ("Alice Martin", "12 rue des Lilas", "44000", "Nantes"),
    "C-BOB": ("Bob Le Goff", "3 quai de la Fosse", "44100", "Nantes"),
    "C-CHARLIE": ("Charlie Moreau", "8 place du Marché", "35000", "Rennes"),
}


def ubl(
    number: str, account: str = "C-ALICE", net: Decimal = Decimal("70.00"), issued: str = "2026-03-02",
    due: str = "2026-04-15", seller: str = "Lumière de l'Ouest", gross: Decimal | None = None,
    person: tuple[str, str, str, str] | None = None, scheme: str = "",
) -> str:  # fmt: skip
    """One UBL invoice of one line at 20 % VAT; *gross* given by hand can be made not to add up. *person* is a name,
    street, postcode and town, where it is not who usually has the account; *scheme* is of the account's number."""
    known = PEOPLE.get(account, (f"Dominique {account}", "1 rue Neuve", "29200", "Brest"))
    name, street, postcode, city = person or known
    given = f' schemeID="{escape(scheme)}"' if scheme else ""
    vat = (net * Decimal("0.2")).quantize(Decimal("0.01"))
    total = net + vat if gross is None else gross
    return (
        f"{_HEAD}<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>{escape(number)}</cbc:ID>"
        f"<cbc:IssueDate>{issued}</cbc:IssueDate><cbc:DueDate>{due}</cbc:DueDate>"
        "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"<cbc:BuyerReference>{escape(account)}</cbc:BuyerReference>"
        f"<cac:AccountingSupplierParty><cac:Party>{_address('1 place de la Gare', '35000', 'Rennes')}"
        f"<cac:PartyTaxScheme><cbc:CompanyID>FR40303265045</cbc:CompanyID>{_VAT_SCHEME}</cac:PartyTaxScheme>"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(seller)}</cbc:RegistrationName></cac:PartyLegalEntity>"
        "</cac:Party></cac:AccountingSupplierParty>"
        "<cac:AccountingCustomerParty><cac:Party>"
        f"<cac:PartyIdentification><cbc:ID{given}>{escape(account)}</cbc:ID></cac:PartyIdentification>"
        f"{_address(street, postcode, city)}"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(name)}</cbc:RegistrationName></cac:PartyLegalEntity>"
        "</cac:Party></cac:AccountingCustomerParty>"
        f"<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>{escape(number)}</cbc:PaymentID>"
        "<cac:PayeeFinancialAccount><cbc:ID>FR7630006000011234567890189</cbc:ID></cac:PayeeFinancialAccount>"
        "</cac:PaymentMeans>"
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount><cac:TaxSubtotal>'
        f'<cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">{vat}'
        f"</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent>{_VAT_SCHEME}"
        "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        f'<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>'
        f'<cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>'
        f'<cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>'
        f'<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>'
        '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="KWH">350</cbc:InvoicedQuantity>'
        f'<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount><cac:Item>'
        "<cbc:Name>Consommation d'électricité</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>"
        f"<cbc:Percent>20</cbc:Percent>{_VAT_SCHEME}</cac:ClassifiedTaxCategory></cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="EUR">{net / 350:.4f}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>'
        "</Invoice>"
    )


_VAT_SCHEME = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"


def _address(street: str, postcode: str, city: str) -> str:
    return (
        f"<cac:PostalAddress><cbc:StreetName>{escape(street)}</cbc:StreetName><cbc:CityName>{escape(city)}</cbc:CityName>"
        f"<cbc:PostalZone>{postcode}</cbc:PostalZone><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode>"
        "</cac:Country></cac:PostalAddress>"
    )


def batch(invoices: Iterable[str]) -> bytes:
    """Many invoices in one XML."""
    return b"<?xml version='1.0' encoding='UTF-8'?>\n<Invoices>" + "\n".join(invoices).encode() + b"</Invoices>"
