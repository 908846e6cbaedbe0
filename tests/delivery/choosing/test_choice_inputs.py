"""What a channel was chosen by is kept: the same choice can be made again, and another policy tried on it."""

from datetime import UTC, date, datetime

import pytest

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import VERSION, ChoiceInputs, UnknownVersion, pack_inputs, unpack_inputs
from delivery.choosing.choose_channel import choose
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import BillFacts
from issuers.profile import Policy
from store.bills.channel_choice import choices_of
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
