"""Every way to pay that a bill names is kept, in its order, with its code: what is offered is decided elsewhere."""

from datetime import date
from decimal import Decimal

import pytest

from bill import as_issued
from tests.ingest.sample_files import SAMPLES, only_bill, only_entry, sample, warnings
from tests.ingest.test_edifact_reader import ALICE_WATER, recounted

GROUPS = (SAMPLES / "lines-in-groups.cii.xml").read_bytes()
IBAN = "FR7630006000011234567890189"


@pytest.mark.parametrize(
    ("name", "codes"), [("M-1-transfer-then-debit", ["30", "59"]), ("M-2-debit-then-transfer", ["59", "30"])]
)
def test_a_mandate_in_either_place_is_collected(name: str, codes: list[str]):
    bill = only_bill(sample(name))
    assert [each.means_code for each in (bill.payment, *bill.payments)] == codes
    assert (as_issued(bill).kind, as_issued(bill).how.ways if as_issued(bill).how else ()) == ("collected", ("debit",))


def test_a_mandate_that_cii_says_once_is_the_direct_debits():
    means = b"</ram:SpecifiedTradeSettlementPaymentMeans>"
    debit = b"<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>59</ram:TypeCode>" + means
    mandate = b"<ram:DirectDebitMandateID>RUM1</ram:DirectDebitMandateID></ram:SpecifiedTradePaymentTerms>"
    both = GROUPS.replace(means, means + debit, 1).replace(b"</ram:SpecifiedTradePaymentTerms>", mandate)
    bill = only_bill(both)
    assert [(each.means_code, each.mandate) for each in (bill.payment, *bill.payments)] == [("30", ""), ("59", "RUM1")]
    assert as_issued(bill).is_collected


def test_two_codes_in_edifact_are_two_ways():
    both = recounted(ALICE_WATER.replace(b"PAI+::30'", b"PAI+::30'PAI+::49'"))
    bill = only_bill(both)
    assert [each.means_code for each in (bill.payment, *bill.payments)] == ["30", "49"]
    assert as_issued(bill).is_collected


def test_only_a_sound_account_is_offered_and_the_broken_one_is_told():
    entry = only_entry(sample("M-6-two-IBANs"))
    assert entry.bill is not None
    assert [each.iban for each in entry.bill.payment.transfers] == ["GB00BAD", "DE89370400440532013000"]
    assert warnings(entry) == ["DQ-IBAN"]
    how = as_issued(entry.bill).how
    assert how is not None
    assert how.account is not None
    assert how.account.iban == "DE89370400440532013000"


def test_an_account_that_is_no_iban_keeps_its_scheme():
    account = b"<cac:PayeeFinancialAccount><cbc:ID>%s</cbc:ID>" % IBAN.encode()
    channel = b"<cbc:PaymentChannelCode>DK:FIK</cbc:PaymentChannelCode>"
    bill = only_bill(sample("M-8-payee").replace(account, channel + account.replace(IBAN.encode(), b"88888888")))
    how = as_issued(bill).how
    assert how is not None
    assert how.account is not None
    assert (how.account.number, how.account.scheme, how.payee) == ("88888888", "FIK", "Affacturage du Nord")


def test_a_negative_invoice_is_in_the_buyers_favour():
    due = as_issued(only_bill(sample("negative-380")))
    assert (due.kind, due.favour) == ("credit", Decimal("120.00"))


def test_several_bills_before_this_one():
    inner = b"<cac:InvoiceDocumentReference><cbc:ID>%s</cbc:ID>%s</cac:InvoiceDocumentReference>"
    reference = b"<cac:BillingReference>" + inner + b"</cac:BillingReference>"
    there = reference % (b"B-1", b"")
    more = there + reference % (b"B-0", b"<cbc:IssueDate>2026-10-02</cbc:IssueDate>")
    assert there in sample("b2-credits-b1")
    bill = only_bill(sample("b2-credits-b1").replace(there, more))
    assert [(each.number, each.issue_date) for each in bill.preceding] == [("B-1", None), ("B-0", date(2026, 10, 2))]
    assert [each.number for each in only_bill(sample("corrective-384")).preceding] == ["A-1"]


def test_a_giro_account_and_a_payee_in_our_own_json():
    said = (
        b'{"number":"J-1","issue_date":"2026-11-02","currency":"SEK","payable":1,"payee":{"name":"Factoring AB"},'
        b'"payment":{"means_code":"30","iban":"12345-6","scheme":"PlusGiro","remittance":"1234567890123452"}}'
    )
    how = as_issued(only_bill(said)).how
    assert how is not None
    assert how.account is not None
    assert (how.account.scheme, how.account.number) == ("PlusGiro", "12345-6")
    assert (how.payee, how.remittance) == ("Factoring AB", "1234567890123452")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("FR76-3000-6000-0112-3456-7890-189", IBAN), ("IBAN: FR76 3000 6000 0112 3456 7890 189", IBAN),
        ("20-00-00 12345678", "20-00-00 12345678"), ("6012 34 56785", "6012 34 56785"), ("5402-9681", "5402-9681"),
    ],
)  # fmt: skip
def test_an_iban_is_closed_and_another_number_is_kept_as_given(written: str, kept: str):
    bill = only_bill(sample("M-8-payee").replace(IBAN.encode(), written.encode()))
    assert bill.payment.transfers[0].iban == kept
