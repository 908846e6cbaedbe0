"""A policy is tried on the last month's bills: what would have been printed and reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import ChoiceInputs
from delivery.choosing.choose_channel import debit_days
from delivery.choosing.policy_trial import inputs_under, try_policy
from delivery.choosing.print_deadline import BillFacts
from issuers.profile import Profile, read_profile
from store.bills.bill import BillRow
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 6)
LATER = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
LONGER = read_profile("[policy]\nprenotification_days = 30\n")
TODAY, HASTY = read_profile(""), read_profile("[policy]\nleast_days_to_pay = 25\nremind_after_days = [1]\n")

OWN = debit_days(TODAY)


def test_a_hastier_policy_prints_what_was_read_late(world: World) -> None:
    """Alice read on the tenth day: before the letter of today's policy, after that of the tried one. Bob never did, and
    who follows nothing here gets a letter either way."""
    late = world.bill(world.account(world.consumer("alice"), paperless=True), ISSUED, DUE)
    never = world.bill(world.account(world.consumer("bob"), paperless=True), ISSUED, DUE)
    unclaimed = world.bill(world.account(), ISSUED, DUE)
    world.bill(world.account(), date(2026, 1, 2), DUE)  # is of no last month
    world.choose(TUESDAY)
    with world.store.writing() as session:
        bill = session.get_one(BillRow, late)
        issuer_id, bill.viewed_at = bill.issuer_id, TUESDAY + timedelta(days=10)
    with world.store.reading() as session:
        trial = try_policy(session, issuer_id, TODAY, HASTY, LATER)
        same = try_policy(session, issuer_id, TODAY, TODAY, LATER)
    assert (trial.bills, trial.is_part, same.changed) == (3, False, 0)
    assert trial.today == same.today == same.tried
    assert trial.today.endings == {"at_once": 1, "unread": 1, "read": 1, "open": 0, "held": 0}
    assert trial.tried.endings == {"at_once": 1, "unread": 2, "read": 0, "open": 0, "held": 0}
    assert (trial.today.reminders, trial.tried.reminders) == (2, 2)
    assert trial.tried.cost - trial.today.cost == TODAY.quality.letter_price
    assert {each.bill_id for each in trial.named} == {late, never}
    assert unclaimed not in {each.bill_id for each in trial.named}
    with world.store.reading() as session:
        soon = try_policy(session, issuer_id, TODAY, HASTY, TUESDAY + timedelta(days=1)).tried
    assert soon.endings["open"] == 2, "not yet known"


@pytest.mark.parametrize(
    ("kept", "today", "tried", "meant"),
    [(OWN, TODAY, LONGER, 30), (30, LONGER, TODAY, OWN), (5, TODAY, LONGER, 30), (5, LONGER, TODAY, 5)],
)
def test_a_debit_is_announced_as_the_tried_policy_says(kept: int, today: Profile, tried: Profile, meant: int) -> None:
    """But a mandate that agreed on other days than the issuer's own keeps them."""
    facts = BillFacts(issued=ISSUED, received=ISSUED, due=DUE, is_to_pay=True)
    inputs = ChoiceInputs(facts, (), today.policy, Calendar(), TUESDAY, debit_days=kept)
    assert inputs_under(inputs, today, tried).debit_days == meant
