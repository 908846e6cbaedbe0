"""UBL: Alice's electricity bill says everything a bill can say; Bob gets money back."""

from datetime import date
from decimal import Decimal

from bill import Identifier, Note, Period, Reference
from tests.ingest.sample_files import ALICE, BOB, only_bill, only_entry, read, warnings


def test_alices_bill_is_taken_without_a_word():
    reading, [entry] = read(ALICE)
    assert reading.format == "UBL"
    assert reading.whole
    assert (entry.seq, entry.number, entry.findings) == (1, "E-2026-0001", ())
    assert reading.totals == {"EUR": Decimal("84.20")}


def test_the_header_says_who_owes_what_by_when():
    bill = only_bill(ALICE)
    assert (bill.number, bill.type_code, bill.currency) == ("E-2026-0001", "380", "EUR")
    assert bill.issue_date == date(2026, 11, 2), "the time zone is dropped"
    assert bill.due_date == date(2026, 11, 30)
    assert bill.totals.payable == Decimal("84.20")
    assert bill.totals.paid == Decimal("4.30")
    assert bill.period == Period(start=date(2026, 10, 1), end=date(2026, 10, 31))
    assert bill.tax_point_code == "35"
    assert (bill.profile, bill.process) == ("urn:cen.eu:en16931:2017", "M1")


def test_references_find_their_terms():
    bill = only_bill(ALICE)
    assert (bill.contract, bill.buyer_reference, bill.order) == ("C-4711", "REF-ALICE", "CMD-7")
    assert (bill.sales_order, bill.buyer_accounting) == ("VTE-7", "FOYER")
    assert bill.preceding == (Reference(number="E-2026-0000", issue_date=date(2026, 9, 2)),)
    assert bill.object_id == Identifier(value="14 295 178 654 321", scheme="AVE")
    assert bill.notes == (Note(text="Merci de relever votre compteur\navant le 15.", subject="AAI"),)
    assert bill.terms == "À trente jours, fin de mois"


def test_names_have_no_line_breaks():
    bill = only_bill(ALICE)
    assert bill.seller.name == "Électricité de la Loire SA"
    assert bill.seller.trading_name == "Loire Énergie"
    assert bill.seller.legal_id == Identifier(value="732829320", scheme="0002")
    assert bill.seller.vat_id == "FR44732829320"
    assert bill.seller.identifiers == (Identifier(value="73282932000074", scheme="0009"),)
    assert bill.seller.contact is not None
    assert bill.seller.contact.phone == "09 69 00 00 00"


def test_alice_has_an_address_that_a_letter_can_reach():
    buyer = only_bill(ALICE).buyer
    assert buyer.name == "Alice Martin"
    assert buyer.identifiers == (Identifier(value="CL-1001"),)
    assert (buyer.address.line1, buyer.address.line2, buyer.address.line3) == (
        "12 rue des Lilas", "Appartement 4", "Bâtiment B",
    )  # fmt: skip
    assert buyer.address.is_postable


def test_accounts_of_one_means_are_one_payment():
    payment = only_bill(ALICE).payment
    assert [t.iban for t in payment.transfers] == ["FR7630006000011234567890189", "FR1420041010050500013M02606"]
    assert (payment.means_code, payment.means_text, payment.remittance) == ("30", "Virement", "E-2026-0001")
    assert payment.creditor_id == "FR12ZZZ123456"
    assert payment.transfers[0].bic == "AGRIFRPP"


def test_a_line_knows_its_meter_and_its_price():
    line = only_bill(ALICE).lines[0]
    assert (line.name, line.quantity, line.unit) == ("Consommation heures pleines", Decimal(268), "KWH")
    assert (line.net_price, line.gross_price, line.price_discount) == (
        Decimal("0.25"),
        Decimal("0.30"),
        Decimal("0.05"),
    )
    assert (line.vat_category, line.vat_rate) == ("S", Decimal(20))
    assert line.object_id == Identifier(value="PDL-14295178", scheme="MG")
    assert line.standard_item_id == Identifier(value="4012345001235", scheme="0160")
    assert line.classifications == (Identifier(value="2716", scheme="STI"),)
    assert [(a.name, a.value) for a in line.attributes] == [("Index", "12 345")]


