"""Declaring what consumers were billed: whole periods, once, and again when something of one came later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import msgspec
import pytest
from lxml import etree

from bill.payment.payment_entry import PaymentEntry
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from export.e_reporting.reporting_period import period_named
from issuers.profile_section import ProfileError
from issuers.registry import add_issuer
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from pipeline import e_reporting
from pipeline.e_reporting import DuePeriod, NoEReporting, Written, due_periods
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.e_report import reports_of
from store.issuer import Issuer
from tests.export.e_reporting.flux_10_rules import broken_rules
from tests.sample_feeds import batch, ubl

PROFILE = """
legal_ids = ["FR40303265045", "303265045"]
[e_reporting]
platform = "1234"
supply = "goods"
"""
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
FIRST = period_named("2026-11-1")


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def issuer_of(store: Store, profile: str = PROFILE) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "lumiere", "Lumière de l'Ouest", NOVEMBER, profile)


def drop(pipeline: Pipeline, name: str, *invoices: str, now: datetime = NOVEMBER) -> None:
    drop_feed(pipeline.store, issuer_of(pipeline.store), BytesIO(batch(invoices)), name, "cli", now)
    pipeline.work_until_idle(now)


def declare(store: Store, issuer: Issuer, now: datetime = NOVEMBER) -> Written:
    return e_reporting.declare(store, issuer, DuePeriod("10.3", FIRST), "Europe/Paris", now, "Léa")


def november(number: str, net: str, day: int = 2, account: str = "C-ALICE") -> str:
    return ubl(number, account, Decimal(net), issued=f"2026-11-{day:02}", due="2026-12-15")


def corrective(number: str, net: str, of: str, day: int) -> str:
    said = november(number, net, day).replace(">380<", ">384<")
    reference = (
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{of}</cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
    )
    return said.replace("<cac:AccountingSupplierParty>", f"{reference}<cac:AccountingSupplierParty>", 1)


def sums(store: Store, written: Written) -> list[tuple[str, str, str, str]]:
    """Day, number of bills, total and VAT of each day in the file."""
    assert written.report is not None
    report = etree.fromstring(store.blobs.read(written.report.sha256))
    assert broken_rules(report) == []
    tags = ("Date", "TransactionsCount", "TaxExclusiveAmount", "TaxTotal")
    return [tuple(day.findtext(tag) or "" for tag in tags) for day in report.iter("Transactions")]  # type: ignore[misc]


def test_a_decade_is_declared_by_day(pipeline: Pipeline) -> None:
    drop(pipeline, "a.xml", november("A-1", "70.00"), november("B-1", "30.00", account="C-BOB"),
         november("A-2", "10.01", 10), november("A-3", "99.00", 11))  # fmt: skip
    issuer = issuer_of(pipeline.store)
    written = declare(pipeline.store, issuer)
    assert sums(pipeline.store, written) == [
        ("20261102", "2", "100.00", "20.00"), ("20261110", "1", "10.01", "2.00"),
    ]  # fmt: skip
    assert (written.tally.declared, written.tally.left_out) == (3, 0)
    assert written.report is not None
    assert written.report.transmission_id.startswith("303265045-103-2026-11-1-1-")


def test_the_same_is_declared_once_and_a_late_bill_rectifies(pipeline: Pipeline) -> None:
    drop(pipeline, "a.xml", november("A-1", "70.00"))
    issuer = issuer_of(pipeline.store)
    first = declare(pipeline.store, issuer)
    assert first.report is not None
    assert first.report.type_code == "IN"
    later = NOVEMBER.replace(day=14)
    assert declare(pipeline.store, issuer, later).report is None
    assert [each.period.name for each in due_periods(pipeline.store, issuer, date(2026, 11, 14))][-1] == "2026-10-3"
    drop(pipeline, "b.xml", november("A-2", "5.00", 3), now=later)
    assert [each.period.name for each in due_periods(pipeline.store, issuer, date(2026, 11, 14))][-1] == "2026-11-1"
    again = declare(pipeline.store, issuer, later.replace(hour=18))
    assert again.report is not None
    assert (again.report.type_code, again.report.version) == ("RE", 2)
    assert [day for day, *_ in sums(pipeline.store, again)] == ["20261102", "20261103"]
    with pipeline.store.reading() as session:
        assert [each.version for each in reports_of(session, issuer.id)] == [2, 1]


def test_a_company_s_bill_is_left_out_and_named(pipeline: Pipeline) -> None:
    company = november("F-1", "500.00", account="C-FOURNIL").replace(
        "<cbc:RegistrationName>Dominique C-FOURNIL</cbc:RegistrationName>",
        "<cbc:RegistrationName>Le Fournil</cbc:RegistrationName>"
        '<cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID>',
    )
    drop(pipeline, "a.xml", november("A-1", "70.00"), company)
    written = declare(pipeline.store, issuer_of(pipeline.store))
    assert sums(pipeline.store, written) == [("20261102", "1", "70.00", "14.00")]
    assert written.tally.named == [("F-1", "platform")]


def test_a_corrected_bill_is_declared_once(pipeline: Pipeline) -> None:
    drop(pipeline, "a.xml", november("A-1", "70.00", 2))
    drop(pipeline, "b.xml", corrective("A-1R", "50.00", "A-1", 5))
    drop(pipeline, "c.xml", corrective("A-1S", "60.00", "A-1", 7))
    written = declare(pipeline.store, issuer_of(pipeline.store))
    assert sums(pipeline.store, written) == [
        ("20261102", "1", "70.00", "14.00"), ("20261105", "1", "-20.00", "-4.00"), ("20261107", "1", "10.00", "2.00"),
    ]  # fmt: skip


def test_an_issuer_without_the_table_declares_nothing(store: Store) -> None:
    issuer = issuer_of(store, 'name = "Lumière"\n')
    with pytest.raises(NoEReporting):
        declare(store, issuer)


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        (PROFILE.replace("1234", "12345"), "e_reporting.platform"),
        (PROFILE.replace('"303265045"', '"303"'), "e_reporting.siren"),
        (PROFILE.replace("goods", "energy"), "e_reporting.supply"),
        (PROFILE + 'platform_name = "a\\nb"\n', "e_reporting.platform_name"),
    ],
)
def test_a_profile_that_cannot_declare_is_refused(store: Store, profile: str, key: str) -> None:
    with pytest.raises(ProfileError) as refusal:
        issuer_of(store, profile)
    assert refusal.value.key == key


SERVICES = PROFILE.replace("goods", "services")
MONTH = DuePeriod("10.4", period_named("2026-11"))
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def paid(kind: str, amount: str, day: int, entry_id: str, **more: str) -> PaymentEntry:
    return PaymentEntry(
        kind=kind, amount=Decimal(amount), currency="EUR", booked_on=date(2026, 11, day), entry_id=entry_id, **more
    )  # type: ignore[arg-type]


def bank_tells(store: Store, issuer: Issuer, at: datetime, *entries: PaymentEntry) -> None:
    with store.writing() as session:
        take_payments(session, issuer.id, {payment_identity(each): each for each in entries}, "bank", at)


def declared_payments(store: Store, written: Written) -> list[tuple[str, str, str]]:
    assert written.report is not None
    report = etree.fromstring(store.blobs.read(written.report.sha256))
    assert broken_rules(report) == []
    return [
        (
            each.findtext("Date") or "",
            each.findtext("SubTotals/TaxPercent") or "",
            each.findtext("SubTotals/Amount") or "",
        )
        for each in report.iter("Payment")
    ]


def test_payments_of_services_are_declared_by_month_and_a_return_rectifies(pipeline: Pipeline) -> None:
    issuer = issuer_of(pipeline.store, SERVICES)
    bills = batch([november("A-1", "70.00"), november("B-1", "30.00", account="C-BOB")])
    drop_feed(pipeline.store, issuer, BytesIO(bills), "a.xml", "cli", NOVEMBER)
    pipeline.work_until_idle(NOVEMBER)
    store = pipeline.store
    bank_tells(store, issuer, NOVEMBER, paid("received", "84.00", 20, "X1", references=("A-1",)),
               paid("received", "36.00", 30, "X2", references=("B-1",)))  # fmt: skip
    written = e_reporting.declare(store, issuer, MONTH, "Europe/Paris", DECEMBER, "Léa")
    assert declared_payments(store, written) == [("20261120", "20", "84.00"), ("20261130", "20", "36.00")]
    assert MONTH not in set(due_periods(store, issuer, DECEMBER.date()))

    later = DECEMBER.replace(day=9)
    back = paid("returned", "84.00", 27, "X3", original_id="X1", reason="AM04")
    bank_tells(store, issuer, later, msgspec.structs.replace(back, booked_on=later.date()))
    assert MONTH in set(due_periods(store, issuer, later.date()))
    again = e_reporting.declare(store, issuer, MONTH, "Europe/Paris", later.replace(hour=18), "Léa")
    assert declared_payments(store, again) == [("20261130", "20", "36.00")]
    assert again.report is not None
    assert again.report.type_code == "RE"


def test_payments_of_goods_and_of_debits_are_not_declared(store: Store) -> None:
    for profile in (PROFILE, SERVICES + 'vat_on = "invoice"\n'):
        issuer = issuer_of(store, profile)
        assert {each.flux for each in due_periods(store, issuer, DECEMBER.date())} == {"10.3"}
