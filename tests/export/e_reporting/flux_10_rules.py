"""The rules of flux 10 that concern sums a day (annexe 7 v1.8, sheet of management rules), asked of a file."""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

_RATES = {0, Decimal("0.9"), Decimal("1.05"), Decimal("1.75"), Decimal("2.1"), Decimal("5.5"), 7, Decimal("8.5"),
          Decimal("9.2"), Decimal("9.6"), 10, 13, Decimal("19.6"), 20, Decimal("20.6")}  # fmt: skip


def broken_rules(report: etree._Element) -> list[str]:
    """The ids of the rules that the file breaks."""
    return [*_of_the_head(report), *_of_the_period(report), *_of_operations(report), *_of_payments(report)]


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(path) or ""


def _of_the_head(report: etree._Element) -> Iterator[str]:
    name = _text(report, "ReportDocument/Id")
    if len(name) > 50 or name != name.strip() or "  " in name or not re.fullmatch(r"[a-zA-Z0-9 \-+_/]+", name):
        yield "G1.104"
    made = _text(report, "ReportDocument/IssueDateTime/DateTimeString")
    if not re.fullmatch(r"\d{14}", made):
        yield "G7.53"
    if not "2000" <= made[:4] <= "2099":
        yield "G1.36"
    if _text(report, "ReportDocument/TypeCode") not in ("IN", "RE"):
        yield "G8.01"
    if len(report.findall("TransactionsReport")) + len(report.findall("PaymentsReport")) != 1:
        yield "G6.29"
    sender, issuer = report.find("ReportDocument/Sender/Id"), report.find("ReportDocument/Issuer/Id")
    assert sender is not None
    assert issuer is not None
    if sender.get("schemeId") != "0238" or len(sender.text or "") != 4:
        yield "G6.22"
    if _text(report, "ReportDocument/Sender/RoleCode") != "WK":
        yield "G7.51"
    if issuer.get("schemeId") != "0002" or not re.fullmatch(r"\d{9}", issuer.text or ""):
        yield "G6.26"
    if _text(report, "ReportDocument/Issuer/RoleCode") not in ("BY", "SE"):
        yield "G7.52"


def _of_the_period(report: etree._Element) -> Iterator[str]:
    for period in report.iter("ReportPeriod"):
        start, end = _text(period, "StartDate"), _text(period, "EndDate")
        if end <= start:
            yield "G6.25"
    for day in [*report.iter("StartDate"), *report.iter("EndDate"), *report.iter("Date")]:
        if not re.fullmatch(r"\d{8}", day.text or ""):
            yield "G1.09"


def _of_operations(report: etree._Element) -> Iterator[str]:
    for day in report.iterfind("TransactionsReport/Transactions"):
        if _text(day, "CategoryCode") not in ("TLB1", "TPS1", "TNT1", "TMA1"):
            yield "G1.68"
        rows = day.findall("TaxSubtotal")
        amounts = [_text(day, "TaxExclusiveAmount"), _text(day, "TaxTotal")]
        amounts += [_text(row, tag) for row in rows for tag in ("TaxableAmount", "TaxTotal")]
        if any(not re.fullmatch(r"-?\d+(\.\d{1,2})?", each) or len(each.replace(".", "")) > 19 for each in amounts):
            yield "G1.14"
            continue
        for tag, total in zip(("TaxableAmount", "TaxTotal"), amounts, strict=False):
            added = sum((Decimal(_text(row, tag)) for row in rows), Decimal(0))
            if abs(Decimal(total) - added) > Decimal("0.01") * len(rows):
                yield "G1.53"
        yield from _of_rates(day)


def _of_payments(report: etree._Element) -> Iterator[str]:
    for row in report.iterfind("PaymentsReport/Transactions/Payment/SubTotals"):
        amount = _text(row, "Amount")
        if not re.fullmatch(r"\d+(\.\d{1,6})?", amount) or len(amount.replace(".", "")) > 19:
            yield "G1.16"
        if _text(row, "CurrencyCode") != "EUR":
            yield "G6.27"
        yield from _of_rates(row)


def _of_rates(element: etree._Element) -> Iterator[str]:
    if any(Decimal(each.text or "-1") not in _RATES for each in element.iter("TaxPercent")):
        yield "G1.24"
