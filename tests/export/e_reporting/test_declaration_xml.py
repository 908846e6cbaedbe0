"""The files of flux 10.3 and 10.4, read back and asked by the rules of the administration (annexe 7 v1.8)."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from export.e_reporting.daily_operations import DayOfOperations, RateSum
from export.e_reporting.daily_payments import DayOfPayments, RatePaid
from export.e_reporting.declaration_xml import Declarant, Declaration, write_operations, write_payments
from export.e_reporting.reporting_period import period_named
from tests.export.e_reporting.flux_10_rules import broken_rules

LUMIERE = Declarant("552081317", "Lumière & Cie", "1234", "Une plateforme")
HEAD = Declaration(
    "LUMIERE-10_3-2026-11-1-1", datetime(2026, 11, 12, 9, 30, tzinfo=UTC), "IN", LUMIERE, period_named("2026-11-1")
)
ENERGY = RateSum(Decimal("5.5"), Decimal("10.00"), Decimal("0.55")), RateSum(Decimal("2E+1"), Decimal(100), Decimal(20))
DAYS = [
    DayOfOperations(date(2026, 11, 2), "TLB1", 3, ENERGY),
    DayOfOperations(date(2026, 11, 3), "TNT1", 1, (RateSum(Decimal(0), Decimal("-7.30"), Decimal(0)),)),
]
PAID = [DayOfPayments(date(2026, 11, 9), (RatePaid(Decimal(20), Decimal("1234567.80")),))]


def test_operations_stand_by_day_in_the_order_of_the_schema():
    report = etree.fromstring(write_operations(HEAD, DAYS))
    first = report.find("TransactionsReport/Transactions")
    assert first is not None
    assert [each.tag for each in first] == [
        "Date", "TransactionsCurrency", "CategoryCode", "TaxExclusiveAmount", "TaxTotal", "TransactionsCount",
        "TaxSubtotal", "TaxSubtotal",
    ]  # fmt: skip
    assert [first.findtext(tag) for tag in ("Date", "CategoryCode", "TaxExclusiveAmount", "TaxTotal")] == [
        "20261102", "TLB1", "110.00", "20.55",
    ]  # fmt: skip
    assert [each.findtext("TaxPercent") for each in first.iter("TaxSubtotal")] == ["5.5", "20"]
    assert report.findtext("ReportDocument/Issuer/Name") == "Lumière & Cie"
    assert broken_rules(report) == []


def test_payments_stand_by_day():
    report = etree.fromstring(write_payments(HEAD._replace(type_code="RE"), PAID))
    assert report.findtext("ReportDocument/TypeCode") == "RE"
    assert report.findtext("PaymentsReport/Transactions/Payment/Date") == "20261109"
    assert report.findtext("PaymentsReport/Transactions/Payment/SubTotals/Amount") == "1234567.80"
    assert broken_rules(report) == []


def test_a_period_without_operations_is_declared_empty():
    assert broken_rules(etree.fromstring(write_operations(HEAD, []))) == []


@pytest.mark.parametrize("name", ["", " A", "A ", "A  B", "A" * 51, "É", "A.B"])
def test_an_id_that_the_administration_refuses_is_not_written(name: str):
    with pytest.raises(ValueError, match=re.escape("G1.104")):
        write_operations(HEAD._replace(transmission_id=name), DAYS)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (b"<RoleCode>WK<", "G7.51"), (b">552081317<", "G6.26"), (b">1234<", "G6.22"), (b">TLB1<", "G1.68"),
        (b"<TaxPercent>20<", "G1.24"), (b"<TaxTotal>20.55<", "G1.53"), (b">20261102<", "G1.09"), (b">IN<", "G8.01"),
        (b"<EndDate>20261110<", "G6.25"), (b"<TaxableAmount>10.00<", "G1.14"),
    ],
)  # fmt: skip
def test_the_rules_speak_where_something_is_wrong(wrong: bytes, rule: str):
    """What the rules would look like if a file were broken."""
    written = write_operations(HEAD, DAYS)
    changes = {"G1.53": b"<TaxTotal>21.00<", "G1.24": b"<TaxPercent>19<", "G6.25": b"<EndDate>20261101<"}
    broken = written.replace(wrong, changes.get(rule, wrong[:-1] + b",x<"), 1)
    assert broken != written
    assert rule in broken_rules(etree.fromstring(broken))
