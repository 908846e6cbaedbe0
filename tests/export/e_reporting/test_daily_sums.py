"""Operations and payments in sums a day: nothing is lost to rounding, and nothing declared is negative."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from export.e_reporting.daily_operations import DailyOperations, RateSum
from export.e_reporting.daily_payments import DailyPayments, RatePaid, payment_shares
from export.e_reporting.declared_rows import RATES, DeclaredRow

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


def of(rate: str, taxable: str, vat: str, category: str = "TPS1") -> DeclaredRow:
    return DeclaredRow(category, Decimal(rate), Decimal(taxable), Decimal(vat))  # type: ignore[arg-type]


def test_bills_add_up_by_day_category_and_rate():
    sums = DailyOperations()
    sums.add(MONDAY, [of("20", "100.00", "20.00"), of("5.5", "10.00", "0.55")])
    sums.add(MONDAY, [of("20", "50.00", "10.00"), of("0", "7.00", "0", "TNT1")])
    sums.add(TUESDAY, [of("20", "-30.00", "-6.00")])
    services, elsewhere, credited = sums.days()[1], sums.days()[0], sums.days()[2]
    assert (services.category, services.bills, services.taxable, services.vat) == (
        "TPS1", 2, Decimal("160.00"), Decimal("30.55"),
    )  # fmt: skip
    assert services.rates[1] == RateSum(Decimal(20), Decimal("150.00"), Decimal("30.00"))
    assert (elsewhere.category, elsewhere.bills) == ("TNT1", 1)
    assert (credited.day, credited.taxable) == (TUESDAY, Decimal("-30.00"))


def test_a_corrected_bill_counts_once():
    sums = DailyOperations()
    sums.add(MONDAY, [of("20", "100.00", "20.00")])
    sums.add(TUESDAY, [of("20", "80.00", "16.00")])
    sums.take_back(TUESDAY, [of("20", "100.00", "20.00")])
    corrected = sums.days()[1]
    assert (corrected.bills, corrected.taxable, corrected.vat) == (1, Decimal("-20.00"), Decimal("-4.00"))


def test_a_payment_is_shared_by_what_the_bill_has_of_each_rate():
    rows = [of("5.5", "10.00", "0.55"), of("20", "100.00", "20.00")]
    assert payment_shares(Decimal("130.55"), rows, Decimal("130.55")) == [
        RatePaid(Decimal("5.5"), Decimal("10.55")), RatePaid(Decimal(20), Decimal("120.00")),
    ]  # fmt: skip
    half = payment_shares(Decimal("65.28"), rows, Decimal("130.55"))
    assert sum(each.amount for each in half) == Decimal("65.28")


def test_what_is_no_service_and_what_is_exempt_keep_their_share():
    rows = [of("20", "100.00", "20.00"), of("20", "60.00", "0", "TNT1")]
    assert payment_shares(Decimal("90.00"), rows, Decimal("180.00")) == [RatePaid(Decimal(20), Decimal("60.00"))]


def test_what_went_back_is_deducted_and_never_declared_as_negative():
    sums = DailyPayments()
    rows, gross = [of("20", "100.00", "20.00")], Decimal("120.00")
    sums.add(MONDAY, Decimal("120.00"), rows, gross)
    sums.add(MONDAY, Decimal("-50.00"), rows, gross)
    sums.add(TUESDAY, Decimal("-1.00"), rows, gross)
    assert [(each.day, each.rates) for each in sums.days()] == [(MONDAY, (RatePaid(Decimal(20), Decimal("70.00")),))]
    assert [each.day for each in sums.gone_back()] == [TUESDAY]


@given(
    st.lists(st.tuples(st.sampled_from(sorted(RATES)), CENTS), min_size=1, max_size=5, unique_by=lambda row: row[0]),
    CENTS,
)
def test_a_payment_is_shared_to_the_cent(amounts: list[tuple[Decimal, Decimal]], paid: Decimal):
    rows = [DeclaredRow("TPS1", rate, taxable, (taxable * rate / 100).quantize(Decimal("0.01")))
            for rate, taxable in amounts]  # fmt: skip
    gross = sum((row.gross for row in rows), Decimal(0))
    shares = payment_shares(paid, rows, gross)
    assert sum(each.amount for each in shares) == paid
    weights = {row.rate: row.gross for row in rows}
    assert all(abs(each.amount - paid * weights[each.rate] / gross) < Decimal("0.01") for each in shares)
