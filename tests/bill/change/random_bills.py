"""Random bills to explain against each other: realistic ones, and hostile ones whose terms contradict each other."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from bill import AllowanceCharge, Bill, Identifier, Line, Period, Totals, VatBreakdown
from tests.bill.change.bills_of_alice import a_bill, a_line

_NAMES = ("Abonnement", "Toutes heures", "TOUTES HEURES", "Accise du 01/02/2026", "Appels", "", "Remise")
_amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=2, allow_nan=False)
_days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
_prices = st.sampled_from(["0.1358", "0.1441", "12.17", "0", "2.115"])
_rates = st.sampled_from([None, Decimal(20), Decimal(-3), Decimal(1000000)])
_kinds = st.sampled_from(["", "", "GROUP", "INFORMATION", "DETAIL"])
_odd = st.one_of(
    st.none(), st.just(Decimal(0)), _amounts,
    st.decimals(min_value=-(10**14), max_value=10**14, places=6, allow_nan=False),
)  # fmt: skip


@st.composite
def periods(draw: st.DrawFn) -> Period | None:
    start = draw(_days)
    return draw(st.sampled_from([None, Period(start=start, end=start + timedelta(days=draw(st.integers(0, 90))))]))


@st.composite
def realistic_bills(draw: st.DrawFn) -> Bill:
    """Lines with quantity, price and VAT, and totals that agree."""
    lines = [
        a_line(
            draw(st.sampled_from(_NAMES)), draw(st.integers(-20, 900)), draw(_prices),
            draw(st.sampled_from(["KWH", "MON", "MTQ", "DAY", "C62"])), draw(st.sampled_from(["20", "5.5", "0"])),
            period=draw(periods()), seller_item_id=draw(st.sampled_from(["", "A1"])),
            object_id=draw(st.sampled_from([None, Identifier(value="METER-1")])),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    extras = [
        AllowanceCharge(amount=draw(_amounts), is_charge=draw(st.booleans()), vat_category="S", vat_rate=Decimal(20))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return a_bill(*lines, period=draw(periods()), extras=extras)


@st.composite
def hostile_bills(draw: st.DrawFn) -> Bill:
    """Anything that a bill may hold: absent and contradicting amounts, credit notes, groups, other currencies."""
    lines = tuple(
        Line(
            id=str(n), name=draw(st.sampled_from(_NAMES)), quantity=draw(_odd), net_price=draw(_odd),
            unit=draw(st.sampled_from(["KWH", "", "kwh", "MON"])), price_base=draw(_odd), net_amount=draw(_odd),
            vat_category=draw(st.sampled_from(["S", "E", ""])), vat_rate=draw(_rates), period=draw(periods()),
            kind=draw(_kinds), parent=draw(st.sampled_from(["", "0"])),
            allowances_charges=tuple(AllowanceCharge(amount=draw(_amounts)) for _ in range(draw(st.integers(0, 1)))),
        )
        for n in range(draw(st.integers(0, 5)))
    )  # fmt: skip
    vat = tuple(
        VatBreakdown(category=draw(st.sampled_from(["S", "E"])), rate=draw(_odd), vat=draw(_odd), taxable=draw(_odd))
        for _ in range(draw(st.integers(0, 2)))
    )
    totals = Totals(
        payable=draw(_amounts), gross=draw(_odd), net=draw(_odd), vat=draw(_odd), paid=draw(_odd), rounding=draw(_odd),
        previous_balance=draw(_odd), payments=draw(_odd), third_party=draw(_odd),
    )  # fmt: skip
    extras = tuple(AllowanceCharge(amount=draw(_amounts), reason="x") for _ in range(draw(st.integers(0, 2))))
    return Bill(
        number="H", issue_date=draw(_days), currency=draw(st.sampled_from(["EUR", "JPY", "TND"])), lines=lines, vat=vat,
        totals=totals, type_code=draw(st.sampled_from(["380", "381"])), period=draw(periods()),
        allowances_charges=extras,
    )  # fmt: skip
