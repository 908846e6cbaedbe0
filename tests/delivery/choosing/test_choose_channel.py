"""Whom a bill goes to, by which way, and until when it may wait for its reader."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.calendar.postal_calendar import Calendar, is_working
from delivery.choosing.choose_channel import choose
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import BillFacts, last_cut_off
from issuers.profile import Policy
from store.delivery import THE_ADDRESSEE
from tests.spelled_reasons import french

CALENDAR = Calendar()
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ALICE, BOB = 1, 2


def facts(due: date | None = date(2026, 4, 7), **also: object) -> BillFacts:
    return BillFacts(issued=TUESDAY.date(), received=TUESDAY.date(), due=due, **also)  # type: ignore[arg-type]


def chosen(
    bill: BillFacts, *holders: Holder, paperless: bool = True, policy: Policy | None = None, now: datetime = TUESDAY
):
    return choose(
        bill, paperless=paperless, holders=holders, policy=policy or Policy(), calendar=CALENDAR, now=now
    )  # fmt: skip


def plan(choice) -> list[tuple[int, str, str, str]]:
    return [(each.person_id, each.channel, each.purpose, each.state) for each in choice.deliveries]


def test_an_account_nobody_claimed_gets_paper_now():
    choice = chosen(facts(), paperless=False)
    assert choice.channel == "paper"
    assert plan(choice) == [(THE_ADDRESSEE, "paper", "print", "ready")]
    assert choice.deliveries[0].due_at == TUESDAY
    assert french(choice.deliveries[0].reason) == "personne n’a encore réclamé ce compte"


def test_alice_without_paper_is_told_reminded_and_in_the_end_written_to():
    choice = chosen(facts(), Holder(person_id=ALICE))
    assert choice.channel == "portal"
    assert plan(choice) == [
        (ALICE, "portal", "present", "ready"),
        (ALICE, "email", "notify", "ready"),
        (ALICE, "email", "remind-1", "waiting"),
        (ALICE, "email", "remind-2", "waiting"),
        (THE_ADDRESSEE, "paper", "print", "waiting"),
    ]
    first, second, letter = choice.deliveries[2:]
    assert first.due_at == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # five working days, nine o'clock in Paris
    assert second.due_at == datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
    assert letter.due_at == datetime(2026, 3, 20, 15, 30, tzinfo=UTC)  # an hour before the cut-off of the 20th
    assert french(letter.reason) == "sans papier : par la poste si personne ne l’a vue le 20 mars 2026"


def test_the_letter_is_in_the_box_in_time_whatever_the_due_date():
    policy = Policy()
    for days in range(30, 80):
        due = TUESDAY.date() + timedelta(days=days)
        cut_off = CALENDAR.day_of(last_cut_off(facts(due), policy, CALENDAR, TUESDAY))
        in_the_box = CALENDAR.days_after(cut_off, policy.post_days + 1)
        assert is_working(cut_off)
        assert in_the_box <= due - timedelta(days=policy.least_days_to_pay)
        later = CALENDAR.days_after(cut_off, 1)
        assert CALENDAR.days_after(later, policy.post_days + 1) > due - timedelta(days=policy.least_days_to_pay)


def test_the_post_brings_nothing_on_a_holiday_of_the_addressees():
    """Easter Monday, in Strasbourg Good Friday too (3 April 2026), lie in the four days of the post."""
    due = date(2026, 4, 17)  # in the box by 7 April
    nantes = last_cut_off(facts(due), Policy(), CALENDAR, TUESDAY)
    strasbourg = last_cut_off(facts(due, region="6AE"), Policy(), CALENDAR, TUESDAY)
    assert (CALENDAR.day_of(nantes), CALENDAR.day_of(strasbourg)) == (date(2026, 3, 30), date(2026, 3, 27))


def test_holders_who_enrolled_keep_their_paper():
    choice = chosen(facts(), Holder(person_id=ALICE), paperless=False)
    assert choice.channel == "paper"
    assert plan(choice) == [(ALICE, "portal", "present", "ready"), (THE_ADDRESSEE, "paper", "print", "ready")]


def test_a_couple_is_told_both():
    choice = chosen(facts(), Holder(person_id=ALICE), Holder(person_id=BOB))
    told = [each.person_id for each in choice.deliveries if each.purpose == "notify"]
    assert told == [ALICE, BOB]
    assert [each.purpose for each in choice.deliveries].count("print") == 1


def test_of_a_couple_one_of_whom_cannot_be_mailed_the_other_is_told():
    choice = chosen(facts(), Holder(person_id=ALICE, can_be_mailed=False), Holder(person_id=BOB))
    assert choice.channel == "portal"
    assert (ALICE, "portal", "present", "ready") in plan(choice)
    assert {each.person_id for each in choice.deliveries if each.channel == "email"} == {BOB}


def test_without_paper_but_nobody_can_be_mailed():
    choice = chosen(facts(), Holder(person_id=ALICE, can_be_mailed=False))
    assert choice.channel == "paper"
    assert plan(choice) == [(ALICE, "portal", "present", "ready"), (THE_ADDRESSEE, "paper", "print", "ready")]


def test_without_paper_but_all_have_left():
    assert plan(chosen(facts())) == [(THE_ADDRESSEE, "paper", "print", "ready")]


def test_due_in_fifteen_days_there_are_still_six_working_days_to_read():
    choice = chosen(facts(date(2026, 3, 23)), Holder(person_id=ALICE))
    assert choice.deliveries[-1].due_at == datetime(2026, 3, 11, 15, 30, tzinfo=UTC)
    assert [each.purpose for each in choice.deliveries if each.state == "waiting"] == ["remind-1", "print"]


def test_due_tomorrow_it_is_printed_at_once_and_announced_all_the_same():
    choice = chosen(facts(date(2026, 3, 4)), Holder(person_id=ALICE))
    assert choice.channel == "paper"
    assert plan(choice) == [
        (ALICE, "portal", "present", "ready"), (ALICE, "email", "notify", "ready"),
        (THE_ADDRESSEE, "paper", "print", "ready"),
    ]  # fmt: skip


def test_without_a_due_date_fifteen_days_are_the_measure():
    cut_off = last_cut_off(facts(None), Policy(), CALENDAR, TUESDAY)
    assert CALENDAR.days_after(CALENDAR.day_of(cut_off), 5) <= date(2026, 3, 18)
    assert CALENDAR.day_of(cut_off) == date(2026, 3, 11)


def test_a_direct_debit_is_announced_fourteen_days_before():
    cut_off = last_cut_off(facts(date(2026, 4, 7), is_to_pay=False, is_collected=True), Policy(), CALENDAR, TUESDAY)
    assert CALENDAR.day_of(cut_off) == date(2026, 3, 17)
    assert CALENDAR.days_after(date(2026, 3, 17), 5) == date(2026, 3, 24)


def test_a_credit_note_has_until_its_date():
    cut_off = last_cut_off(facts(date(2026, 3, 20), is_to_pay=False), Policy(), CALENDAR, TUESDAY)
    assert CALENDAR.day_of(cut_off) == date(2026, 3, 13)


def test_christmas_and_new_year_cost_two_days():
    bill = BillFacts(issued=date(2026, 12, 1), received=date(2026, 12, 1), due=date(2027, 1, 15))
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    policy = Policy(least_days_to_pay=10)
    # Counted back from 5 January: 4, 31, 30, 29, 28 December (1 January and the week-ends do not count).
    assert CALENDAR.day_of(last_cut_off(bill, policy, CALENDAR, now)) == date(2026, 12, 28)


@pytest.mark.parametrize("due", [date.min, date.max, date(1999, 1, 1)])
@pytest.mark.parametrize("issued", [date.min, date.max, date(2026, 3, 3)])
def test_dates_that_make_no_sense_still_give_a_letter_in_our_days(due, issued):
    for bill in (
        BillFacts(issued=issued, received=TUESDAY.date(), due=due),
        BillFacts(issued=issued, received=TUESDAY.date()),
    ):
        letter = chosen(bill, Holder(person_id=ALICE)).deliveries[-1]
        assert letter.purpose == "print"
        assert letter.due_at < TUESDAY + timedelta(days=120)


def test_the_policy_of_the_issuer_is_followed():
    policy = Policy(remind_after_days=[2, 4, 6], least_days_to_pay=5, post_days=2)
    choice = chosen(facts(), Holder(person_id=ALICE), policy=policy)
    assert [each.purpose for each in choice.deliveries if each.channel == "email"] == [
        "notify", "remind-1", "remind-2", "remind-3",
    ]  # fmt: skip
    assert CALENDAR.day_of(choice.deliveries[-1].due_at) == date(2026, 3, 30)


def test_every_decision_says_why():
    for choice in (chosen(facts()), chosen(facts(), Holder(person_id=ALICE))):
        assert all(french(each.reason) for each in choice.deliveries)
