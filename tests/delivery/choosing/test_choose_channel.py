"""Whom a bill goes to, by which way, and until when it may wait for its reader."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from delivery.calendar.postal_calendar import Calendar, is_working
from delivery.choosing import choose_channel
from delivery.choosing.choice_inputs import ChoiceInputs
from delivery.choosing.choose_channel import choose
from delivery.choosing.planned_delivery import Choice, Holder
from delivery.choosing.print_deadline import BillFacts, last_cut_off, mainland_days
from delivery.choosing.risk_score import ReadingHistory
from delivery.notices.notice_preference import NoticePreference
from issuers.profile import Policy
from store.delivery import THE_ADDRESSEE
from tests.delivery.sample_bills import World
from tests.spelled_reasons import french

CALENDAR = Calendar()
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ALICE, BOB = 1, 2


def facts(due: date | None = date(2026, 4, 7), **also: object) -> BillFacts:
    return BillFacts(issued=TUESDAY.date(), received=TUESDAY.date(), due=due, **also)  # type: ignore[arg-type]


def chosen(
    bill: BillFacts, *holders: Holder, paperless: bool = True, policy: Policy | None = None, now: datetime = TUESDAY,
    **also: object,
) -> Choice:  # fmt: skip
    return choose(
        ChoiceInputs(
            bill=bill, paperless=paperless, holders=holders, policy=policy or Policy(), calendar=CALENDAR, now=now,
            **also,  # type: ignore[arg-type]
        )
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
        (THE_ADDRESSEE, "paper", "print", "waiting"),
    ]
    reminder, letter = choice.deliveries[2:]
    assert reminder.due_at == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # five working days, nine o'clock in Paris
    assert choice.next_look == reminder.due_at
    assert letter.due_at == datetime(2026, 3, 20, 15, 30, tzinfo=UTC)  # an hour before the cut-off of the 20th
    assert french(letter.reason) == "sans papier : par la poste si personne ne l’a vue le 20 mars 2026"


def test_the_letter_is_in_the_box_in_time_whatever_the_due_date():
    policy = Policy()
    for days in range(30, 80):
        due = TUESDAY.date() + timedelta(days=days)
        cut_off = CALENDAR.day_of(last_cut_off(facts(due), policy, CALENDAR, TUESDAY))
        in_the_box = CALENDAR.days_after(cut_off, mainland_days(policy) + 1)
        assert is_working(cut_off)
        assert in_the_box <= due - timedelta(days=policy.least_days_to_pay)
        later = CALENDAR.days_after(cut_off, 1)
        assert CALENDAR.days_after(later, mainland_days(policy) + 1) > due - timedelta(days=policy.least_days_to_pay)


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
        "notify", "remind-1",
    ]  # fmt: skip
    assert choice.deliveries[2].due_at.date() == CALENDAR.days_after(TUESDAY.date(), 6)
    assert CALENDAR.day_of(choice.deliveries[-1].due_at) == date(2026, 3, 30)


def test_every_decision_says_why():
    for choice in (chosen(facts()), chosen(facts(), Holder(person_id=ALICE))):
        assert all(french(each.reason) for each in choice.deliveries)


# -- reminders


def reminders(choice: Choice) -> list[tuple[int | None, str, str, date]]:
    planned = [each for each in choice.deliveries if each.purpose.startswith("remind")]
    return [(each.person_id, each.channel, each.purpose, each.due_at.date()) for each in planned]


def test_each_reminder_comes_by_another_channel_where_the_person_has_one():
    bob = Holder(person_id=BOB, others=("sms", "push"))
    assert reminders(chosen(facts(), bob)) == [
        (BOB, "sms", "remind-1", date(2026, 3, 5)),
        (BOB, "push", "remind-2", date(2026, 3, 10)),
    ]
    two_ways = Holder(person_id=BOB, others=("sms",))
    assert [way for _, way, *_ in reminders(chosen(facts(), two_ways))] == ["sms", "email"]
    by_sms_alone = Holder(person_id=BOB, can_be_mailed=False, others=("sms",))
    messages = chosen(facts(), by_sms_alone).deliveries[1:-1]
    assert [(each.channel, each.purpose) for each in messages] == [("sms", "notify"), ("sms", "remind-1")]


def test_by_one_channel_the_one_reminder_is_the_last_before_the_letter():
    assert reminders(chosen(facts(), Holder(person_id=ALICE))) == [(ALICE, "email", "remind-1", date(2026, 3, 10))]
    soon = chosen(facts(date(2026, 3, 17)), Holder(person_id=ALICE))  # the letter leaves on the 6th
    assert reminders(soon) == [(ALICE, "email", "remind-1", date(2026, 3, 5))]


@pytest.mark.parametrize("asked", [{"is_collected": True, "is_to_pay": False}, {"is_to_pay": False}, {"is_over": True}])
def test_nobody_is_reminded_of_a_bill_that_asks_for_nothing(asked: dict[str, bool]):
    choice = chosen(facts(**asked), Holder(person_id=ALICE, others=("sms",)))
    assert reminders(choice) == []
    assert [each.purpose for each in choice.deliveries] == ["present", "notify", "print"], "and its letter waits"


def test_a_reminder_comes_at_nine_where_its_reader_lives():
    reunion = facts(region="974", destination="974", time_zone="Indian/Reunion")
    martinique = facts(region="972", destination="972", time_zone="America/Martinique")
    hours = [chosen(bill, Holder(person_id=ALICE)).deliveries[2].due_at.hour for bill in (reunion, martinique)]
    assert hours == [5, 13]


# -- how long the post takes


@pytest.mark.parametrize("destination", ["2A", "974", "PF", "EU"])
def test_a_letter_that_goes_far_leaves_earlier(destination: str):
    near, far = (last_cut_off(facts(destination=each), Policy(), CALENDAR, TUESDAY) for each in ("", destination))
    assert far < near


def test_the_postage_class_and_the_issuers_own_figure_say_how_long():
    def leaves(policy: Policy) -> date:
        return CALENDAR.day_of(last_cut_off(facts(), policy, CALENDAR, TUESDAY))

    assert leaves(Policy()) == date(2026, 3, 20)
    assert leaves(Policy(postage="green")) == date(2026, 3, 23)
    assert leaves(Policy(postage="green", post_days=6)) == date(2026, 3, 18)


def test_a_mandate_that_agreed_on_fewer_days_leaves_more_to_read():
    collected = facts(is_to_pay=False, is_collected=True)
    usual, agreed = (
        chosen(collected, Holder(person_id=ALICE), policy=Policy(least_days_to_pay=5), debit_days=days).deliveries[-1]
        for days in (14, 5)
    )
    assert usual.due_at < agreed.due_at


# -- risk


def test_the_letter_of_a_risky_account_arrives_in_time_and_at_once_where_it_is_late():
    unread = ReadingHistory(shown=3, unread_in_row=2)
    long = chosen(facts(), Holder(person_id=ALICE), history=unread)
    assert long.channel == "portal", "there is time: it is reminded, as anybody"
    assert CALENDAR.day_of(long.deliveries[-1].due_at) == date(2026, 3, 20)
    due = date(2026, 3, 20)  # others wait until the 10th, and their letter comes late
    assert chosen(facts(due), Holder(person_id=ALICE)).channel == "portal"
    at_once = chosen(facts(due), Holder(person_id=ALICE), history=unread)
    assert plan(at_once) == [
        (ALICE, "portal", "present", "ready"), (ALICE, "email", "notify", "ready"),
        (THE_ADDRESSEE, "paper", "print", "ready"),
    ]  # fmt: skip
    assert at_once.deliveries[-1].reason.code == "too_late_for_risk"
    assert at_once.risk
    assert at_once.risk.is_at_risk
    watched = chosen(facts(due), Holder(person_id=ALICE), relationship="AT_RISK")
    assert watched.deliveries[-1].reason.code == "too_late_for_risk"


def test_a_trial_does_not_print_at_once_what_is_collected():
    def choice(relationship: str, **asked: bool) -> Choice:
        return chosen(facts(date(2026, 3, 20), **asked), Holder(person_id=ALICE), relationship=relationship)

    assert choice("DIGITAL_TRIAL").deliveries[-1].reason.code == "too_late_for_risk"
    collected = {"is_collected": True, "is_to_pay": False}
    assert choice("DIGITAL_TRIAL", **collected).deliveries[-1].reason.code == "printed_if_unread"
    assert choice("AT_RISK", **collected).deliveries[-1].reason.code == "too_late_for_risk"


def test_who_gets_paper_anyway_has_no_risk_worked_out():
    assert chosen(facts(), Holder(person_id=ALICE), paperless=False).risk is None


# -- how its reader wants to hear of it


def test_who_reads_on_saturdays_is_reminded_from_then_on():
    choice = chosen(facts(), Holder(person_id=ALICE, preference=NoticePreference(digest="weekly")))
    notice, reminder = choice.deliveries[1:3]
    assert (notice.state, notice.due_at, notice.reason.code) == (
        "waiting", datetime(2026, 3, 7, 8, tzinfo=UTC), "announced_in_digest",
    )  # fmt: skip
    assert reminder.due_at == datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_who_wants_no_mail_gets_paper():
    choice = chosen(facts(), Holder(person_id=ALICE, preference=NoticePreference(channels=())))
    assert choice.channel == "paper"
    assert choice.deliveries[-1].reason.code == "no_channel_chosen"


# -- errors and states of the account


def test_a_right_to_paper_holds_whatever_was_consented_to():
    exempt = chosen(facts(), Holder(person_id=ALICE), relationship="EXEMPT")
    assert [(each.channel, each.reason.code) for each in exempt.deliveries] == [
        ("portal", "shown_to_holder"), ("paper", "paper_by_right"),
    ]  # fmt: skip


@pytest.mark.parametrize("lookup", ["holders_of", "relationships_of", "reading_histories", "preferences_of"])
def test_a_look_up_that_fails_neither_prints_nor_leaves_paper_out(world: World, monkeypatch, lookup: str):
    alice = world.consumer("alice")
    bill = world.bill(world.account(alice, paperless=True), TUESDAY.date(), date(2026, 4, 30))

    def is_down(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(choose_channel, lookup, is_down)
        with pytest.raises(OperationalError):
            world.choose(TUESDAY)
    assert (world.states(bill), world.row(bill).state, world.row(bill).channel) == ({}, "rendered", None)
    world.choose(TUESDAY)
    assert (world.row(bill).state, world.row(bill).channel) == ("chosen", "portal")
