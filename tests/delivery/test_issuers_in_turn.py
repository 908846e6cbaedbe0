"""Issuers take turns: whatever waits for one, the next delivery of another is among the next that go. Counted in turns,
never in seconds."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from importlib import import_module
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

import delivery
from audit.invariants import INVARIANTS
from bill import Reason
from delivery.channels.portal.present_bills import present_bills
from store.delivery import Delivery, create_deliveries
from tests.delivery.sample_bills import PUBLIC_URL, World

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 15)


class Relay:
    """Takes every mail, and remembers in which order by its Message-ID."""

    sender, host = "Facteur <facteur@facteur.example>", "facteur.example"

    def __init__(self) -> None:
        self.taken: list[int] = []

    def send(self, mail: Message, to: str) -> str:
        self.taken.append(int(mail["Message-ID"].strip("<d").partition("@")[0]))
        return "250 OK"

    def hang_up(self) -> None:
        return


class Issuers:
    """One with a heap of bills, and one with a few that came after them all."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.large, self.small = world.issuer_id, world.issuer("petite", "Petite Régie")
        self.alice = world.consumer("Alice")

    def told(self, many: int, few: int) -> None:
        """Alice is told of all their bills by mail."""
        for issuer_id, bills in ((self.large, many), (self.small, few)):
            account = self.world.account(self.alice, paperless=True, issuer_id=issuer_id)
            for _ in range(bills):
                self.world.bill(account, ISSUED, DUE)
        self.world.choose(TUESDAY)

    def owe(self, many: int, few: int, state: str, channel: str) -> None:
        """So many deliveries, of one bill each."""
        for issuer_id, number in ((self.large, many), (self.small, few)):
            bill_id = self.world.bill(self.world.account(issuer_id=issuer_id), ISSUED, DUE)
            row: dict[str, object] = {
                "bill_id": bill_id, "issuer_id": issuer_id, "channel": channel, "purpose": "print", "state": state,
                "reason": Reason("account_unclaimed"), "due_at": TUESDAY, "made_at": TUESDAY,
            }  # fmt: skip
            with self.world.store.writing() as session:
                create_deliveries(session, [row | {"purpose": f"print-{n}"} for n in range(number)])

    def left(self, issuer_id: int, *conditions: object) -> int:
        return self.world.count(Delivery.issuer_id == issuer_id, *conditions)

    def of(self, delivery_ids: list[int]) -> str:
        """Whose these deliveries are, a letter each."""
        with self.world.store.reading() as session:
            whose = {row.id: row.issuer_id for row in session.execute(select(Delivery.id, Delivery.issuer_id))}
        return "".join("L" if whose[each] == self.large else "s" for each in delivery_ids)


@pytest.fixture
def issuers(world: World) -> Issuers:
    return Issuers(world)


def test_mails_alternate_between_issuers(issuers: Issuers) -> None:
    issuers.told(60, 3)
    post = Relay()
    delivery.send_due(issuers.world.store, post, PUBLIC_URL, TUESDAY)
    assert issuers.of(post.taken)[:8] == "LsLsLsLL"
    assert len(post.taken) == 63


