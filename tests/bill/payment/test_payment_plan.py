"""Payment plans: what is left is always what the instalments add up to, whatever was paid before and after."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill import DocumentAmount, Instalment, Paid, PaymentPlan, amount_due
from bill.payment.payment_plan import are_in_order, proposed_instalments

TODAY = date(2026, 11, 5)
BILL = DocumentAmount(
    number="1", type_code="380", issue_date=TODAY, currency="EUR", payable=Decimal("84.00"), due=date(2026, 11, 30)
)
CREDIT = BILL._replace(number="2", type_code="381", names=("1",))


def cents(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda each: Decimal(each) / 100)


def paid(amount: Decimal, days: int, kind: str = "received") -> Paid:
    return Paid(TODAY + timedelta(days=days), amount, "bank", kind)  # type: ignore[arg-type]


@given(cents(1, 10_000_00), st.integers(1, 36), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_proposed_instalments_add_up_and_differ_by_one_cent_at_most(left: Decimal, parts: int, first: date) -> None:
    proposed = proposed_instalments(left, "EUR", parts, first)
    amounts = [each.amount for each in proposed]
    assert sum(amounts) == left
    assert max(amounts) - min(amounts) <= Decimal("0.01")
    assert min(amounts) > 0
    assert are_in_order(proposed, first)


@given(
    before=cents(0, 50_00), credit=cents(0, 20_00), parts=st.integers(2, 12),
    after=st.lists(cents(1, 30_00), max_size=6), later_credit=cents(0, 20_00), shuffled=st.randoms(),
    today=st.integers(0, 500),
)  # fmt: skip
def test_what_is_left_is_the_sum_of_its_parts_in_any_order_of_payments(
    before: Decimal, credit: Decimal, parts: int, after: list[Decimal], later_credit: Decimal, shuffled: object,
    today: int,
) -> None:  # fmt: skip
    early = [paid(before, 0)] if before else []
    notes = [CREDIT._replace(payable=credit)] if credit else []
    at_grant = amount_due(BILL, notes, early, TODAY)
    plan = PaymentPlan(
        proposed_instalments(at_grant.left, "EUR", parts, TODAY + timedelta(days=20)), at_grant.paid, at_grant.credited
    )
    payments = [*early, *(paid(each, 1 + n) for n, each in enumerate(after))]
    shuffled.shuffle(payments)  # type: ignore[attr-defined]
    notes += [CREDIT._replace(number="3", payable=later_credit)] if later_credit else []
    due = amount_due(BILL, notes, payments, TODAY + timedelta(days=today), plan)
    owed = max(Decimal(84) - credit - later_credit, Decimal(0))
    assert due.left == max(owed - before - sum(after), Decimal(0))
    assert sum(each.amount for each in due.past + due.instalments) == due.left
    if not after and not later_credit:
        assert (due.past + due.instalments) == plan.instalments


def test_the_soonest_is_paid_first_and_the_dates_are_the_plans() -> None:
    plan = PaymentPlan(proposed_instalments(Decimal("84.00"), "EUR", 3, date(2026, 12, 31)))
    due = amount_due(BILL, (), [paid(Decimal("30.00"), 1)], date(2027, 1, 1), plan)
    assert due.instalments == (
        Instalment(amount=Decimal("26.00"), due=date(2027, 1, 31)),
        Instalment(amount=Decimal("28.00"), due=date(2027, 2, 28)),
    )
    assert (due.amount, due.due, due.is_planned) == (Decimal("26.00"), date(2027, 1, 31), True)


def test_a_payment_before_the_plan_that_came_back_is_asked_by_the_bills_own_day() -> None:
    plan = PaymentPlan(proposed_instalments(Decimal("54.00"), "EUR", 2, date(2026, 12, 31)), paid=Decimal("30.00"))
    back = [paid(Decimal("30.00"), 0), paid(Decimal("30.00"), 40, "returned")]
    due = amount_due(BILL, (), back, date(2026, 12, 20), plan)
    assert due.past == (Instalment(amount=Decimal("30.00"), due=date(2026, 11, 30)),)
    assert due.left == Decimal("84.00")


def test_a_direct_debit_that_failed_and_is_paid_in_parts_is_asked_for_and_not_collected() -> None:
    plan = PaymentPlan(proposed_instalments(Decimal("84.00"), "EUR", 2, date(2026, 12, 31)))
    told = [paid(Decimal("84.00"), 0, "refused"), paid(Decimal("42.00"), 3)]
    assert amount_due(BILL._replace(is_collected=True), (), told, TODAY, plan).kind == "asks"


def test_a_full_payment_ends_it() -> None:
    plan = PaymentPlan(proposed_instalments(Decimal("84.00"), "EUR", 2, date(2026, 12, 31)))
    assert amount_due(BILL, (), [paid(Decimal("84.00"), 3)], TODAY, plan).kind == "paid"


@pytest.mark.parametrize("days", [[None], [TODAY - timedelta(days=1)], [TODAY, TODAY], [date(2027, 1, 1), TODAY]])
def test_days_out_of_order_are_seen(days: list[date | None]) -> None:
    assert not are_in_order([Instalment(amount=Decimal(1), due=day) for day in days], TODAY)
