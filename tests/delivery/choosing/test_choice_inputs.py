"""What a channel was chosen by is kept: the same choice can be made again, and another policy tried on it."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import update

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import VERSION, ChoiceInputs, UnknownVersion, pack_inputs, unpack_inputs
from delivery.choosing.choose_channel import choose
from delivery.choosing.explain_choice import explain_choices
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import BillFacts
from issuers.profile import Policy
from store.accounts.customer_account import CustomerAccount
from store.bills.channel_choice import choices_of
from store.delivery import Delivery
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 30)


def test_another_policy_is_tried_on_what_was_kept(world: World) -> None:
    alice = world.consumer("alice")
    bill = world.bill(world.account(alice, paperless=True), ISSUED, DUE)
    unclaimed = world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.reading() as session:
        [kept], [of_nobody] = choices_of(session, bill), choices_of(session, unclaimed)
    assert (kept.channel, of_nobody.channel) == ("portal", "paper")
    inputs = unpack_inputs(kept.inputs, kept.version)
    again = choose(inputs)
    there = {(each.channel, each.purpose): (each.due_at, each.reason) for each in world.owed(bill).values()}
    assert {(each.channel, each.purpose): (each.due_at, each.reason) for each in again.deliveries} == there
    hasty = choose(inputs, Policy(remind_after_days=(1,)))
    assert [each.purpose for each in hasty.deliveries if each.purpose.startswith("remind")] == ["remind-1"]
    assert len(kept.inputs) < 200, "kept a million times"


def test_a_choice_is_explained_by_what_was_kept_whatever_happened_since(world: World) -> None:
    alice = world.consumer("alice")
    account = world.account(alice, paperless=True)
    bill = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        session.execute(update(CustomerAccount).values(paperless=False))
        session.execute(update(Delivery).where(Delivery.purpose == "remind-1").values(state="cancelled"))
    with world.store.reading() as session:
        [explained] = explain_choices(session, bill, Policy(post_days=30))
    assert (explained.channel, explained.again.channel, explained.is_same) == ("portal", "portal", True)
    assert explained.tried
    assert explained.tried.deliveries[-1].due_at < explained.again.deliveries[-1].due_at
    with world.store.writing() as session:
        session.execute(update(Delivery).where(Delivery.purpose == "remind-1").values(purpose="remind-2"))
    with world.store.reading() as session:
        assert not explain_choices(session, bill)[0].is_same


def test_what_the_program_before_kept_is_read(world: World) -> None:
    """Version 1, as it was packed: the fields that came since are absent."""
    fields = [
        ["2026-03-02", "2026-03-02", "2026-04-30"], [[1], [2, False]],
        {"remind_after_days": [5, 10], "least_days_to_pay": 10, "post_days": 4}, ["Europe/Paris"],
        "2026-03-03T09:00:00Z", True,
    ]  # fmt: skip
    inputs = unpack_inputs(msgspec.msgpack.encode(fields), 1)
    assert (inputs.policy.remind_after_days, inputs.paperless, inputs.relationship) == ((5, 10), True, "")
    assert choose(inputs).channel == "portal"


def test_a_consent_can_be_tried_too() -> None:
    inputs = ChoiceInputs(
        bill=BillFacts(issued=ISSUED, received=ISSUED, due=DUE, instalments=(DUE, None)), policy=Policy(),
        holders=(Holder(person_id=1), Holder(person_id=2, can_be_mailed=False)), calendar=Calendar(region="57"),
        now=TUESDAY, paperless=True,
    )  # fmt: skip
    assert unpack_inputs(pack_inputs(inputs), VERSION) == inputs


def test_inputs_of_a_later_program_are_not_guessed() -> None:
    with pytest.raises(UnknownVersion, match="version 9"):
        unpack_inputs(b"", 9)
