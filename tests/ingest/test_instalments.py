"""Alice pays in three parts, each with its day, in whatever syntax her issuer says so; or at once, and it is told."""

from datetime import date
from decimal import Decimal

import pytest

from bill import Instalment, as_issued
from issuers.file_layouts import XmlLayout
from issuers.profile import Profile
from tests.ingest.sample_files import SAMPLES, only_bill, only_entry, sample, short, warnings
from tests.ingest.test_edifact_reader import ALICE_WATER, recounted

UBL = sample("three-instalments")
CII = (SAMPLES / "lines-in-groups.cii.xml").read_bytes()
DAYS = (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31))
FORTY = Decimal("40.00")


def parts(content: bytes, profile: Profile | None = None) -> list[tuple[Decimal, date | None]]:
    return [(each.amount, each.due) for each in only_bill(content, profile).instalments]


def test_three_instalments_in_ubl():
    bill = only_bill(UBL)
    assert bill.instalments == tuple(
        Instalment(amount=FORTY, due=day, text=f"{n}/3") for n, day in enumerate(DAYS, start=1)
    )
    assert bill.due_date == DAYS[0]
    due = as_issued(bill)
    assert (due.amount, due.due, due.left) == (FORTY, DAYS[0], Decimal("120.00"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"InstallmentDueDate>", b"PaymentDueDate>"),
        (b'<cbc:Amount currencyID="EUR">40.00</cbc:Amount>', b""),
        (
            b"<cbc:InstallmentDueDate>2026-12-31</cbc:InstallmentDueDate>",
            b"<cac:SettlementPeriod><cbc:EndDate>2026-12-31</cbc:EndDate></cac:SettlementPeriod>",
        ),
        (b"<cbc:Note>1/3</cbc:Note>", b""),
    ],
    ids=short,
)
def test_other_ways_of_ubl(old: bytes, new: bytes):
    assert old in UBL
    said = UBL.replace(old, new)
    if not new and b"Amount" in old:
        for note, percent in ((b"1/3", b"33.33"), (b"2/3", b"33.33"), (b"3/3", b"33.34")):
            said = said.replace(
                b"<cbc:Note>%s</cbc:Note>" % note,
                b"<cbc:Note>%s</cbc:Note><cbc:PaymentPercent>%s</cbc:PaymentPercent>" % (note, percent),
            )
        assert parts(said) == [(Decimal("40.00"), DAYS[0]), (Decimal("40.00"), DAYS[1]), (FORTY, DAYS[2])]
    else:
        assert parts(said) == [(FORTY, day) for day in DAYS]


def test_the_day_may_stand_with_the_means_of_payment():
    said = UBL.replace(b"<cbc:InstallmentDueDate>2026-12-31</cbc:InstallmentDueDate>", b"").replace(
        b"<cbc:Note>2/3</cbc:Note>", b"<cbc:PaymentMeansID>M2</cbc:PaymentMeansID><cbc:Note>2/3</cbc:Note>"
    )
    means = b"<cac:PaymentMeans><cbc:ID>M2</cbc:ID><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
    due = b"<cbc:PaymentDueDate>2026-12-31</cbc:PaymentDueDate></cac:PaymentMeans>"
    said = said.replace(b"<cac:PaymentTerms>", means + due + b"<cac:PaymentTerms>", 1)
    assert parts(said) == [(FORTY, day) for day in DAYS]


def test_instalments_out_of_order_are_put_in_order():
    first, second = b"<cbc:InstallmentDueDate>2026-11-30", b"<cbc:InstallmentDueDate>2027-01-31"
    said = UBL.replace(first, b"~").replace(second, first).replace(b"~", second)
    assert parts(said) == [(FORTY, day) for day in DAYS]
    assert only_bill(said).due_date == DAYS[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"40.00</cbc:Amount>", b"39.00</cbc:Amount>"),
        (b"40.00</cbc:Amount>", b"50.00</cbc:Amount>"),
        (b"<cbc:InstallmentDueDate>2026-12-31</cbc:InstallmentDueDate>", b""),
        (b'<cbc:Amount currencyID="EUR">40.00', b'<cbc:Amount currencyID="EUR">-40.00'),
    ],
    ids=short,
)
def test_instalments_that_are_not_the_whole_are_told_and_not_taken(old: bytes, new: bytes):
    entry = only_entry(UBL.replace(old, new, 1))
    assert "TERM-INSTALMENTS" in warnings(entry)
    assert entry.bill is not None
    assert not entry.bill.instalments
    assert as_issued(entry.bill).amount == Decimal("120.00")
    assert entry.bill.due_date == DAYS[0]


