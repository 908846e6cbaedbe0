"""Journeys and letters are kept by what changed; each figure is as long as its list."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from adoption.accounts_of_month import accounts_that_did
from adoption.bill_contribution import daily_measures_of, masks_of
from adoption.fact_verification import verify
from adoption.journeys.cohort import cohorts, look_bits
from adoption.journeys.funnel import funnel
from adoption.monthly_facts import PARIS, measure
from adoption.paper.letters_by_reason import letters_by_reason
from delivery.feedback.views_bounces_returns import bill_viewed
from store import Store
from store.bills.bill import BillRow
from store.facts.account_journey import STEPS, AccountJourney, JourneyCount
from store.facts.counted_contribution import counted_bills
from store.facts.daily_fact import Days
from store.facts.listed_journeys import AskedCohort, AskedJourneys, cohort_listed, journeys_listed
from store.facts.listed_letters import AskedLetters, letters_listed
from store.facts.listed_month import AskedBills, bills_of_month
from tests.adoption.journeys.street import FIRST, LAST, NOW, TODAY, Street
from tests.adoption.sample_accounts import World, moment


@pytest.fixture
def street(store: Store, session: Session) -> Street:
    street = Street(session)
    session.commit()
    assert not measure(store, NOW)
    return street


def test_each_figure_of_the_funnel_is_as_long_as_its_list(street: Street, session: Session, store: Store) -> None:
    told = funnel(session, [street.lumiere.id], FIRST, LAST, TODAY)
    assert [(each.reached, each.stopped) for each in told.steps] == [
        (6, 1), (5, 1), (4, 2), (2, 0), (2, 0), (2, 1), (1, 1),
    ]  # fmt: skip
    assert told.snags == {"wrong_code": 1, "sign_up": 1}
    for n, each in enumerate(told.steps):
        assert len(street.names(session, list(range(n, len(STEPS))), street.lumiere)) == each.reached
        assert len(street.names(session, [n], street.lumiere)) == each.stopped
    assert street.names(session, list(range(len(STEPS))), street.lumiere, page=2) == [
        "alice", "flora", "emile", "dora", "charlie", "bob",
    ]  # fmt: skip
    assert street.names(session, [2], street.lumiere, "wrong_code") == ["dora"]
    early = AskedJourneys([street.lumiere.id], [5], FIRST, LAST, date(2026, 4, 1))
    assert {each.account.value for each in journeys_listed(session, early, 0, 9)} == {"alice", "flora"}, "too soon"
    assert funnel(session, [street.eaux.id], FIRST, LAST, TODAY).entered == 1
    assert funnel(session, [street.lumiere.id], date(2026, 2, 1), LAST, TODAY).entered == 0
    assert verify(store, NOW, PARIS) == []


def test_a_letter_that_leaves_and_a_bill_that_is_read_later_move_a_journey(
    street: Street, session: Session, store: Store
) -> None:
    """Nothing marks these accounts but their bills."""
    world = World(session)
    helene = world.account(street.eaux, "helene")
    world.letter(world.bill(helene, date(2026, 9, 1)), "7Q2KDX", date(2026, 9, 3))
    bill_viewed(session, street.late, street.alice.id, moment(date(2026, 9, 4)))
    session.commit()
    assert not measure(store, NOW)
    assert funnel(session, [street.eaux.id], date(2026, 9, 1), LAST, TODAY).entered == 1
    assert verify(store, NOW, PARIS) == []


def test_a_cohort_s_figures_and_their_lists(street: Street, session: Session) -> None:
    [cohort] = cohorts(session, [street.lumiere.id, street.eaux.id], FIRST, LAST, TODAY)
    assert (cohort.claimed, cohort.number) == (date(2026, 2, 1), 2)
    assert {cell: still.number for cell, still in cohort.stood.items()} == {
        ("enrolled", 1): 2, ("paperless", 1): 2, ("reading", 1): 1,
        ("enrolled", 3): 1, ("paperless", 3): 1, ("reading", 3): 1,
        ("enrolled", 6): 1, ("paperless", 6): 1, ("reading", 6): 1,
    }  # fmt: skip
    issuers = [street.lumiere.id, street.eaux.id]
    for is_so, names in ((True, ["flora"]), (False, ["alice"])):
        asked = AskedCohort(issuers, cohort.claimed, cohort.claimed, *look_bits("reading", 1), is_so)
        assert [each.account.value for each in cohort_listed(session, asked, 0, 9)] == names
    asked = AskedCohort(issuers, cohort.claimed, cohort.claimed, *look_bits("enrolled", 1), True)
    [first] = cohort_listed(session, asked, 0, 1)
    [second] = cohort_listed(session, asked, first.account.id, 9)
    assert [first.account.value, second.account.value] == ["alice", "flora"]


def test_letters_by_reason_and_the_bills_behind(street: Street, session: Session) -> None:
    issuers = {each.id: each for each in (street.lumiere, street.eaux)}
    billed = letters_by_reason(session, issuers, FIRST, TODAY)
    told = [(issuers[each.issuer_id].slug, each.code, each.bills) for each in billed.letters]
    assert told == [
        ("lumiere", "account_unclaimed", 6), ("eaux", "account_unclaimed", 1), ("lumiere", "printed_if_unread", 1),
    ]  # fmt: skip
    assert billed.bills == 10
    asked, after, found = AskedLetters(list(issuers), ["account_unclaimed"], FIRST, TODAY), 0, list[str]()
    while listed := letters_listed(session, asked, after, 2):
        found += [each.number for each in listed]
        after = listed[-1].id
    assert found == ["flora", "alice", "emile", "dora", "charlie", "bob", "gaston"]
    assert letters_listed(session, asked._replace(last=date(2026, 1, 4)), 0, 9) == []
    reasons = asked._replace(codes=["printed_if_unread", "account_unclaimed"])
    after, found = 0, list[str]()
    while listed := letters_listed(session, reasons, after, 1):
        found += [each.number for each in listed]
        after = listed[-1].id
    assert found == ["flora", "alice", "emile", "dora", "charlie", "bob", "F-19", "gaston"]


def test_the_bills_and_accounts_behind_figures_come_page_by_page(street: Street, session: Session) -> None:
    """Bills of several kinds (read or not, posted or not) in one order; few accounts among all of them."""
    issuers = [street.lumiere.id, street.eaux.id]
    asked, after, found = AskedBills(issuers, masks_of(["presented"]), FIRST, TODAY), 0, list[BillRow]()
    while page := bills_of_month(session, asked, after, 2):
        found += page
        after = page[-1].id
    counted = counted_bills(session, session.scalars(select(BillRow.id)).all())
    added = {bill_id: dict(daily_measures_of(each.what_it_adds())) for bill_id, each in counted.items()}
    presented = {bill_id for bill_id, each in added.items() if "presented" in each}
    assert len({each.figures for each in counted.values()}) > 2
    assert {each.id for each in found} == presented
    assert found == sorted(found, key=lambda each: (each.issuer_id, -each.issue_date.toordinal(), -each.id))
    assert bills_of_month(session, asked, 0, 99) == found
    days, claimed = Days(None, TODAY), list[str]()
    while acts := accounts_that_did(session, issuers, "claims", days, after if claimed else 0, 1):
        claimed += [each.account.value for each in acts]
        after = acts[-1].account.id
    assert sorted(claimed) == ["alice", "flora"]
    assert [each.account.value for each in accounts_that_did(session, issuers, "claim_failures:", days, 0, 9)] == [
        "dora", "emile",
    ]  # fmt: skip


def test_verify_tells_of_a_journey_that_is_wrong(street: Street, session: Session, store: Store) -> None:
    bob = street.accounts["bob"].id
    session.execute(update(AccountJourney).where(AccountJourney.account_id == bob).values(step=3))
    session.execute(update(JourneyCount).where(JourneyCount.issuer_id == street.eaux.id).values(number=7))
    session.commit()
    told = [(each.issuer_id, each.measure) for each in verify(store, NOW, PARIS)]
    assert told == [
        (street.lumiere.id, "journey claimed 2026-01-01"), (street.lumiere.id, "journey invited 2026-01-01"),
        (street.eaux.id, "journey invited 2026-01-01"),
    ]  # fmt: skip