def test_a_slow_relay_takes_one_of_each_in_turn(issuers: Issuers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one mail is all that a turn has time for, the next turn begins with the other issuer."""
    issuers.told(60, 3)
    post, relay = Relay(), delivery.ProviderHealth()
    monkeypatch.setattr("delivery.channels.send_due.SECONDS", -1.0)
    for _ in range(8):
        delivery.send_due(issuers.world.store, post, PUBLIC_URL, TUESDAY, None, relay)
    assert issuers.of(post.taken) == "LsLsLsLL"


def wake(issuers: Issuers) -> None:
    with issuers.world.store.writing() as session:
        delivery.promote_due(session, TUESDAY)


def present(issuers: Issuers) -> None:
    with issuers.world.store.writing() as session:
        present_bills(session, TUESDAY)


def join(issuers: Issuers) -> None:
    with issuers.world.store.writing() as session:
        delivery.join_batch(session, TUESDAY)


@pytest.mark.parametrize(
    ("state", "channel", "module", "most", "turn", "becomes"),
    [
        ("waiting", "portal", "delivery.promote_due", "GROUP", wake, Delivery.state == "ready"),
        ("waiting", "email", "delivery.promote_due", "GROUP", wake, Delivery.state == "ready"),
        ("waiting", "paper", "delivery.promote_due", "GROUP", wake, Delivery.state == "ready"),
        ("ready", "portal", "delivery.channels.portal.present_bills", "PRESENTED", present, Delivery.state == "sent"),
        ("ready", "paper", "delivery.channels.paper.print_batch", "GROUP", join, Delivery.batch_id.is_not(None)),
    ],
    ids=["what waits in the portal", "reminders", "letters that wait", "what is presented", "letters that join"],
)
def test_the_few_go_with_the_first_of_the_many(
    issuers: Issuers, monkeypatch: pytest.MonkeyPatch, state: str, channel: str, module: str, most: str,
    turn: Callable[[Issuers], None], becomes: object,
) -> None:  # fmt: skip
    issuers.owe(100, 5, state, channel)
    monkeypatch.setattr(import_module(module), most, 20)
    turn(issuers)
    assert issuers.left(issuers.small, becomes) == 5
    assert issuers.left(issuers.large, becomes) == 10
    for _ in range(5):
        turn(issuers)
    assert issuers.left(issuers.large, becomes) == 100


def test_the_few_letters_go_with_the_first_lot(issuers: Issuers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut-off with more letters than one lot holds gives several; in the first are some of everybody's."""
    monkeypatch.setattr("delivery.channels.paper.print_batch.MOST_LETTERS", 10)
    world = issuers.world
    for issuer_id, bills in ((issuers.large, 25), (issuers.small, 3)):
        for _ in range(bills):
            world.bill(world.account(issuer_id=issuer_id), ISSUED, DUE)
    world.choose(TUESDAY)
    lots = [world.print(TUESDAY, force=True) for _ in range(4)]
    assert lots[3] is None
    in_lot = [[issuers.left(each, Delivery.batch_id == lot) for each in (issuers.large, issuers.small)] for lot in lots]
    assert in_lot[:3] == [[5, 3], [10, 0], [10, 0]]
    assert world.count(Delivery.channel == "paper", Delivery.state == "sent") == 28
    assert [world.batch(lot or 0).part for lot in lots[:3]] == [1, 2, 3], "no two have one name on pages"
    world.bill(world.account(issuer_id=issuers.large), ISSUED, DUE)
    world.choose(TUESDAY)
    assert world.batch(world.print(TUESDAY, force=True) or 0).part == 4
    with world.store.reading() as session:
        for name in ("letters_twice", "batches_miscounted", "deliveries_of_others"):
            assert session.execute(INVARIANTS[name]()).all() == [], name


def test_two_workers_send_no_mail_twice(issuers: Issuers, database: str) -> None:
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    issuers.told(150, 30)
    posts, begin = [Relay(), Relay()], Barrier(2)

    def work(post: Relay) -> None:
        begin.wait()
        relay = delivery.ProviderHealth()
        for _ in range(20):
            delivery.send_due(issuers.world.store, post, PUBLIC_URL, TUESDAY, None, relay)

    workers = [Thread(target=work, args=(post,)) for post in posts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    taken = Counter(posts[0].taken + posts[1].taken)
    assert (len(taken), max(taken.values())) == (180, 1)
    assert issuers.left(issuers.small, Delivery.channel == "email", Delivery.state == "ready") == 0
    tomorrow = TUESDAY + timedelta(days=1)
    assert delivery.send_due(issuers.world.store, posts[0], PUBLIC_URL, tomorrow) == 0
