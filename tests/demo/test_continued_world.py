"""The demo's world goes on after its last day: in two steps as at once, again without effect, after a kill, and beside
servers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from typing import cast

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.held_letters import count_held
from delivery.notices.notice_preference import preference_for
from demo.billing.billing_calendar import billings_after
from demo.continued_world import ContinuedWorld
from demo.demo_credentials import CONSUMER
from demo.issuer import BANK, TELECOM, WATER
from demo.life_beside_servers import life_beside_servers
from demo.lived_until import lived_until, note_lived
from demo.people.everyday_consumer import EverydayConsumer
from demo.simulation import Simulation
from pipeline.feed_pipeline import Pipeline
from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment, consumer_by_email
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.payments.payment import PaymentRow
from store.vault.key_ring import KeyRing

pytestmark = pytest.mark.beside_any_database

UNTIL, COUNT, MONTHS = date(2026, 3, 20), 3, 1
BROKEN_OFF = datetime(2026, 4, 8, 7, 50, tzinfo=UTC)
LAST = datetime(2026, 4, 29, 10, 20, tzinfo=UTC)  # forty days later


class Killed(BaseException):
    """The process ends in the middle of an act."""


class Home:
    """A world of three people in a home of its own, with its pipeline."""

    def __init__(self, store: Store, config: Config, pipeline: Pipeline) -> None:
        self.store, self.config, self.pipeline = store, config, pipeline

    def begin(self) -> "Home":
        world = Simulation(self.store, self.config, until=UNTIL, count=COUNT, months=MONTHS)
        world.prepare()
        world.live(self.pipeline.drain, lambda _day, _done, _total: None)
        self.world().begin()
        return self

    def world(self) -> ContinuedWorld:
        return ContinuedWorld(self.store, self.config, until=UNTIL, count=COUNT, months=MONTHS)

    def live(self, until: datetime) -> list[str]:
        """As a process of its own does. Returns what pages refused."""
        world = self.world()
        world.live(until, self.pipeline.drain)
        return world.failures

    def story(self) -> dict[str, list[tuple[object, ...]]]:
        """What happened, without the ids and moments of rows."""
        of_bill = select(
            BillRow.number, Delivery.channel, Delivery.purpose, Delivery.state, Consumer.email, func.count()
        ).join(Delivery, Delivery.bill_id == BillRow.id)
        queries = {
            "bills": select(
                BillRow.number, BillRow.state, BillRow.channel, BillRow.to_pay, BillRow.viewed_at.is_not(None),
                BillRow.said_paid_at.is_not(None),
            ),
            "deliveries": of_bill.outerjoin(Consumer, Consumer.id == Delivery.person_id).group_by(
                BillRow.number, Delivery.channel, Delivery.purpose, Delivery.state, Consumer.email
            ),
            "feeds": select(Issuer.slug, Feed.name, Feed.state).join(Issuer, Issuer.id == Feed.issuer_id),
            "payments": select(PaymentRow.identity, PaymentRow.outcome),
            "people": select(Consumer.email, Consumer.confirmed_at.is_not(None)),
            "enrolments": select(Enrolment.consumer_id, func.count()).group_by(Enrolment.consumer_id),
        }  # fmt: skip
        with self.store.reading() as session:
            return {
                name: sorted((tuple(row) for row in session.execute(query)), key=repr)
                for name, query in queries.items()
            }


@pytest.fixture
def new_home(config: Config, new_database: Callable[[], str]) -> Iterator[Callable[[str], Home]]:
    """Makes a world by name, whose first month is over."""
    with ExitStack() as opened:

        def make(name: str) -> Home:
            folder = config.home / name
            mine = replace(config, home=folder, database_url=new_database(), blobs_url=(folder / "blobs").as_uri())
            folder.mkdir(parents=True)
            store = open_store(mine.database_url, mine.blobs_url, KeyRing(mine.secret), mine.home / "incoming")
            opened.callback(store.close)
            url = opened.enter_context(open_inbox(mine.inbox))
            return Home(store, mine, Pipeline(store, mine, SmtpClient(url, mine.sender))).begin()

        yield make


def test_two_steps_are_one_and_a_kill_between_them_changes_nothing(
    new_home: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, by_steps = new_home("at-once"), new_home("by-steps")
    before = at_once.story()
    assert before == by_steps.story()
    assert at_once.live(LAST) == []

    with monkeypatch.context() as patch:
        patch.setattr(EverydayConsumer, "visit", _killed_after(EverydayConsumer.visit, 4))
        with pytest.raises(Killed):
            by_steps.live(LAST)
    assert by_steps.world().lived_until < BROKEN_OFF
    for moment in (BROKEN_OFF, BROKEN_OFF, LAST, LAST):
        assert by_steps.live(moment) == []
        assert by_steps.world().lived_until == moment

    after = by_steps.story()
    assert after == at_once.story()
    assert len(after["bills"]) > len(before["bills"])
    assert len(after["payments"]) > len(before["payments"])
    by_steps.pipeline.work_until_idle(LAST)
    assert {name: rows for name, rows in check(by_steps.store).invariants.items() if rows} == {}
    with by_steps.store.reading() as session:
        bob = consumer_by_email(session, "bob.le-gall@example.org")
        assert bob is not None
        chosen = preference_for(session, bob.id, None)
        mended = select(Delivery.state).where(Delivery.reason_code == "address_mended")
        assert set(session.scalars(mended)) == {"delivered"}  # letters that came back, and went again
        assert count_held(session) <= 1
    assert chosen is not None
    assert chosen.digest == "weekly"


def _killed_after(act: Callable[..., object], times: int) -> Callable[..., object]:
    """This act, which the process does not survive the last time: it is done, but nobody noted it."""
    left = [times]

    def done(*given: object) -> object:
        act(*given)
        left[0] -= 1
        if not left[0]:
            raise Killed
        return None

    return done


def test_a_world_of_an_earlier_version_has_lived_until_its_last_day(tmp_path: Path) -> None:
    last = datetime(2026, 3, 20, 20, tzinfo=UTC)
    assert lived_until(tmp_path, last) is None
    (tmp_path / "demo-finished").touch()
    assert lived_until(tmp_path, last) == last
    note_lived(tmp_path, LAST)
    assert lived_until(tmp_path, last) == LAST


def test_the_world_lives_on_beside_servers_and_outlives_a_mistake() -> None:
    """It catches up with a clock that jumped, and ends with the block."""
    lived: list[datetime] = []
    came = Event()

    class World:
        def live(self, until: datetime, is_stopping: Callable[[], bool]) -> None:
            assert not is_stopping()
            if not lived:
                lived.append(until)
                raise OSError("the database is away")
            lived.append(until)
            came.set()

    @contextmanager
    def opened() -> Iterator[ContinuedWorld]:
        yield cast("ContinuedWorld", World())

    jumps = iter(LAST + timedelta(days=9 * n) for n in range(1_000_000))
    with life_beside_servers(opened, lambda: next(jumps), pause=0.001):
        assert came.wait(10)
    assert lived[1] - lived[0] == timedelta(days=9)
    assert "demo" not in {thread.name for thread in enumerate_threads()}


def test_alice_is_left_to_the_visitor(store: Store, config: Config) -> None:
    everybody, without = (ContinuedWorld(store, config, with_alice=with_alice) for with_alice in (True, False))
    assert CONSUMER in everybody.people
    assert everybody.people - without.people == {CONSUMER}


def test_bills_go_on_by_the_calendar() -> None:
    """Water is billed every two months and the bank every three, from their last bills on."""
    found = billings_after(date(2025, 10, 1), date(2026, 11, 20), date(2027, 2, 28))
    assert [(each.issuer.slug, each.day) for each in found if each.issuer in (WATER, BANK)] == [
        ("eaux-du-val", date(2027, 1, 12)), ("banque-du-port", date(2027, 2, 16)),
    ]  # fmt: skip
    assert [each.day.month for each in found if each.issuer is TELECOM] == [12, 1, 2]
    assert found == sorted(found, key=lambda each: each.day)
