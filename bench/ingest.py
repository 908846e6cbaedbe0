"""Measures how fast a bill is read: bytes to `Bill` with all checks, against lxml's bare parse of the same bytes.

    python -m bench.ingest [rounds]

Both sides run interleaved over the same documents, all different, of three to nine lines; medians of the rounds. The
machine's speed cancels out: only the ratio is promised (35 % at least, 50 % aimed at). The main figure is for one long
feed, which learns the shapes of its bills (`ingest/xml/shapes/shape_cache.py`); beside it is the cost of bills whose
shape is new.
"""

import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lxml import etree

from export.cii import EN16931, write_cii
from ingest.checks import check
from ingest.xml.document_reader import read_document
from ingest.xml.shapes import ShapeCache
from issuers.profile import Profile

#: Bills in each round.
PART = 300

_LINE = """
  <cac:InvoiceLine>
    <cbc:ID>{n}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="KWH">{quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod>
    <cac:Item>
      <cbc:Description>Électricité, heures pleines, relevé du compteur à distance</cbc:Description>
      <cbc:Name>Consommation heures pleines {n}</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>HP-{n}</cbc:ID></cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID><cbc:Percent>20.0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>"""

_PARTY = """
  <cac:{role}><cac:Party>
    <cbc:EndpointID schemeID="0225">{siren}</cbc:EndpointID>
    <cac:PartyIdentification><cbc:ID schemeID="0009">{siren}00011</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress>
      <cbc:StreetName>{n} rue des Lilas</cbc:StreetName><cbc:AdditionalStreetName>Bâtiment B</cbc:AdditionalStreetName>
      <cbc:CityName>Nantes</cbc:CityName><cbc:PostalZone>44000</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyTaxScheme>
      <cbc:CompanyID>FR32{siren}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
    </cac:PartyTaxScheme>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName>{name}</cbc:RegistrationName><cbc:CompanyID schemeID="0002">{siren}</cbc:CompanyID>
    </cac:PartyLegalEntity>
    <cac:Contact>
      <cbc:Name>Service clients</cbc:Name><cbc:Telephone>+33 1 23 45 67 89</cbc:Telephone>
      <cbc:ElectronicMail>clients@example.org</cbc:ElectronicMail>
    </cac:Contact>
  </cac:Party></cac:{role}>"""

_BILL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>F-2026-{n:06}</cbc:ID>
  <cbc:IssueDate>2026-11-02</cbc:IssueDate>
  <cbc:DueDate>2026-11-30</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:Note>Merci de rappeler le numéro de la facture.</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>CL-{n}</cbc:BuyerReference>
  <cac:InvoicePeriod><cbc:StartDate>2026-10-01</cbc:StartDate><cbc:EndDate>2026-10-31</cbc:EndDate></cac:InvoicePeriod>
  <cac:ContractDocumentReference><cbc:ID>C-{n}</cbc:ID></cac:ContractDocumentReference>{seller}{buyer}
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode name="Virement">30</cbc:PaymentMeansCode><cbc:PaymentID>F-2026-{n:06}</cbc:PaymentID>
    <cac:PayeeFinancialAccount>
      <cbc:ID>FR7630006000011234567890189</cbc:ID><cbc:Name>Électricité de la Loire</cbc:Name>
      <cac:FinancialInstitutionBranch><cbc:ID>AGRIFRPP</cbc:ID></cac:FinancialInstitutionBranch>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:PaymentTerms><cbc:Note>À trente jours</cbc:Note></cac:PaymentTerms>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID><cbc:Percent>20.0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{gross}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>{lines}
</Invoice>
"""


def document(n: int) -> bytes:
    """Return the n-th bill, correct, of three to nine lines, about 10 kB."""
    lines = 3 + n % 7
    nets = [Decimal(100 * place + n) / 4 for place in range(1, lines + 1)]
    net = sum(nets, Decimal(0)).quantize(Decimal("0.01"))
    vat = round(net / 5, 2)
    written = [
        _LINE.format(n=place, quantity=100 * place + n, net=f"{amount:.2f}", price="0.25")
        for place, amount in enumerate(nets, 1)
    ]
    return _BILL.format(
        n=n, net=net, vat=vat, gross=net + vat, lines="".join(written),
        seller=_PARTY.format(role="AccountingSupplierParty", name="Électricité de la Loire", siren=732829320, n=1),
        buyer=_PARTY.format(role="AccountingCustomerParty", name=f"Alice Martin {n}", siren=552100554, n=n),
    ).encode()  # fmt: skip


def bare(body: bytes) -> None:
    """Parse with lxml only."""
    etree.fromstring(body)


class Feed:
    """The bills of one feed in order: shapes are learned on the way, as in a real feed."""

    def __init__(self, learns: bool) -> None:
        self._shapes, self._learns = ShapeCache(), learns

    def read(self, body: bytes, profile: Profile = Profile()) -> None:  # noqa: B008 - frozen
        """Read one document of the feed."""
        draft = read_document(body, "usable", "document", self._shapes if self._learns else ShapeCache())
        assert draft.bill is not None
        findings = draft.findings + check(draft.bill, profile)
        assert not findings, findings


def compare(what: str, bodies: list[bytes], rounds: int) -> None:
    """Print the ratios of one long feed, in *rounds* parts: with its shapes learned, and as if every shape were new."""
    print(f"{what} of {sum(map(len, bodies)) // len(bodies)} bytes, {len(bodies)} of them in {rounds} parts")
    for side, read in (("to Bill with checks", Feed(learns=True).read), ("of unknown shape", Feed(learns=False).read)):
        parts = [seconds([bare, read], bodies[part::rounds]) for part in range(rounds)]
        parse, whole = (median(part[side] for part in parts) * rounds / len(bodies) for side in (0, 1))
        speeds = f"{1 / whole:6.0f} /s/core, lxml parse alone {1 / parse:6.0f} /s/core"
        print(f"  {side:20} {speeds}  {100 * parse / whole:3.0f} %")


def seconds(sides: list[Callable[[bytes], None]], bodies: list[bytes]) -> list[float]:
    """Return the seconds that each side takes for all *bodies*. The sides take turns at every document, so that noise
    affects them alike."""
    taken = [0.0] * len(sides)
    for body in bodies:
        for place, side in enumerate(sides):
            began = time.process_time()
            side(body)
            taken[place] += time.process_time() - began
    return taken


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    bodies = [document(n) for n in range(rounds * PART)]
    compare("UBL", bodies, rounds)
    shapes = ShapeCache()
    bills = [read_document(body, "usable", "document", shapes).bill for body in bodies]
    compare("CII", [write_cii(bill, EN16931) for bill in bills if bill is not None], rounds)


if __name__ == "__main__":
    main()
