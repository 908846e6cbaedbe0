"""What a bill is for: its days, and what the meter counted, once."""

from datetime import date
from decimal import Decimal

import pytest

from bill import GROUP, Attribute, Bill, History, Line, Period, Span, Totals, pack_history, span_of, unpack_history

READ = (Attribute(name="Index", value="100 à 300 kWh"),)
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 10, 31))


def used(quantity: str, unit: str = "KWH", amount: str = "10", **more: object) -> Line:
    return Line(quantity=Decimal(quantity), unit=unit, net_amount=Decimal(amount), **more)


def grouped(quantity: str, *attributes: Attribute, group: str = "Consommation") -> Line:
    return used(quantity, attributes=(Attribute(name=GROUP, value=group), *attributes))


LEVY = grouped("200", group="Taxes")


def bill_of(*lines: Line, period: Period | None = OCTOBER) -> Bill:
    totals = Totals(payable=Decimal("84.20"), gross=Decimal("90.00"))
    day = date(2026, 11, 4)
    return Bill(number="E-1", issue_date=day, currency="EUR", totals=totals, lines=lines, period=period)


@pytest.mark.parametrize(
    ("lines", "quantity", "unit"),
    [
        ([used("200"), used("200")], "200", "KWH"),
        ([used("120"), used("80"), used("200")], "200", "KWH"),
        ([used("120", attributes=READ), used("120", attributes=READ), used("240")], "240", "KWH"),
        ([grouped("120", *READ), grouped("80", *READ), LEVY], "200", "KWH"),
        ([grouped("80", *READ), grouped("80", *READ)], "160", "KWH"),
        ([grouped("120"), grouped("80"), LEVY], "200", "KWH"),
        ([used("24", "MTQ"), used("24", "MTQ"), used("24", "MTQ")], "24", "MTQ"),
        ([used("1", "MON"), used("12.3456", "MTQ")], "12.346", "MTQ"),
        ([used("5", "MTQ", "8"), used("300", "KWH", "60")], "300", "KWH"),
        ([used("1", "MON"), used("64", "MIN")], None, ""),
        ([used("1E+30")], None, ""),
        ([], None, ""),
    ],
    ids=["one tariff and its tax", "two tariffs and their tax", "two tariffs alike, read",
         "read, in groups", "read alike, in groups", "in groups", "water", "to the litre",
         "two meters", "telephone", "more than a meter counts", "no lines"],
)  # fmt: skip
def test_the_meter_is_counted_once(lines: list[Line], quantity: str | None, unit: str):
    span = span_of(bill_of(*lines))
    assert (span.used, span.unit) == (None if quantity is None else Decimal(quantity), unit)


def test_days_are_the_bill_s_else_its_lines_else_none():
    assert span_of(bill_of()).until == date(2026, 10, 31)
    lines = used("1", period=OCTOBER), used("1", period=Period(start=date(2026, 9, 1), end=date(2026, 9, 30)))
    span = span_of(bill_of(*lines, period=None))
    assert (span.start, span.end) == (date(2026, 9, 1), date(2026, 10, 31))
    nowhen = span_of(bill_of(period=None))
    assert (nowhen.end, nowhen.until) == (None, date(2026, 11, 4))


def test_two_years_are_kept_in_some_hundred_bytes():
    day = date(2024, 10, 4)
    spans = tuple(Span(issued=day, gross=Decimal(n) + 80, start=day, end=day, used=Decimal(n * 7), unit="KWH")
                  for n in range(25))  # fmt: skip
    packed = pack_history(History(spans=spans))
    assert len(packed) < 500
    assert unpack_history(packed) == History(spans=spans)
    assert unpack_history(pack_history(History(seen=0))) == History(seen=0)
    assert unpack_history(None) == History()
