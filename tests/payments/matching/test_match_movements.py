"""What a payment is of, as stories: Alice owes Lumière A-1001 and A-1002, Bob owes B-2001, all by issuer's numbers."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bill.payment.payment_entry import PaymentEntry, PaymentShare
from bill.payment.payment_reference_key import keys_of_bill, reference_keys, with_one_error
from payments.matching.demand import Demand
from payments.matching.match_movements import match_movements
from payments.matching.movement import Match, Movement, PaymentDecision

ISSUED = date(2026, 3, 2)
ALICE, BOB = 1, 2
IBAN_ALICE = "FR7612345000010000000000156"


def demand(bill_id: int, number: str, asks: str, account: int = ALICE, **also: Any) -> Demand:
    keys = frozenset(reference_keys(number)) | also.pop("keys", frozenset())
    names = {ALICE: ("Alice Martin",), BOB: ("Bob Le Goff",)}[account]
    return Demand(
        bill_id=bill_id, account_id=account, number=number, currency="EUR", asks=Decimal(asks), issued=ISSUED,
        keys=keys, names=names, **also,
    )  # fmt: skip


A1 = demand(11, "LUM-2026-001001", "84.00")
A2 = demand(12, "LUM-2026-001002", "60.00")
B1 = demand(21, "LUM-2026-002001", "84.00", BOB)
CREDIT = demand(31, "AV-2026-000031", "0", favour=Decimal("24.00"))
BILLS = (A1, A2, B1, CREDIT)


def paid(n: int, amount: str, text: str = "", day: int = 0, **also: Any) -> Movement:
    told_by, decision = also.pop("told_by", "bank"), also.pop("decision", None)
    feed_id = also.pop("feed_id", None)
    entry = PaymentEntry(
        kind=also.pop("kind", "received"), amount=Decimal(amount), currency=also.pop("currency", "EUR"),
        booked_on=ISSUED + timedelta(days=10 + day), remittance=text, entry_id=also.pop("entry_id", f"E{n}"), **also,
    )  # fmt: skip
    return Movement(payment_id=n, identity=f"{n:04}", entry=entry, told_by=told_by, decision=decision, feed_id=feed_id)


def matched(*movements: Movement, bills: tuple[Demand, ...] = BILLS, **also: Any) -> list[Match]:
    found = match_movements(movements, bills, **also)
    return [found[each.payment_id] for each in movements]


def said(match: Match) -> tuple[str, str, dict[int, str]]:
    return match.outcome, match.why, {bill_id: str(amount) for bill_id, amount in match.shares}


@pytest.mark.parametrize(
    ("movement", "by"),
    [
        (paid(1, "84.00", references=("lum 2026 / 001001",)), "reference"),
        (paid(1, "84.00", references=("RF67LUM2026001001",)), "reference"),
        (paid(1, "84.00", "Facture LUM-2026-001001 merci"), "text"),
        (paid(1, "84.00", end_to_end_id="LUM2026001001"), "end_to_end"),
    ],
)
def test_it_is_of_the_bill_that_it_names(movement: Movement, by: str) -> None:
    [match] = matched(movement)
    assert said(match) == ("matched", by, {11: "84.00"})


def test_a_part_then_the_rest_then_too_much() -> None:
    first, second, third = matched(
        paid(1, "50.00", "LUM-2026-001001"), paid(2, "40.00", "LUM-2026-001001", 1),
        paid(3, "10.00", "LUM-2026-001001", 2),
    )  # fmt: skip
    assert said(first) == ("matched", "text", {11: "50.00"})
    assert (said(second), second.rest) == (("part", "text", {11: "34.00"}), Decimal("6.00"))
    assert said(third) == ("waiting", "already_paid", {})


def test_the_second_of_two_equal_payments_waits() -> None:
    first, second = matched(paid(1, "84.00", "LUM-2026-001001"), paid(2, "84.00", "LUM-2026-001001", 3))
    assert said(first) == ("matched", "text", {11: "84.00"})
    assert said(second) == ("waiting", "paid_twice", {})


def test_one_payment_of_several_bills() -> None:
    [both] = matched(paid(1, "144.00", "LUM-2026-001001 et LUM-2026-001002"))
    assert said(both) == ("matched", "text", {11: "84.00", 12: "60.00"})
    [less] = matched(paid(1, "100.00", "LUM-2026-001001 et LUM-2026-001002"))
    assert said(less) == ("waiting", "split_unknown", {})
    shares = (
        PaymentShare(reference="LUM-2026-001001", amount=Decimal("40.00")),
        PaymentShare(reference="LUM-2026-001002", amount=Decimal("60.00")),
    )
    [as_said] = matched(paid(1, "100.00", shares=shares))
    assert said(as_said) == ("matched", "reference", {11: "40.00", 12: "60.00"})


def test_a_credit_note_is_set_off_by_the_payer() -> None:
    shares = (
        PaymentShare(reference="LUM-2026-001001", amount=Decimal("84.00")),
        PaymentShare(reference="AV-2026-000031", amount=Decimal("-24.00")),
    )
    [as_said] = matched(paid(1, "60.00", shares=shares))
    assert said(as_said) == ("matched", "reference", {11: "84.00", 31: "-24.00"})
    [named] = matched(paid(1, "120.00", references=("LUM-2026-001001", "LUM-2026-001002", "AV-2026-000031")))
    assert said(named) == ("matched", "reference", {11: "84.00", 12: "60.00", 31: "-24.00"})


def test_a_typing_error_is_seen_through_if_all_else_says_one_bill() -> None:
    typed = "LUM-2026-001010"  # the last digits exchanged
    [by_name] = matched(paid(1, "84.00", typed, debtor_name="MARTIN ALICE"))
    assert said(by_name) == ("matched", "typing_error", {11: "84.00"})
    known = {IBAN_ALICE: frozenset({ALICE})}
    [by_iban] = matched(paid(1, "84.00", typed, debtor_iban=IBAN_ALICE), payers=known)
    assert said(by_iban) == ("matched", "typing_error", {11: "84.00"})
    [other_amount] = matched(paid(1, "83.00", typed, debtor_name="MARTIN ALICE"))
    [nobody] = matched(paid(1, "84.00", typed, debtor_name="Charlie Moreau"))
    assert (other_amount.why, nobody.why) == ("unknown_reference", "unknown_reference")


def test_a_wrong_digit_that_makes_somebody_elses_number_is_seen_through() -> None:
    """Bob types A-2's last digit wrong, and so names Alice's bill: amount and name say which he means."""
    bobs = demand(22, "LUM-2026-001003", "77.00", BOB)
    bills = (*BILLS, bobs)
    [match] = matched(paid(1, "77.00", "LUM-2026-001002", debtor_name="Bob Le Goff"), bills=bills)
    assert said(match) == ("matched", "typing_error", {22: "77.00"})
    [exact] = matched(paid(1, "60.00", "LUM-2026-001002", debtor_name="Bob Le Goff"), bills=bills)
    assert said(exact) == ("matched", "text", {12: "60.00"})
    [part] = matched(paid(1, "50.00", "LUM-2026-001002", debtor_name="Bob Le Goff"), bills=bills)
    assert said(part) == ("matched", "text", {12: "50.00"})


def test_whose_iban_it_is_says_which_bill_by_its_amount() -> None:
    first, second = matched(
        paid(1, "84.00", "LUM-2026-001001", debtor_iban=IBAN_ALICE),
        paid(2, "60.00", "merci", 1, debtor_iban=IBAN_ALICE),
    )
    assert said(first) == ("matched", "text", {11: "84.00"})
    assert said(second) == ("matched", "account_and_amount", {12: "60.00"})
    _, other = matched(
        paid(1, "84.00", "LUM-2026-001001", debtor_iban=IBAN_ALICE), paid(2, "61.00", "", 1, debtor_iban=IBAN_ALICE)
    )
    assert (said(other), other.account_id) == (("waiting", "other_amount", {}), ALICE)
    [unknown] = matched(paid(2, "60.00", "", debtor_iban=IBAN_ALICE))
    assert said(unknown) == ("waiting", "no_reference", {})


def test_a_customer_number_on_all_bills_names_none_of_them() -> None:
    number = frozenset({"CLIENT4711"})
    bills = (demand(11, "LUM-2026-001001", "84.00", keys=number), demand(12, "LUM-2026-001002", "60.00", keys=number))
    [one] = matched(paid(1, "60.00", references=("client 4711",)), bills=bills)
    [all_of_it] = matched(paid(1, "144.00", references=("client 4711",)), bills=bills)
    [neither] = matched(paid(1, "70.00", references=("client 4711",)), bills=bills)
    assert said(one) == ("matched", "account_and_amount", {12: "60.00"})
    assert said(all_of_it) == ("matched", "account_and_amount", {11: "84.00", 12: "60.00"})
    assert said(neither) == ("waiting", "other_amount", {})


def test_a_return_undoes_exactly_its_payment() -> None:
    first, second, back = matched(
        paid(1, "84.00", "LUM-2026-001001"), paid(2, "84.00", "LUM-2026-001001", 1),
        paid(3, "84.00", kind="returned", day=5, original_id="E1", reason="AM04"),
    )  # fmt: skip
    assert said(first) == ("matched", "text", {11: "84.00"})
    assert said(second) == ("matched", "text", {11: "84.00"}), "the bill asked again, and was paid by the second"
    assert (said(back), back.undoes) == (("matched", "undoes", {11: "84.00"}), 1)


def test_a_refused_collection_is_told_of_its_bill() -> None:
    announced, refused = matched(
        paid(1, "84.00", kind="announced", references=("LUM-2026-001001",), end_to_end_id="SDD-77"),
        paid(2, "84.00", kind="refused", day=1, original_id="SDD-77", reason="AC04"),
    )
    assert said(announced) == ("matched", "reference", {11: "84.00"})
    assert (said(refused), refused.undoes) == (("matched", "undoes", {11: "84.00"}), 1)


def test_a_collection_is_of_the_bill_that_was_announced() -> None:
    _, collected = matched(
        paid(1, "84.00", kind="announced", references=("LUM-2026-001001",), end_to_end_id="SDD-77"),
        paid(2, "84.00", kind="collected", day=1, end_to_end_id="SDD-77"),
    )
    assert said(collected) == ("matched", "end_to_end", {11: "84.00"})


def test_what_the_issuer_and_the_bank_tell_counts_once() -> None:
    ours, banks = matched(
        paid(1, "84.00", references=("LUM-2026-001001",), told_by="issuer"), paid(2, "84.00", "LUM-2026-001001", 2)
    )
    assert (ours.outcome, ours.same_as, said(banks)) == ("duplicate", 2, ("matched", "text", {11: "84.00"}))


def test_a_notice_without_the_banks_reference_and_the_statement_with_it_count_once() -> None:
    halves = [paid(n, "42.00", "LUM-2026-001001", entry_id=f"N1#{n}", feed_id=1) for n in (1, 2)]
    booked = [paid(n, "42.00", "LUM-2026-001001", feed_id=2) for n in (3, 4)]
    one, two, three, four = matched(*halves, *booked)
    assert said(one) == said(two) == ("matched", "text", {11: "42.00"})
    assert [(each.outcome, each.same_as) for each in (three, four)] == [("duplicate", 1), ("duplicate", 2)]
    [*_, another] = matched(*halves, *booked, paid(5, "42.00", "LUM-2026-001001", feed_id=2))
    assert another.outcome == "waiting"


def test_in_one_message_equal_payments_are_two_with_a_reference_or_without() -> None:
    bare, named = paid(1, "42.00", "LUM-2026-001001", entry_id="S1#1", feed_id=1), paid(2, "42.00", "LUM-2026-001001")
    assert [each.outcome for each in matched(bare, msgspec.structs.replace(named, feed_id=1))] == ["matched"] * 2


def test_a_return_that_notice_and_statement_tell_goes_back_once() -> None:
    payment = paid(1, "84.00", "LUM-2026-001001", end_to_end_id="T-1", feed_id=1)
    back = {"kind": "returned", "end_to_end_id": "T-1", "original_id": "T-1", "reason": "MD06"}
    _, *returns = matched(
        payment, paid(2, "84.00", "", 2, entry_id="", feed_id=2, **back), paid(3, "84.00", "", 2, feed_id=3, **back)
    )
    assert [(each.outcome, each.undoes, each.same_as) for each in returns] == [
        ("matched", 1, None),
        ("duplicate", None, 2),
    ]


def test_of_what_two_messages_tell_the_one_stands_of_which_a_person_decided() -> None:
    decision = PaymentDecision(shares=((21, Decimal("84.00")),))
    bare = paid(1, "84.00", "merci", entry_id="N1#1", feed_id=1)
    named = paid(2, "84.00", "merci", feed_id=2)
    first, second = matched(bare, msgspec.structs.replace(named, decision=decision))
    assert (first.outcome, first.same_as, said(second)) == ("duplicate", 2, ("matched", "decided", {21: "84.00"}))
    first, second = matched(msgspec.structs.replace(bare, decision=decision), named)
    assert (said(first), second.outcome, second.same_as) == (("matched", "decided", {21: "84.00"}), "duplicate", 1)


def test_a_persons_word_stands() -> None:
    decided, other = matched(
        paid(1, "84.00", "?", decision=PaymentDecision(shares=((21, Decimal("84.00")),))),
        paid(2, "84.00", "LUM-2026-002001"),
    )
    assert said(decided) == ("matched", "decided", {21: "84.00"})
    assert said(other) == ("waiting", "paid_twice", {})


def test_another_currency_and_batch_totals_wait() -> None:
    dollars, batch = matched(
        paid(1, "84.00", "LUM-2026-001001", currency="USD"), paid(2, "500.00", "LUM-2026-001001", is_batch_total=True)
    )
    assert (dollars.why, batch.why) == ("other_currency", "batch_total")


TEXTS = st.sampled_from([
    "LUM-2026-001001", "LUM-2026-001002", "LUM-2026-001001 LUM-2026-001002", "LUM-2026-001010", "LUM 2026 002001", "",
    "merci", "VIREMENT", "LUM-2026-009999",
])  # fmt: skip
AMOUNTS = st.sampled_from(["84.00", "60.00", "144.00", "10.00", "0.01", "90.00", "228.00"])


@st.composite
def some_movements(draw: st.DrawFn) -> list[Movement]:
    movements: list[Movement] = []
    for n in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(st.sampled_from(["received", "received", "received", "collected", "returned", "announced"]))
        movements.append(
            paid(
                n,
                draw(AMOUNTS),
                draw(TEXTS),
                draw(st.integers(0, 4)),
                kind=kind,
                debtor_iban=draw(st.sampled_from(["", IBAN_ALICE, "FR76OTHER"])),
                debtor_name=draw(st.sampled_from(["", "Alice Martin", "Bob Le Goff"])),
                original_id=f"E{draw(st.integers(1, 9))}" if kind == "returned" else "",
                told_by=draw(st.sampled_from(["bank", "bank", "issuer"])),
            )
        )
    return movements


@settings(max_examples=300, deadline=None)
@given(some_movements(), st.randoms(use_true_random=False))
def test_any_order_ends_the_same_and_nothing_is_lost_or_made(movements: list[Movement], random: Any) -> None:
    found = match_movements(movements, BILLS)
    shuffled, bills = list(movements), list(BILLS)
    random.shuffle(shuffled)
    random.shuffle(bills)
    assert match_movements(shuffled, bills) == found
    assert found.keys() == {each.payment_id for each in movements}
    taken: dict[int, Decimal] = {}
    undone = {match.undoes for match in found.values()}
    for movement in movements:
        match, entry = found[movement.payment_id], movement.entry
        shared = sum((amount for _, amount in match.shares), Decimal(0))
        is_money = entry.kind in {"received", "collected"} and movement.payment_id not in undone
        if is_money and match.outcome in {"part", "matched"}:
            assert shared + match.rest == entry.amount
        assert shared <= entry.amount
        assert bool(match.rest) == (match.outcome == "part")
        if is_money:
            for bill_id, amount in match.shares:
                taken[bill_id] = taken.get(bill_id, Decimal(0)) + amount
    assert all(taken.get(each.bill_id, Decimal(0)) <= each.asks for each in BILLS), "no bill is paid more than it asks"


@given(st.text("ABC0123456789", min_size=4, max_size=14))
def test_a_typing_error_goes_both_ways(key: str) -> None:
    for other in with_one_error(key):
        assert other != key
        assert key in set(with_one_error(other))


def test_what_payers_may_call_a_bill() -> None:
    from bill import Bill, Payment, Totals

    bill = Bill(
        number="F-1", issue_date=ISSUED, currency="EUR", totals=Totals(payable=Decimal(1)),
        payment=Payment(remittance="RF18 5390 0754 7034"),
    )  # fmt: skip
    assert keys_of_bill(bill) == ("F1", "RF18539007547034", "539007547034")