def test_an_attachment_is_kept_under_a_name_that_is_no_path():
    [attachment] = only_bill(ALICE).attachments
    assert attachment.content == b"1234 kWh"
    assert attachment.filename == "releve.txt"
    assert (attachment.media_type, attachment.description) == ("text/csv", "Relevé du compteur")


def test_an_attachment_too_large_is_left_out_and_said():
    flood = ALICE.replace(b"MTIzNCBrV2g=", b"QUJD" * 2_000_000)
    entry = only_entry(flood)
    assert entry.bill is not None
    assert entry.bill.attachments[0].content is None
    assert warnings(entry) == ["ATTACHMENT-TOO-LARGE"]


def test_a_link_that_is_no_web_page_is_dropped():
    linked = ALICE.replace(
        b"<cac:Attachment>",
        b"<cac:Attachment><cac:ExternalReference><cbc:URI>file:///etc/passwd</cbc:URI></cac:ExternalReference>",
    )
    assert only_bill(linked).attachments[0].link == ""


def test_bobs_credit_note_is_one():
    bill = only_bill(BOB)
    assert (bill.number, bill.type_code, bill.is_credit_note) == ("A-2026-0002", "381", True)
    assert bill.due_date == date(2026, 12, 31), "a credit note's due date stands with the means of payment"
    assert bill.totals.payable == Decimal("12.00"), "as sent"
    assert bill.lines[0].quantity == Decimal(1)
    assert bill.preceding == (Reference(number="E-2026-0002"),)


def test_of_several_instalments_the_first_is_due():
    terms = b"<cac:PaymentTerms><cbc:PaymentDueDate>%s</cbc:PaymentDueDate></cac:PaymentTerms>"
    twice = ALICE.replace(b"<cac:PaymentTerms>", terms % b"2026-12-20" + terms % b"2026-11-20" + b"<cac:PaymentTerms>")
    assert only_bill(twice).due_date == date(2026, 11, 20)


def test_plain_ubl_may_name_its_currency_with_the_amount_only():
    plain = ALICE.replace(b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", b"")
    entry = only_entry(plain)
    assert entry.bill is not None
    assert entry.bill.currency == "EUR"
    assert warnings(entry) == ["BR-05"]


def test_plain_ubl_may_name_the_buyer_without_a_registration():
    plain = ALICE.replace(b"<cbc:RegistrationName>Alice Martin</cbc:RegistrationName>", b"").replace(
        b"<cbc:ID>CL-1001</cbc:ID></cac:PartyIdentification>",
        b"<cbc:ID>CL-1001</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name>Alice</cbc:Name></cac:PartyName>",
    )
    entry = only_entry(plain)
    assert entry.bill is not None
    assert entry.bill.buyer.name == "Alice"
    assert warnings(entry) == ["BR-07"]


def test_oioubl_calls_the_tax_its_amount_without_tax():
    danish = (
        ALICE.replace(b"urn:cen.eu:en16931:2017", b"OIOUBL-2.1")
        .replace(b'<cbc:TaxExclusiveAmount currencyID="EUR">75.00<', b'<cbc:TaxExclusiveAmount currencyID="EUR">13.50<')
        .replace(b"<cbc:ID>S</cbc:ID>", b"<cbc:ID>StandardRated</cbc:ID>")
    )
    bill = only_bill(danish)
    assert (bill.totals.net, bill.totals.vat) == (Decimal("75.00"), Decimal("13.50"))
    assert bill.lines[0].vat_category == "S"


def test_the_first_note_that_names_its_language_tells_the_bills():
    sent = ALICE.replace(b"<cbc:Note>", b'<cbc:Note languageID="nl-BE">', 1)
    assert sent != ALICE
    assert only_bill(sent).language == "nl"
    assert only_bill(sent.replace(b"nl-BE", b"7")).language == ""
