"""The state of an account on each day: what `delivery.relationship` says of that day, whatever was done and said."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from adoption.account_states import AccountPast, AccountStates, ConsentAct, Hold, SaidNotice, Statement
from delivery.relationship.account_history import AccountHistory, GivenConsent, KnownNotice
from delivery.relationship.relationship_state import PAPERLESS_STATES, relationship_of

PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
KINDS = ("invited", "claim_started", "claim_started", "linked", "left", "objected", "moved", "address_known")

pytestmark = pytest.mark.beside_any_database


def some_past(chance: Random) -> AccountPast:
    """What happened to an account in two years."""

    def moments(most: int) -> list[datetime]:
        return sorted(BEGIN + timedelta(hours=chance.randrange(700 * 24)) for _ in range(chance.randrange(most + 1)))

    acts = [
        ConsentAct(at, n, chance.choice(["paperless", "paper"]), chance.choice(["consent", "no_reader", "objection"]))
        for n, at in enumerate(moments(4))
    ]
    holds = [Hold(at, chance.choice([None, at + timedelta(days=chance.randrange(200))])) for at in moments(2)]
    notices = [SaidNotice(at, n, chance.choice(KINDS)) for n, at in enumerate(moments(5))]
    coded = frozenset(at.astimezone(PARIS).date() for at in moments(2))
    day = (BEGIN + timedelta(days=chance.randrange(900))).date()
    said = Statement(
        died_on=chance.choice([None, None, None, day]), closed_on=chance.choice([None, None, None, day]),
        bereavement=chance.choice(["", "alive"]), standing=chance.choice(["own", "provisional"]),
    )  # fmt: skip
    return AccountPast(frozenset(), coded, tuple(holds), tuple(acts), tuple(notices), said)


def relationship_on(past: AccountPast, day: date) -> str:
    """What the room of deliveries would have said on this day."""

    def local(at: datetime) -> datetime:
        return at.astimezone(PARIS)

    coded = [each for each in past.coded if each <= day]
    is_dead = past.said.died_on is not None and past.said.died_on <= day
    state = relationship_of(
        AccountHistory(
            consents=tuple(GivenConsent(at=local(at), n=n, act=act, basis=by) for at, n, act, by in past.acts),
            notices=tuple(KnownNotice(at=local(at), n=n, kind=kind) for at, n, kind, _ in past.notices),
            holders_since=tuple(
                local(since) for since, until in past.holds
                if local(since).date() <= day and (until is None or local(until).date() > day)
            ),
            invited_at=datetime.combine(max(coded), datetime.min.time(), PARIS) if coded else None,
            died_on=past.said.died_on if is_dead else None, closed_on=past.said.closed_on,
            standing=past.said.standing, bereavement=past.said.bereavement,
        ),
        day,
    ).state  # fmt: skip
    return "DIGITAL" if state in PAPERLESS_STATES else state


def test_an_account_stands_on_each_day_as_its_relationship_says() -> None:
    chance, seen = Random(20), set()
    for _ in range(250):
        past = some_past(chance)
        states = AccountStates(past, PARIS)
        edges = [date.fromordinal(day) for span in states.spans for day in span if day < 800_000]
        days = [*(day + timedelta(days=n) for day in edges for n in (-1, 0)), BEGIN.date()]
        for day in days:
            assert states.on(day.toordinal()) == relationship_on(past, day), (past, day)
            seen.add(states.on(day.toordinal()))
    assert seen >= {"PAPER", "INVITED", "CLAIM_STARTED", "LINKED_DUAL", "DIGITAL", "PAPER_BY_CHOICE", "MOVED"}