def test_what_was_paid_on_account_was_the_first_of_them():
    said = UBL.replace(
        b'<cbc:PayableAmount currencyID="EUR">120.00',
        b'<cbc:PrepaidAmount currencyID="EUR">40.00</cbc:PrepaidAmount><cbc:PayableAmount currencyID="EUR">80.00',
    )
    bill = only_bill(said)
    assert len(bill.instalments) == 3
    due = as_issued(bill)
    assert (due.amount, due.due, due.left) == (FORTY, DAYS[1], Decimal("80.00"))


def test_one_set_of_terms_for_all_of_it_is_no_plan():
    terms = UBL[UBL.index(b"<cac:PaymentTerms>") : UBL.rindex(b"</cac:PaymentTerms>")]
    entry = only_entry(UBL.replace(terms, terms.partition(b"</cac:PaymentTerms>")[0].replace(b"40.00", b"120.00")))
    assert not entry.findings
    assert entry.bill is not None
    assert (entry.bill.instalments, entry.bill.due_date) == ((), DAYS[0])


def cii(*amounts: bytes) -> bytes:
    terms = b"".join(
        b"<ram:SpecifiedTradePaymentTerms><ram:Description>%d</ram:Description><ram:DueDateDateTime>"
        b'<udt:DateTimeString format="102">%s</udt:DateTimeString></ram:DueDateDateTime>'
        b"<ram:PartialPaymentAmount>%s</ram:PartialPaymentAmount></ram:SpecifiedTradePaymentTerms>"
        % (n, f"{day:%Y%m%d}".encode(), amount)
        for n, (day, amount) in enumerate(zip(DAYS, amounts, strict=True))
    )
    return with_terms(terms)


def with_terms(terms: bytes) -> bytes:
    begin, end = CII.index(b"<ram:SpecifiedTradePaymentTerms>"), CII.index(b"</ram:SpecifiedTradePaymentTerms>")
    return CII[:begin] + terms + CII[end + len(b"</ram:SpecifiedTradePaymentTerms>") :]


def test_three_instalments_in_cii():
    assert parts(cii(b"40.00", b"40.00", b"40.00")) == [(FORTY, day) for day in DAYS]
    entry = only_entry(cii(b"40.00", b"40.00", b"30.00"))
    assert "TERM-INSTALMENTS" in warnings(entry)


def test_instalments_in_edifact():
    payable = only_bill(ALICE_WATER).totals.payable
    first = payable - 20
    terms = f"PAT+21'DTM+13:20261130:102'MOA+262:{first}'PAT+21'DTM+13:20261231:102'MOA+262:20'".encode()
    said = recounted(ALICE_WATER.replace(b"PAT+1++5:3:D:28'", terms))
    assert parts(said) == [(first, DAYS[0]), (Decimal(20), DAYS[1])]
    discount = recounted(ALICE_WATER.replace(b"PAT+1++5:3:D:28'", b"PAT+1++5:3:D:28'PAT+22++5:3:D:8'PCD+12:2'"))
    assert only_bill(discount).due_date == date(2026, 11, 30)
    assert not only_bill(discount).instalments


def test_instalments_of_our_own_json_and_of_an_issuers_xml():
    said = (
        '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":120,"instalments":['
        '{"amount":40,"due":"2026-11-30"},{"amount":40,"due":"2026-12-31"},{"amount":40,"due":"2027-01-31"}]}'
    )
    assert parts(said.encode()) == [(Decimal(40), day) for day in DAYS]
    assert only_bill(said.encode()).due_date == DAYS[0]
    profile = Profile(xml=XmlLayout(bills="f", instalments="plan.part", dates="%Y-%m-%d", columns={
        "number": "n", "issue_date": "d", "payable": "p", "instalment.amount": "m", "instalment.due": "le",
    }))  # fmt: skip
    xml = b"".join(b"<part><m>40</m><le>%s</le></part>" % str(day).encode() for day in DAYS)
    said_in_xml = b"<r><f><n>X-1</n><d>2026-11-02</d><p>120</p><plan>%s</plan></f></r>" % xml
    assert parts(said_in_xml, profile) == [(Decimal(40), day) for day in DAYS]


