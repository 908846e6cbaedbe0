"""Whom a campaign invites, whom it does not, and what it keeps of that."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from adoption.campaigns.campaign_draft import CampaignRefused
from adoption.campaigns.campaign_life import (
    approve_campaign,
    follow_calendar,
    refuse_campaign,
    stop_campaign,
    submit_campaign,
)
from adoption.campaigns.household_arms import HOLDOUT_SHARE, arm_of
from adoption.campaigns.load_candidates import accounts_to_consider
from consumers.paperless_consent import back_to_paper, go_paperless
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consumer import enrol
from store.campaigns.campaign import CampaignSegment
from store.campaigns.household_arm import AccountArm, arms_of
from store.campaigns.stopped_contact import contact_digest, stop_invitations
from store.db.event import events_of
from store.job import Job
from tests.adoption.campaigns.sample_campaigns import CHARLIE, CLAIRE, MONDAY, CampaignTown, Post


def test_alice_is_invited_and_whoever_must_not_be_is_not(town: CampaignTown) -> None:
    """One campaign, and all that forbids an invitation; each reason is kept."""
    alice = town.account("1", "alice@example.org")
    none = town.account("2")
    exempt = town.account("3", "exempt@example.org", paper_by_right="yes")
    dead = town.account("4", "dead@example.org", died_on=date(2026, 1, 5))
    closed = town.account("5", "gone@example.org", closed_on=date(2026, 1, 5))
    held_out = town.account("6", "held@example.org", arm="holdout")
    moved = town.account("7", "moved@example.org")
    append_notice(town.session, NewNotice(account_id=moved.id, kind="moved", at=MONDAY - timedelta(days=3)))
    stopped = town.account("8", "stop@example.org")
    stop_invitations(town.session, 0, contact_digest("stop@example.org"), "asked", MONDAY)
    bob = town.account("9", "bob@example.org")
    reader = town.world.consumer("Bob")
    enrol(town.session, reader.id, bob.id, MONDAY - timedelta(days=90))
    go_paperless(town.session, bob, reader, MONDAY - timedelta(days=60))
    back_to_paper(town.session, bob, reader, MONDAY - timedelta(days=30))
    campaign = town.running()

    assert town.choose(campaign) == 1

    everybody = (alice, none, exempt, dead, closed, held_out, moved, stopped, bob)
    assert town.said(campaign, *everybody) == [
        "planned invitation_any_day", "left_out invitation_no_contact", "left_out paper_by_right",
        "left_out holder_died", "left_out contract_over", "held_out invitation_held_out", "left_out address_unknown",
        "left_out invitation_stopped", "left_out paper_chosen",
    ]  # fmt: skip
    rows = town.rows(campaign)
    assert rows[alice.id].arm == "together-1"
    assert rows[held_out.id].arm == "holdout"
    assert rows[bob.id].again_on == date(2027, 1, 31)  # twelve months after he chose paper, and not a day before
    jobs = town.session.scalars(select(Job)).all()
    assert [each.particulars for each in jobs] == [{"invitation_id": rows[alice.id].id}]
    assert town.choose(campaign) == 0  # the day's sweep is over
    assert town.choose(campaign, MONDAY + timedelta(days=1)) == 0


def test_a_household_is_invited_once_in_sixty_days_and_three_times_a_year_whoever_its_issuers_are(
    town: CampaignTown,
) -> None:
    vivaqua = town.world.issuer("vivaqua", "Eau vive")
    vivaqua.profile = town.lumiere.profile
    power = town.account("1", "alice@example.org")
    water = town.account("W-1", "alice.martin@example.org", household=power.id, issuer=vivaqua)
    same_mailbox = town.account("2", "alice@example.org")
    first, second = town.running(), town.running(issuer=vivaqua)

    assert town.choose(first) == 1
    assert town.choose(second) == 0

    assert town.said(first, power, same_mailbox) == ["planned invitation_any_day", "left_out invitation_cap"]
    assert town.said(second, water) == ["left_out invitation_cap"]
    again = town.rows(second)[water.id].again_on
    assert again == date(2026, 5, 2)
    assert town.choose(second, MONDAY + timedelta(days=61)) == 0, "the first is still to leave"
    sent = MONDAY + timedelta(days=61)
    town.send(Post(), sent)
    assert town.choose(second, sent + timedelta(days=60)) == 0, (
        "sixty days from when it left, not from when it was chosen"
    )
    later = MONDAY + timedelta(days=124)
    assert town.choose(second, later) == 1  # the same row: who was left out for a time is looked at again
    town.send(Post(), later)
    third, fourth = (town.running(later + timedelta(days=61 * n)) for n in (1, 2))
    assert town.choose(third, later + timedelta(days=61)) == 1
    town.send(Post(), later + timedelta(days=61))
    assert town.choose(fourth, later + timedelta(days=122)) == 1
    assert town.said(third, power, same_mailbox) == ["sent invitation_any_day", "left_out invitation_cap"]
    assert town.said(fourth, power, same_mailbox) == ["left_out invitation_cap", "planned invitation_any_day"]


def test_number_and_budget_are_kept_and_end_the_campaign(town: CampaignTown) -> None:
    accounts = [town.account(str(n), f"a{n}@example.org") for n in range(5)]
    few = town.running(most_invitations=2)
    poor = town.running(budget=Decimal("0.006"), segment=CampaignSegment(departments=("44",)))

    assert town.choose(few, limit=2) == 2
    assert town.choose(few) == 0
    assert town.choose(poor, MONDAY + timedelta(days=61)) == 3

    assert (few.invited, few.spent) == (2, Decimal("0.004"))
    assert [each.split()[0] for each in town.said(few, *accounts)] == ["planned", "planned", "-", "-", "-"]
    assert poor.spent == Decimal("0.006")
    follow_calendar(town.session, few, MONDAY, MONDAY.date())
    assert few.state == "running"  # what was planned is still to leave
    for row in town.rows(few).values():
        row.state = "sent"
    town.session.commit()
    follow_calendar(town.session, few, MONDAY, MONDAY.date())
    assert not few.is_living


def test_a_segment_and_an_occasion_pass_over_all_others(town: CampaignTown) -> None:
    lille = town.account("1", "lille@example.org")
    lille.address = lille.address.replace(b"44000", b"59000")
    young = town.account("2", "young@example.org", since=date(2026, 2, 20))
    old = town.account("3", "old@example.org", since=date(2024, 3, 1))
    town.session.commit()
    by_place = town.running(segment=CampaignSegment(departments=("59",)))
    by_tenure = town.running(segment=CampaignSegment(tenure_months=24))
    yearly, opened = town.running(occasion="yearly"), town.running(occasion="contract")
    linked = town.running(segment=CampaignSegment(states=("LINKED_DUAL",)))

    assert [town.choose(each) for each in (by_place, by_tenure, opened, linked)] == [1, 1, 1, 0]

    assert town.said(by_place, lille, young, old) == ["planned invitation_any_day", "-", "-"]
    assert town.said(by_tenure, lille, young, old) == ["-", "-", "planned invitation_any_day"]
    assert town.said(opened, lille, young, old) == ["-", "planned invitation_contract", "-"]
    town.choose(yearly, MONDAY)
    assert town.said(yearly, lille, young, old) == ["-", "-", "left_out invitation_cap"]


def test_two_wordings_are_two_arms_and_a_household_has_one(town: CampaignTown) -> None:
    accounts = [town.account(str(n), f"a{n}@example.org") for n in range(40)]
    campaign = town.running(wordings=("together-1", "in-time-1"))

    town.choose(campaign)

    arms = [town.rows(campaign)[each.id].arm for each in accounts]
    assert 8 < arms.count("together-1") < 32
    assert set(arms) == {"together-1", "in-time-1"}


@pytest.mark.beside_any_database
def test_a_tenth_is_drawn_by_a_key() -> None:
    drawn = [arm_of(b"k" * 32, household) for household in range(20_000)]

    share = drawn.count("holdout") / len(drawn)
    assert abs(share - HOLDOUT_SHARE) < 0.01
    assert drawn != [arm_of(b"j" * 32, household) for household in range(20_000)]


def test_an_arm_is_drawn_for_every_household_and_kept_for_ever(town: CampaignTown) -> None:
    first = town.account("1")
    for n in range(2, 60):
        town.account(str(n), household=first.id if n == 59 else None)
    drawn = select(AccountArm).where(AccountArm.account_id != first.id)
    for row in town.session.scalars(drawn):
        town.session.delete(row)
    first_arm = town.session.get_one(AccountArm, first.id)
    first_arm.arm = "holdout"
    town.session.commit()

    town.draw()

    everybody = list(range(1, 60))
    arms = arms_of(town.session, everybody)
    assert len(arms) == 59
    assert arms[59] == "holdout"  # it is of the first one's household
    assert {"holdout", "open"} == set(arms.values())
    town.draw()
    assert arms_of(town.session, everybody) == arms


def test_who_wrote_a_campaign_does_not_decide_about_it(town: CampaignTown) -> None:
    campaign = town.written()
    submit_campaign(town.session, campaign, CLAIRE, MONDAY)

    for spelled in (CLAIRE, CLAIRE.upper()):
        with pytest.raises(CampaignRefused, match="somebody else does"):
            approve_campaign(town.session, campaign, spelled, MONDAY)
    with pytest.raises(CampaignRefused, match="say why"):
        refuse_campaign(town.session, campaign, CHARLIE, " ", MONDAY)
    town.session.commit()
    for spelled in (CLAIRE, CLAIRE.upper()):
        campaign.decided_by = spelled
        with pytest.raises(IntegrityError, match=r"decided_by_another"):
            town.session.flush()
        town.session.rollback()
    refuse_campaign(town.session, campaign, CHARLIE, "trop tôt", MONDAY)

    assert (campaign.state, campaign.decided_by, campaign.words) == ("refused", CHARLIE, "trop tôt")
    with pytest.raises(CampaignRefused, match="past that"):
        approve_campaign(town.session, campaign, CHARLIE, MONDAY)
    told = [(each.what, each.by) for each in events_of(town.session, "campaign", campaign.id)]
    assert told == [("draft", CLAIRE), ("submitted", CLAIRE), ("refused", CHARLIE)]


def test_the_issuers_word_is_asked_for_before_its_addresses_are_used(town: CampaignTown) -> None:
    town.lumiere.profile = ""
    campaign = town.written()

    with pytest.raises(CampaignRefused, match="invitations"):
        submit_campaign(town.session, campaign, CLAIRE, MONDAY)


def test_a_stopped_campaign_cancels_what_was_planned(town: CampaignTown) -> None:
    alice = town.account("1", "alice@example.org")
    campaign = town.running()
    town.choose(campaign)

    stop_campaign(town.session, campaign, CLAIRE, "erreur de texte", MONDAY)
    town.session.commit()

    assert town.said(campaign, alice) == ["cancelled campaign_stopped"]
    bob = town.account("2", "bob@example.org")
    assert town.choose(campaign, MONDAY + timedelta(days=1)) == 0
    assert town.said(campaign, bob) == ["-"]
    assert town.session.scalar(select(func.count()).select_from(Job)) == 1


@pytest.mark.parametrize(
    ("terms", "advice"),
    [
        ({"name": " "}, "name"),
        ({"wordings": ()}, "at least one wording"),
        ({"wordings": ("default-on-1",)}, "for this lever"),
        ({"segment": CampaignSegment(departments=("20",))}, "no department"),
        ({"segment": CampaignSegment(states=("EXEMPT",))}, "can be invited"),
        ({"starts_on": date(2026, 3, 1)}, "today or later"),
        ({"ends_on": date(2026, 3, 1)}, "not before the first"),
        ({"most_invitations": 0}, "number of invitations"),
        ({"budget": Decimal("NaN")}, "amount in euros"),
        ({"budget": Decimal("0.001")}, "does not pay one"),
        ({"cap_days": 59}, "stricter"),
        ({"cap_year": 4}, "stricter"),
        ({"lever": "insert"}, "code of the envelope"),
        ({"lever": "insert", "paper_code": "../x"}, "code of the envelope"),
    ],
)
@pytest.mark.beside_any_database
def test_what_may_not_stand_in_a_campaign(terms: dict[str, object], advice: str) -> None:
    from adoption.campaigns.campaign_draft import check_draft

    draft = CampaignTown.draft(None, **terms)  # type: ignore[arg-type]
    with pytest.raises(CampaignRefused, match=advice):
        check_draft(draft, MONDAY.date())


@pytest.mark.beside_any_database
def test_a_campaign_walks_accounts_by_their_ids_and_sorts_none(town: CampaignTown) -> None:
    """Sorted anew for each few hundred, a hundred thousand accounts took a minute of CPU a day."""
    town.account("1", "alice@example.org")
    campaign, asked = town.running(), list[tuple[str, Any]]()
    connection = town.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    accounts_to_consider(town.session, campaign, MONDAY.date(), 250)
    statement, values = asked[-1]
    plan = " / ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
    assert plan.startswith("SEARCH account USING INDEX ix_account_issuer_id_id (issuer_id=? AND id>?)"), plan
    assert "TEMP B-TREE" not in plan
