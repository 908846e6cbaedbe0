"""CII: Charlie's water bill, in today's syntax and in ZUGFeRD 1.0's."""

from datetime import date
from decimal import Decimal

from bill import Identifier, Note, Period
from tests.ingest.sample_files import CHARLIE, only_bill, only_entry, read, warnings


def test_charlies_bill_is_taken_without_a_word():
    reading, [entry] = read(CHARLIE)
    assert (reading.format, reading.whole, entry.findings) == ("CII", True, ())


def test_it_says_who_owes_what_by_when():
    bill = only_bill(CHARLIE)
    assert (bill.number, bill.type_code, bill.currency) == ("W-2026-0003", "380", "EUR")
    assert bill.issue_date == date(2026, 11, 4)
    assert bill.due_date == date(2026, 12, 5), "of two instalments the first"
    assert (bill.totals.payable, bill.totals.vat) == (Decimal("31.65"), Decimal("1.65"))
    assert (bill.seller.name, bill.buyer.name) == ("Eaux de Bretagne", "Charlie Petit")
    assert bill.buyer.identifiers == (Identifier(value="CL-3003"),)
    assert (bill.contract, bill.buyer_reference, bill.tax_point_code) == ("EAU-99", "REF-CHARLIE", "5")
    assert bill.period == Period(start=date(2026, 5, 1), end=date(2026, 10, 31))
    assert bill.notes == (Note(text="Eau potable", subject="AAI"),)


def test_a_direct_debit_has_its_mandate():
    payment = only_bill(CHARLIE).payment
    assert payment.is_direct_debit
    assert (payment.mandate, payment.creditor_id) == ("RUM-42", "FR99ZZZ654321")
    assert (payment.debited_iban, payment.remittance) == ("FR7630006000011234567890189", "W-2026-0003")


def test_the_line_has_its_prices_and_its_meter():
    [line] = only_bill(CHARLIE).lines
    assert (line.quantity, line.unit, line.net_amount) == (Decimal(15), "MTQ", Decimal("30.00"))
    assert (line.net_price, line.gross_price, line.price_discount) == (
        Decimal("2.00"),
        Decimal("2.20"),
        Decimal("0.20"),
    )
    assert [(a.name, a.value) for a in line.attributes] == [("Compteur", "A-17")]


def test_where_the_water_went():
    delivered = only_bill(CHARLIE).delivered
    assert delivered is not None
    assert (delivered.name, delivered.on) == ("Maison de Charlie", date(2026, 10, 31))


def test_vat_in_another_currency_is_kept_apart():
    both = CHARLIE.replace(
        b'<ram:TaxTotalAmount currencyID="EUR">1.65</ram:TaxTotalAmount>',
        b'<ram:TaxTotalAmount currencyID="SEK">18.15</ram:TaxTotalAmount>'
        b'<ram:TaxTotalAmount currencyID="EUR">1.65</ram:TaxTotalAmount>',
    ).replace(b"<ram:InvoiceCurrencyCode>", b"<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>")
    totals = only_bill(both).totals
    assert (totals.vat, totals.vat_in_vat_currency) == (Decimal("1.65"), Decimal("18.15"))


def test_a_profile_without_lines_gives_a_bill_without_lines():
    start, end = (
        CHARLIE.index(b"<ram:IncludedSupplyChainTradeLineItem>"),
        CHARLIE.index(b"<ram:ApplicableHeaderTradeAg"),
    )
    entry = only_entry(CHARLIE[:start] + CHARLIE[end:])
    assert entry.bill is not None
    assert entry.bill.lines == ()
    assert warnings(entry) == ["BR-16", "BR-CO-10", "BR-S-08"]


ZUGFERD_1 = b"""<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
  <rsm:HeaderExchangedDocument><ram:ID>Z-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20130305</udt:DateTimeString></ram:IssueDateTime>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Alice</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Bob</ram:Name></ram:BuyerTradeParty>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:GrandTotalAmount currencyID="EUR">235.62</ram:GrandTotalAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>"""


def test_zugferd_1_basic_has_no_amount_due_but_its_total():
    reading, [entry] = read(ZUGFERD_1)
    assert reading.format == "ZUGFeRD 1.0"
    assert entry.bill is not None
    assert entry.bill.totals.payable == Decimal("235.62")
    assert (entry.bill.seller.name, entry.bill.buyer.name) == ("Alice", "Bob")


def test_the_document_names_its_language():
    named = b"<ram:LanguageID>FR</ram:LanguageID><ram:LanguageID>nl</ram:LanguageID><ram:IncludedNote>"
    assert only_bill(CHARLIE.replace(b"<ram:IncludedNote>", named, 1)).language == "fr"
    assert only_bill(CHARLIE).language == ""
