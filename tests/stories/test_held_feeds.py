"""Feeds that wait for a named person: control totals that disagree, and feeds unlike those before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from bill import ControlTotals, Reason
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed as drop
from feeds.decide_held_feed import decide_feed
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import release_feed
from pipeline.steps.read_feed import read_feed
from store import Store
from store.bills.bill import BillRow
from store.db.event import events_of
from store.feeds.feed import Feed, read_again
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
PEOPLE = [f"C-{n:02}" for n in range(12)]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def drop_feed(
    store: Store, content: bytes, announced: ControlTotals | None = None, profile: str = "", at: datetime = NOW
) -> int:
    """Lumière drops this, and it is read."""
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", at, profile)
    feed_id = drop(store, issuer, BytesIO(content), "mars.xml", "cli", at, announced=announced).feed_id
    read_feed(store, at, feed_id)
    return feed_id


def feed_of(store: Store, feed_id: int) -> Feed:
    with store.reading() as session:
        return session.get_one(Feed, feed_id)


def rules_of(store: Store, feed_id: int) -> list[str]:
    with store.reading() as session:
        return [each["rule"] for each in feed_report(session, session.get_one(Feed, feed_id))["findings"]]


def say(store: Store, feed_id: int, decision: Any, who: str = "oscar@facteur.example") -> bool:
    with store.writing() as session:
        return decide_feed(session, session.get_one(Feed, feed_id), decision, who, "vu avec l’émetteur", NOW)


def totals(count: int | None = None, **sums: str) -> ControlTotals:
    return ControlTotals(count=count, sums={name: Decimal(value) for name, value in sums.items()}, source="API")


THREE = [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-3", "C-CHARLIE")]  # 84.00 each


def test_a_feed_that_holds_what_was_declared_goes_on(store: Store) -> None:
    feed_id = drop_feed(store, batch(THREE), totals(3, EUR="252.00"))
    assert feed_of(store, feed_id).state == "released"
    assert feed_of(store, feed_id).control_totals == [totals(3, EUR="252.00")]


@pytest.mark.parametrize(
    "declared", [totals(4), totals(EUR="252.01"), totals(3, USD="252.00"), totals(2, EUR="252.00")]
)
def test_a_feed_that_holds_something_else_waits(store: Store, declared: ControlTotals) -> None:
    feed_id = drop_feed(store, batch(THREE), declared)
    held = feed_of(store, feed_id)
    assert (held.state, held.reason) == ("held", Reason.of("feed_doubted", rules=["CONTROL-TOTALS"]))
    assert set(rules_of(store, feed_id)) == {"CONTROL-TOTALS"}
    with store.reading() as session:
        assert session.scalar(select(BillRow.id)) is None, "nothing of it has a number"


def test_a_refused_bill_was_sent_all_the_same(store: Store) -> None:
    wrong = ubl("L-4", gross=Decimal("99.00"))
    feed_id = drop_feed(store, batch([*THREE, wrong]), totals(4, EUR="351.00"))
    assert feed_of(store, feed_id).state == "released"
    with store.reading() as session:
        assert outcome_counts(session, feed_id)["rejected"] == 1


def test_an_issuer_that_declares_always_is_held_when_it_does_not(store: Store) -> None:
    profile = 'control_totals = "required"\n'
    bare = drop_feed(store, batch(THREE), profile=profile)
    assert (feed_of(store, bare).state, rules_of(store, bare)) == ("held", ["CONTROL-TOTALS"])


def test_the_same_bytes_with_other_totals_are_read_again(store: Store) -> None:
    """The manifest was wrong, and is sent again with its feed."""
    feed_id = drop_feed(store, batch(THREE), totals(30))
    assert drop_feed(store, batch(THREE), totals(30)) == feed_id
    assert (feed_of(store, feed_id).state, feed_of(store, feed_id).reading) == ("held", 1)
    assert drop_feed(store, batch(THREE), totals(3)) == feed_id
    assert (feed_of(store, feed_id).state, feed_of(store, feed_id).reading) == ("released", 2)
    assert drop_feed(store, batch(THREE), totals(30)) == feed_id
    assert feed_of(store, feed_id).state == "released", "what is out stays out"


def test_a_named_person_releases_and_the_road_goes_on(pipeline: Pipeline, store: Store) -> None:
    feed_id = drop_feed(store, batch(THREE), totals(4))
    assert say(store, feed_id, "release")
    assert not say(store, feed_id, "reject", "eva@facteur.example"), "Oscar has decided"
    pipeline.work_until_idle(NOW)
    released = feed_of(store, feed_id)
    assert (released.state, released.decided_by) == ("released", "oscar@facteur.example")
    assert not say(store, feed_id, "reject")
    with store.reading() as session:
        history = [(event.what, event.by) for event in events_of(session, "feed", feed_id)]
    assert ("release decided", "oscar@facteur.example") in history
    assert not any(check(store).invariants.values())


def test_a_named_person_rejects_and_nothing_was_delivered(pipeline: Pipeline, store: Store) -> None:
    feed_id = drop_feed(store, batch([*THREE, ubl("L-4", gross=Decimal("99.00"))]), totals(9))
    assert say(store, feed_id, "reject")
    pipeline.work_until_idle(NOW)
    rejected = feed_of(store, feed_id)
    assert (rejected.state, rejected.reason) == ("rejected", Reason.said("vu avec l’émetteur"))
    with store.reading() as session:
        assert session.scalar(select(BillRow.id)) is None
        assert outcome_counts(session, feed_id) == {
            "bill": 0, "duplicate": 0, "conflict": 0, "rejected": 4, "waiting_parent": 0
        }  # fmt: skip
    assert "BR-CO-15" in rules_of(store, feed_id), "what was found is still told"
    assert drop_feed(store, batch([*THREE, ubl("L-4", gross=Decimal("99.00"))])) == feed_id
    assert feed_of(store, feed_id).state == "held", "dropped again it is read again, with the totals it came with"
    assert not any(check(store).invariants.values())


def test_a_held_feed_is_read_again_unless_somebody_let_it_go_on(store: Store) -> None:
    feed_id = drop_feed(store, batch(THREE), totals(4))
    assert say(store, feed_id, "release")
    with store.writing() as session:
        assert not read_again(session, session.get_one(Feed, feed_id), NOW, "cli", states=["held"])


def test_a_feed_whose_numbers_are_claimed_in_part_can_only_go_on(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own fault, after the first bill has its number: nobody may refuse what is half out, or read it anew."""
    claim = release_feed.release_items

    def claim_one(session: Any, encryptor: Any, feed: Feed, first: int, *rest: Any) -> None:
        if first > 1:
            raise RuntimeError("our fault")
        claim(session, encryptor, feed, first, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(release_feed, "CHUNK_SIZE", 1)
        broken.setattr(release_feed, "release_items", claim_one)
        feed_id = drop_feed(store, batch(THREE))
    assert (feed_of(store, feed_id).state, feed_of(store, feed_id).released_upto) == ("held", 1)
    assert not say(store, feed_id, "reject")
    with store.writing() as session:
        assert not read_again(session, session.get_one(Feed, feed_id), NOW, "cli", states=["held"])
    assert say(store, feed_id, "release")
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert outcome_counts(session, feed_id)["bill"] == 3
    assert not any(check(store).invariants.values())


# -- the circuit breaker ---------------------------------------------------------------------------------------


def months(store: Store, count: int = 5) -> datetime:
    """So many months of twelve bills to the same twelve people; the day of the next one."""
    day = NOW
    for month in range(count):
        bills = [ubl(f"L-{month}-{who}", who, Decimal(60 + month)) for who in PEOPLE]
        assert feed_of(store, drop_feed(store, batch(bills), at=day)).state == "released"
        day += timedelta(days=30)
    return day


def test_a_feed_unlike_those_before_waits_and_says_why(store: Store) -> None:
    day = months(store)
    few = drop_feed(store, batch(ubl(f"F-{who}", who, Decimal(63)) for who in PEOPLE[:3]), at=day)
    dear = drop_feed(store, batch(ubl(f"D-{who}", who, Decimal(6300)) for who in PEOPLE), at=day)
    strange = drop_feed(store, batch(ubl(f"S-{n}", f"N-{n}", Decimal(63)) for n in range(12)), at=day)
    poor = [ubl(f"P-{who}", who, Decimal(63), gross=Decimal(1)) for who in PEOPLE[:6]]
    refused = drop_feed(store, batch([*poor, *(ubl(f"P-{who}", who, Decimal(63)) for who in PEOPLE[6:])]), at=day)
    usual = drop_feed(store, batch(ubl(f"U-{who}", who, Decimal(63)) for who in PEOPLE), at=day)
    said = {feed_id: set(rules_of(store, feed_id)) for feed_id in (few, dear, strange)}
    assert said == {few: {"DRIFT-VOLUME"}, dear: {"DRIFT-AMOUNT"}, strange: {"DRIFT-ACCOUNTS"}}
    assert "DRIFT-REJECTS" in rules_of(store, refused)
    assert [feed_of(store, each).state for each in (few, dear, strange, refused)] == ["held"] * 4
    assert feed_of(store, few).reason == Reason.of("feed_doubted", rules=["DRIFT-VOLUME"])
    assert feed_of(store, usual).state == "released"


def test_what_was_counted_stays_on_the_feed(store: Store) -> None:
    months(store, 1)
    bills = [ubl("X-1", "C-00"), ubl("X-2", "N-1"), ubl("X-3", "N-1"), ubl("X-4", "C-01", gross=Decimal(9))]
    figures = feed_of(store, drop_feed(store, batch(bills))).figures
    assert (figures.items, figures.refused, figures.strangers) == (4, 1, 2)
    assert (figures.counts, figures.sums) == ({"EUR": 4}, {"EUR": Decimal("261.00")})


def test_another_issuer_s_feeds_are_no_history(store: Store) -> None:
    months(store)
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux du Lac", NOW)
    feed_id = drop(store, eaux, BytesIO(batch([ubl("E-1")])), "mars.xml", "api", NOW).feed_id
    read_feed(store, NOW, feed_id)
    assert feed_of(store, feed_id).state == "released"


def test_an_item_that_is_not_accounted_for_is_found(store: Store) -> None:
    feed_id = drop_feed(store, batch(THREE))
    assert check(store).invariants["items_unaccounted"] == []
    with store.writing() as session:
        feed = session.get_one(Feed, feed_id)
        feed.counted = feed.counted | {"sums": {"EUR": "252.01"}}
    assert check(store).invariants["items_unaccounted"] == [(feed_id, 3, 3)], "a cent is missing"


def test_amounts_that_no_column_holds_together_are_summed_all_the_same(store: Store) -> None:
    largest = Decimal("750000000000000.00")
    feed_id = drop_feed(store, batch(ubl(f"L-{n}", f"C-{n}", largest) for n in range(12)))
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, feed_id))
    assert report["totals"] == {"EUR": "10800000000000000.00"}
    assert not any(check(store).invariants.values())
