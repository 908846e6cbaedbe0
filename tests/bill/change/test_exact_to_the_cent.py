"""The parts of an explanation add up to the difference to the cent: of random bills, of every two bills that follow
each other in the demo, and of sample bills."""

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bill import Bill
from bill.change import Explanation, explain, few_causes, join_causes
from demo.billing.billing_calendar import billings
from demo.people.contract import contracts
from demo.people.population import people
from tests.bill.change.random_bills import hostile_bills, realistic_bills
from tests.ingest.sample_files import AMOUNTS, SAMPLES, read

FIRST, LAST = date(2025, 10, 1), date(2026, 11, 20)
_bills = st.one_of(realistic_bills(), hostile_bills())


def check(explanation: Explanation) -> None:
    """Parts and causes add up exactly, and none is nothing."""
    assert sum(part.amount for part in explanation.parts) == explanation.difference
    assert all(part.amount for part in explanation.parts)
    causes = join_causes(explanation)
    assert sum(cause.amount for cause in causes) == explanation.difference
    shown = few_causes(causes, 4)
    assert len(shown) <= 4
    assert sum(cause.amount for cause in shown) == explanation.difference
    for cause in shown:
        assert sum(part.amount for part in cause.parts) == cause.amount


@settings(max_examples=100, deadline=None)
@given(realistic_bills(), realistic_bills())
def test_of_realistic_bills(bill: Bill, before: Bill) -> None:
    explanation = explain(bill, before)
    check(explanation)
    assert explanation.difference == bill.totals.payable - before.totals.payable


@settings(max_examples=100, deadline=None)
@given(_bills, _bills)
def test_of_hostile_bills(bill: Bill, before: Bill) -> None:
    check(explain(bill, before))


@settings(max_examples=100, deadline=None)
@given(_bills, _bills)
def test_swapped_bills_negate_every_amount(bill: Bill, before: Bill) -> None:
    one, other = explain(bill, before), explain(before, bill)
    assert one.difference == -other.difference
    assert sorted(part.amount for part in one.parts) == sorted(-part.amount for part in other.parts)


@settings(max_examples=50, deadline=None)
@given(_bills)
def test_a_bill_differs_from_itself_in_nothing(bill: Bill) -> None:
    assert explain(bill, bill).parts == ()


def test_of_every_two_bills_that_follow_each_other_in_the_demo() -> None:
    held = contracts(people(7, 25, FIRST))
    earlier: dict[str, list[Bill]] = {}
    for billing in billings(FIRST, LAST):
        bills = {bill.number: bill for bill in billing.bills(held)}
        for number, contract in billing.numbers(held).items():
            earlier.setdefault(f"{contract.issuer.slug} {contract.number}", []).append(bills[number])
    pairs = [pair for of_contract in earlier.values() for pair in pairwise(of_contract)]
    assert len(pairs) > 500
    for before, bill in pairs:
        explanation = explain(bill, before)
        check(explanation)
        assert explanation.difference == bill.totals.payable - before.totals.payable
        assert not {part.kind for part in explanation.parts} & {"rest", "vat", "undetailed", "amount"}


def sample_bills() -> list[Bill]:
    """Every bill that can be read of the samples without a profile."""
    files = sorted([*SAMPLES.glob("*.*"), *AMOUNTS.glob("*.xml")])
    return [
        entry.bill
        for file in files
        if file.suffix in {".xml", ".edi"}
        for entry in read(file.read_bytes())[1]
        if entry.bill
    ]


def test_of_sample_bills_of_other_issuers() -> None:
    """Each with the ten that follow it: other syntaxes, currencies and types of document."""
    bills = sample_bills()
    assert len(bills) > 20
    for place, bill in enumerate(bills):
        for before in bills[place + 1 : place + 11]:
            check(explain(bill, before))