def test_bills_before_this_one_in_our_own_json():
    said = '{"number":"J-1","issue_date":"2026-11-02","currency":"EUR","payable":1,"type_code":"381","preceding":%s}'
    both = only_bill((said % '["A-1",{"number":"A-2","issue_date":"2026-10-02"}]').encode())
    assert [(each.number, each.issue_date) for each in both.preceding] == [("A-1", None), ("A-2", date(2026, 10, 2))]
    assert [each.number for each in only_bill((said % '"A-1"').encode()).preceding] == ["A-1"]


def test_the_day_of_a_discount_is_not_when_the_bill_is_due():
    payee = sample("M-8-payee")
    soon = (
        b"<cac:PaymentTerms><cbc:SettlementDiscountPercent>2</cbc:SettlementDiscountPercent>"
        b"<cbc:PaymentDueDate>2026-11-12</cbc:PaymentDueDate></cac:PaymentTerms><cac:TaxTotal>"
    )
    bill = only_bill(payee.replace(b"<cac:TaxTotal>", soon, 1))
    assert (bill.due_date, bill.instalments) == (date(2026, 12, 15), ())
    undated = payee.replace(b"<cbc:DueDate>2026-12-15</cbc:DueDate>", b"")
    assert only_bill(undated.replace(b"<cac:TaxTotal>", soon, 1)).due_date == date(2026, 11, 12)


def test_a_day_that_is_none_is_told_once():
    wrong = UBL.replace(b"2026-12-31", b"2026-13-31")
    assert warnings(only_entry(wrong)).count("DATE-INVALID") == 1


def test_parts_of_one_day_are_one():
    said = UBL.replace(b"2026-12-31", b"2026-11-30")
    assert parts(said) == [(Decimal("80.00"), DAYS[0]), (FORTY, DAYS[2])]
    assert [each.text for each in only_bill(said).instalments] == ["1/3, 2/3", "3/3"]
    at_once = only_entry(said.replace(b"2027-01-31", b"2026-11-30"))
    assert at_once.bill is not None
    assert (at_once.bill.instalments, at_once.bill.due_date) == ((), DAYS[0])
    assert "TERM-INSTALMENTS" not in warnings(at_once)


def in_cii(*terms: tuple[str, str, bool]) -> bytes:
    """The bill of 120 €, with these terms of payment: a day, a part of the amount, whether with a discount."""
    discount = (
        "<ram:ApplicableTradePaymentDiscountTerms><ram:CalculationPercent>2</ram:CalculationPercent>"
        "</ram:ApplicableTradePaymentDiscountTerms>"
    )
    said = "".join(
        f'<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">{day}'
        f"</udt:DateTimeString></ram:DueDateDateTime>"
        f"{f'<ram:PartialPaymentAmount>{part}</ram:PartialPaymentAmount>' if part else ''}"
        f"{discount if is_discounted else ''}</ram:SpecifiedTradePaymentTerms>"
        for day, part, is_discounted in terms
    )
    return with_terms(said.encode())


@pytest.mark.parametrize(
    ("terms", "due", "plan"),
    [
        ([("20261116", "", True), ("20261202", "", False)], date(2026, 12, 2), []),
        ([("20261202", "", False), ("20261116", "", True)], date(2026, 12, 2), []),
        ([("20261116", "", True)], date(2026, 11, 16), []),
        ([("20261116", "117.60", True), ("20261202", "120.00", False)], date(2026, 12, 2), []),
        ([("20261116", "40.00", True), ("20261202", "80.00", False)], date(2026, 11, 16), ["40.00", "80.00"]),
    ],
)
def test_the_day_of_a_discount_in_cii(terms: list[tuple[str, str, bool]], due: date, plan: list[str]):
    entry = only_entry(in_cii(*terms))
    assert entry.bill is not None
    assert (entry.bill.due_date, [str(each.amount) for each in entry.bill.instalments]) == (due, plan)
    assert "TERM-INSTALMENTS" not in warnings(entry)
