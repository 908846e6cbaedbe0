"""What is foreseen of an account is put off by its next bills: it stands as if it were counted again, and is not."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from adoption import count_accounts
from adoption.account_day_changes import packed_changes, put_off
from adoption.account_states import AccountPast, ConsentAct, Hold, SaidNotice, Statement
from adoption.day_spans import open_ended, span_with
from adoption.fact_verification import verify
from adoption.journeys.count_journeys import waits
from adoption.journeys.journey import JourneyPast, PresentedBill, StartedClaim, journey_of
from adoption.monthly_facts import PARIS, measure
from store import Store
from store.facts.counted_contribution import CountedAccount, OfBill
from tests.adoption.sample_accounts import World, moment

ZONE = ZoneInfo("Europe/Paris")
FIRST = date(2024, 1, 1)
PRESENTED_AND_READ = 0b10 | 1 << 8


def some_day(chance: Random, days: int = 900) -> date:
    return FIRST + timedelta(days=chance.randrange(days))


def some_past(chance: Random) -> AccountPast:
    """An account that something happened to, seldom much."""

    def at() -> datetime:
        return datetime.combine(some_day(chance), datetime.min.time(), UTC)

    since = at()
    kinds = ("invited", "moved", "claim_started")
    return AccountPast(
        frozenset(some_day(chance).replace(day=1) for _ in range(chance.randrange(1, 9))),
        frozenset(some_day(chance) for _ in range(chance.choice([0, 1, 2, 6]))),
        (Hold(since, chance.choice([None, since + timedelta(days=200)])),) if chance.random() < 0.4 else (),
        tuple(ConsentAct(at(), n, chance.choice(["paperless", "paper"])) for n in range(chance.randrange(3))),
        tuple(SaidNotice(at(), n, chance.choice(kinds)) for n in range(chance.randrange(3))),
        Statement(closed_on=some_day(chance, 1200)) if chance.random() < 0.2 else Statement(),
    )  # fmt: skip


def test_bills_put_off_what_a_count_would() -> None:
    """Random pasts and bills: either a count says the same up to the day, and foresees the same, or it is asked."""
    put, asked = 0, 0
    for seed in range(3000):
        chance = Random(seed)
        past, until = some_past(chance), some_day(chance, 1000).toordinal()
        issued = some_day(chance, 1000)
        coded_on = None if chance.random() < 0.5 else issued + timedelta(days=chance.randrange(5))
        after = past._replace(
            billed=past.billed | {issued.replace(day=1)}, coded=past.coded | ({coded_on} if coded_on else set())
        )
        (before, foreseen), (changes, counted) = (packed_changes(each, ZONE, until) for each in (past, after))
        if (then := put_off(foreseen, [(issued, coded_on)])) is None:
            asked += 1
            continue
        put += 1
        assert before == changes, seed
        known = {*past.billed, *past.coded, *(each.at.date() for each in past.notices)}
        if max(day.toordinal() for day in known) <= until:
            assert then == counted, seed
        assert until < then.next_on.toordinal() <= counted.next_on.toordinal(), "counted too soon does no harm"
    assert put > 200
    assert asked > 200


def test_bills_wait_for_the_look_that_a_count_would_make() -> None:
    """Random journeys and bills: either a count says the same up to the day, or it is asked."""
    waited, asked = 0, 0
    for seed in range(3000):
        chance = Random(seed)

        def days(most: int, chance: Random = chance) -> list[int]:
            return [some_day(chance).toordinal() for _ in range(chance.randrange(most))]

        held = [(claimed := some_day(chance).toordinal(), claimed + 500)] if chance.random() < 0.6 else []
        past = JourneyPast(
            1, days(3), days(2), {StartedClaim(day, "sign_up") for day in days(2)}, held,
            [(day, day + 120) for day in days(2)],
            [PresentedBill(day, chance.random() < 0.5) for day in days(4)],
        )  # fmt: skip
        until = some_day(chance, 1500)
        before = journey_of(past, until)
        if before is None:
            continue
        issued, is_coded = some_day(chance), chance.random() < 0.3
        bill = OfBill(1, 1, issued, "", "", PRESENTED_AND_READ, "", issued if is_coded else None)
        coded = [issued.toordinal()] if is_coded else []
        after = past._replace(
            invited=[*past.invited, *coded], bills=[*past.bills, PresentedBill(issued.toordinal(), True)]
        )
        if not waits(before, [bill]):
            asked += 1
            continue
        waited += 1
        assert journey_of(after, until) == before, seed
    assert waited > 200
    assert asked > 200


def test_whoever_is_billed_on_is_not_counted_again(
    store: Store, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alice has a letter with a code each month. In a year nobody counts her but when she is new; then no bill comes
    any more, and the days count her: asked no more when the last code is, active no more after thirteen months."""
    counted: list[date] = []
    count = count_accounts.account_figures

    def noting(session: Session, billed: dict[int, object], zone: ZoneInfo, until: date) -> object:
        counted.extend([until] * len(billed))
        return count(session, billed, zone, until)  # type: ignore[arg-type]

    monkeypatch.setattr(count_accounts, "account_figures", noting)
    world = World(session)
    alice = world.account(world.issuer("lumiere"), "alice")
    for month in range(1, 13):
        issued = date(2025, month, 2)
        world.letter(world.bill(alice, issued), "7Q2KDX", issued + timedelta(days=2))
        session.commit()
        assert not measure(store, moment(issued + timedelta(days=3)))
    assert counted == [date(2025, 1, 5), date(2025, 1, 5)], "in the full count, and as she was marked beside it"
    counted.clear()
    for day in range(430):
        assert not measure(store, moment(date(2025, 12, 5) + timedelta(days=day)))
    assert counted == [date(2026, 6, 2), date(2027, 1, 1)]
    row = session.get_one(CountedAccount, alice.id)
    assert (row.next_on, row.active_until) == (date.max, date.max), "nothing more is to come"
    session.rollback()
    assert verify(store, moment(date(2027, 2, 10)), PARIS) == []


def test_a_clock_that_goes_back_uncounts_nothing(store: Store, session: Session) -> None:
    """Alice is counted as of a year in which nobody bills her any more; then, on a right clock, she has an account."""
    world = World(session)
    alice = world.account(world.issuer("lumiere"), "alice")
    world.bill(alice, date(2025, 1, 2))
    session.commit()
    now, later = moment(date(2025, 1, 5)), moment(date(2026, 6, 1))
    assert not measure(store, later)
    world.holds(world.consumer("Alice"), alice, date(2025, 1, 4))
    session.commit()
    assert not measure(store, now)
    assert verify(store, now) == verify(store, later) == []


def test_spans_with_a_day_in_them() -> None:
    spans = [(10, 20), (30, 40), (50, 60)]
    assert [span_with(spans, day) for day in (9, 10, 19, 20, 35)] == [None, (10, 20), (10, 20), None, (30, 40)]
    assert open_ended(spans, 35) == [(10, 20), (30, 3_652_059)]
    assert open_ended(spans, 45) == spans
