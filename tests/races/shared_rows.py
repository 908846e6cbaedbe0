"""A small world that two workers, two roads in each, live through while people act on the same rows."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import msgspec
from sqlalchemy import select

import delivery
from config import Config
from consumers.account_claim import claim_account
from consumers.claim_code import letter_code
from consumers.paperless_consent import NotAHolder, back_to_paper, go_paperless
from delivery.decide_account_question import decide_account
from delivery.feedback.views_bounces_returns import bill_viewed
from delivery.recall.recall_bill import RECALLABLE, recall_bill
from doors.feed_drop import drop_feed
from feeds.accounts.account_question_resolution import ACCOUNT_DECISIONS, QuestionDecision
from feeds.conflicts.decide_conflict import Decision
from feeds.conflicts.resolve_conflicts import decide_conflict
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.account_question import waiting_questions
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.conflict import waiting_conflicts
from store.feeds.feed import Feed
from store.issuer import issuer_by_slug
from store.job import Job, request_job
from tests.races.worker import NotingPost
from tests.sample_feeds import batch, ubl

ROOT = Path(__file__).parents[2]
SLUGS = ("alice", "bob")
#: Business time: a first month, the end of its first day, a second month, and the days after it.
FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)
FIRST_EVENING = datetime(2026, 3, 3, 17, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 3, 4, 9, tzinfo=UTC)
SECOND = datetime(2026, 4, 2, 9, tzinfo=UTC)
SECOND_EVENING = datetime(2026, 4, 2, 17, tzinfo=UTC)
DAYS_AFTER = [datetime(2026, 4, day, 17, tzinfo=UTC) for day in (9, 16, 23)]
PATIENCE = 120
BRUNO = ("Bruno Leroy", "17 quai Haut", "69002", "Lyon")


class World:
    """The store, a folder for the workers' words, and what people raised."""

    def __init__(self, store: Store, config: Config, folder: Path, seed: int) -> None:
        self.store, self.config, self.folder = store, config, folder
        self.chance = random.Random(seed)
        self.raised: list[str] = []
        self.consumers: list[int] = []
        folder.mkdir()
        (folder / "mails").touch()
        (folder / "said").touch()
        self.at(FIRST)
        self._people()

    def _people(self) -> None:
        with self.store.writing() as session:
            for slug in SLUGS:
                add_issuer(session, slug, slug.title(), FIRST)
            for n in range(12):
                consumer = Consumer(
                    email=f"c{n}@example.org", name=f"Dominique {n}", password_hash="-", signed_up_at=FIRST,
                    confirmed_at=FIRST,
                )  # fmt: skip
                session.add(consumer)
                session.flush()
                self.consumers.append(consumer.id)

    # -- the workers -------------------------------------------------------------------------------------------

    @contextmanager
    def two_workers(self) -> Iterator[None]:
        """Two processes work until the end of the block."""
        environment = os.environ | {
            "FACTEUR_HOME": str(self.config.home),
            "FACTEUR_DATABASE_URL": self.config.database_url,
            "FACTEUR_SECRET_FILE": str(self.config.home.parent / "secret"),
            "FACTEUR_PUBLIC_URL": self.config.public_url,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.races.worker", str(self.folder)]
        workers = [subprocess.Popen(command, env=environment, cwd=ROOT) for _ in range(2)]
        try:
            yield
        finally:
            (self.folder / "stop").touch()
            for worker in workers:
                worker.wait(60)
        assert [worker.returncode for worker in workers] == [0, 0]

    def at(self, now: datetime) -> datetime:
        """Business time goes on, for the workers too."""
        new = self.folder / "now.new"
        new.write_text(now.isoformat())
        new.rename(self.folder / "now")
        self.now = now
        return now

    def wait_until_done(self) -> None:
        """Until nothing is due."""
        until = time.monotonic() + PATIENCE
        while self.due():
            assert time.monotonic() < until, f"it comes to no end: {self.due()} {self.said()}"
            time.sleep(0.05)

    def due(self) -> list[str]:
        """What is due, by its kind."""
        kinds = {
            "feed": select(Feed.id).where(Feed.state.in_(["received", "reading"])).exists(),
            "chunk": select(Chunk.id).where(Chunk.state != "done").exists(),
            "job": select(Job.id).where(Job.state == "todo", Job.due_at <= self.now).exists(),
            "mail": delivery.awaits_sending(self.now),
            "letter": delivery.awaits_printing(self.now),
        }
        with self.store.reading() as session:
            row = session.execute(select(*kinds.values())).one()
        return [name for name, is_due in zip(kinds, row, strict=True) if is_due]

    def said(self) -> list[str]:
        """What the workers said louder than they should."""
        return (self.folder / "said").read_text().splitlines()

    def mails(self) -> list[str]:
        return (self.folder / "mails").read_text().splitlines()

    # -- people ------------------------------------------------------------------------------------------------

    def together(self, *acts: Callable[[], object]) -> None:
        """Each act in a thread of its own, all begun at once; what one raises is kept."""
        begin = threading.Barrier(len(acts))

        def run(act: Callable[[], object]) -> None:
            begin.wait()
            try:
                act()
            except Exception as error:
                self.raised.append(f"{getattr(act, '__name__', act)}: {error!r}")

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

    def drop(self, slug: str, name: str, invoices: Iterable[str]) -> Callable[[], object]:
        """A feed that comes twice, through two doors at once."""
        content = batch(invoices)

        def act() -> None:
            with self.store.reading() as session:
                issuer = issuer_by_slug(session, slug)
            assert issuer is not None
            drop_feed(self.store, issuer, BytesIO(content), name, "cli", self.now)

        return act

    def close_batches(self) -> None:
        """An operator closes the batch by hand, again and again."""
        pipeline = Pipeline(self.store, self.config, NotingPost(self.folder))
        for _ in range(4):
            pipeline.close_batch(self.now)
            time.sleep(0.1)

    def lead(self) -> None:
        """Somebody settles, sweeps and measures by hand."""
        pipeline = Pipeline(self.store, self.config, NotingPost(self.folder))
        for _ in range(3):
            pipeline.settle(self.now)
            pipeline.sweep(self.now)
            pipeline.measure(self.now)

    def acknowledge(self) -> None:
        """The print house answers every lot, and could not print its first set."""
        for path in self.config.outbox.glob("lot-*.json"):
            answer = path.with_name(f"{path.stem}.ack.json")
            if path.name.endswith(".ack.json") or answer.exists():
                continue
            manifest = msgspec.json.decode(path.read_bytes())
            first = manifest["pieces"][0]
            said = {"letters": manifest["letters"] - 1, "sheets": manifest["sheets"] - first["sheets"], "missing": [1]}
            answer.write_bytes(msgspec.json.encode(said))

    def claim_accounts(self) -> None:
        """Each consumer claims some accounts with the codes of letters, and goes without paper on most."""
        with self.store.reading() as session:
            letters = session.execute(
                select(Delivery, CustomerAccount.issuer_id, CustomerAccount.value)
                .join(BillRow, BillRow.id == Delivery.bill_id)
                .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
                .where(Delivery.channel == "paper", Delivery.state.in_(["sent", "delivered"]))
                .order_by(Delivery.id)
            ).all()
        for n, (letter, issuer_id, value) in enumerate(letters):
            consumer_id = self.consumers[n % len(self.consumers)]
            with self.store.writing() as session:
                consumer = session.get_one(Consumer, consumer_id)
                claim_account(session, consumer, issuer_id, value, letter_code(self.store.keys, letter), self.now)
        self._consent("paperless")

    def back_to_paper(self) -> None:
        self._consent("paper")

    def _consent(self, act: str) -> None:
        for consumer_id in self.consumers:
            with self.store.reading() as session:
                ids = [account.id for account in accounts_of(session, consumer_id)]
            for account_id in ids[:: 1 if act == "paperless" else 3]:
                with self.store.writing() as session:
                    account = session.get_one(CustomerAccount, account_id)
                    consumer = session.get_one(Consumer, consumer_id)
                    try:
                        (go_paperless if act == "paperless" else back_to_paper)(session, account, consumer, self.now)
                    except NotAHolder:
                        continue

    def look_at_bills(self) -> None:
        """Holders look at some of their bills while they are sent, reminded of and printed."""
        with self.store.reading() as session:
            present = session.execute(
                select(Delivery.bill_id, Delivery.person_id)
                .where(Delivery.channel == "portal", Delivery.state == "sent").order_by(Delivery.id)
            ).all()  # fmt: skip
        for bill_id, person_id in present[::2]:
            with self.store.writing() as session:
                bill_viewed(session, session.get_one(BillRow, bill_id), person_id, self.now)

    def recall_bills(self) -> None:
        """An issuer takes bills back while they are drawn, chosen and printed; two people at once may mean the same."""
        until = time.monotonic() + 5
        recalled = 0
        while recalled < 8 and time.monotonic() < until:
            with self.store.reading() as session:
                ids = session.scalars(
                    select(BillRow.id).where(BillRow.state.in_(RECALLABLE), BillRow.id % 7 == 3).order_by(BillRow.id)
                ).all()
            for bill_id in ids:
                word = Decision("claire@alice.example", "wrong tariff", self.now)
                recalled += recall_bill(self.store, bill_id, word).result == "done"
            time.sleep(0.05)

    def rule(self, ruling: str) -> Callable[[], object]:
        """A member rules on every conflict, in one way."""

        def act() -> None:
            with self.store.reading() as session:
                waiting = waiting_conflicts(session)
            for conflict in waiting:
                word = Decision(f"{ruling}@alice.example", "vu", self.now)
                decide_conflict(self.store, conflict.id, conflict.first_id, ruling, word)  # type: ignore[arg-type]

        return act

    def decide(self, decision: str) -> Callable[[], object]:
        """A member answers every account question, in one way."""

        def act() -> None:
            with self.store.reading() as session:
                waiting = [question.id for question in waiting_questions(session)]
            for question_id in waiting:
                verdict = QuestionDecision(decision, f"{decision}@alice.example", "vu", self.now)  # type: ignore[arg-type]
                with self.store.writing() as session:
                    decide_account(session, question_id, verdict)

        return act

    def ask_errands(self) -> None:
        for n in range(20):
            with self.store.writing() as session:
                request_job(session, "already_signed_up", {"email": f"e{n}@example.org"}, self.now)


def live(world: World) -> None:
    """All of it, from the first feed to the last letter."""
    first = [ubl(f"A-{n}", f"C-{n % 20}") for n in range(40)]
    alike = [ubl(f"A-{n}", f"C-{n % 20}") for n in range(20)]  # the same bills once more
    other = [ubl(f"A-{n}", f"C-{n % 20}", net=Decimal(80)) for n in range(20, 26)]  # under used numbers
    reuse = [ubl(f"R-{n}", f"C-{n}", person=BRUNO) for n in range(1)]
    later = [ubl(f"A-{n}", f"C-{n % 20}") for n in range(40, 60)]
    with world.two_workers():
        mars, encore = world.drop("alice", "a1.xml", first), world.drop("alice", "a2.xml", [*alike, *other, *later])
        bob = world.drop("bob", "b1.xml", (ubl(f"B-{n}", f"D-{n}") for n in range(30)))
        recalls = [world.recall_bills] * 2
        world.together(
            mars, mars, encore, encore, bob, bob, world.ask_errands, world.close_batches, world.lead, *recalls
        )
        world.wait_until_done()
        world.drop("alice", "a3.xml", [*reuse, *(ubl(f"A-{n}", f"C-{n % 20}") for n in range(60, 90))])()
        world.at(FIRST_EVENING)
        rulings = [world.rule("keep"), world.rule("replace")]
        world.together(world.close_batches, world.close_batches, *rulings, *recalls)
        world.wait_until_done()
        world.acknowledge()
        world.at(NEXT_MORNING)
        decisions = [world.decide(each) for each in ACCOUNT_DECISIONS]
        world.together(world.claim_accounts, world.claim_accounts, *decisions, world.lead, world.close_batches)
        world.wait_until_done()
        _second_month(world)
    world.at(datetime(2026, 4, 24, 17, tzinfo=UTC))


def _second_month(world: World) -> None:
    world.at(SECOND)
    issued = {"issued": "2026-04-01", "due": "2026-05-15"}
    april = [ubl(f"A2-{n}", f"C-{n % 20}", **issued) for n in range(40)]
    notes = [_credit(ubl(f"K-{n}", f"C-{n % 20}", **issued), f"A2-{n}") for n in range(40)]
    again = [_credit(ubl(f"K2-{n}", f"C-{n % 20}", **issued), f"A2-{n}") for n in reversed(range(40))]
    bob = [ubl(f"B2-{n}", f"D-{n}", **issued) for n in range(30)]
    drops = [world.drop("alice", "april.xml", april), world.drop("bob", "april.xml", bob)]
    world.together(*drops, *drops, world.claim_accounts, world.look_at_bills, world.back_to_paper, world.ask_errands)
    world.wait_until_done()
    world.at(SECOND_EVENING)
    drops = [world.drop("alice", "notes.xml", notes), world.drop("alice", "again.xml", again)]
    looks = [world.look_at_bills] * 2
    world.together(*drops, *looks, world.close_batches, world.back_to_paper, world.claim_accounts, world.lead)
    world.wait_until_done()
    for day in DAYS_AFTER:
        world.at(day)
        world.acknowledge()
        world.together(world.look_at_bills, world.look_at_bills, world.close_batches, world.lead, world.back_to_paper)
        world.wait_until_done()


def _credit(invoice: str, number: str) -> str:
    """A credit note of a bill of that number."""
    about = f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{number}</cbc:ID>"
    about += "</cac:InvoiceDocumentReference></cac:BillingReference>"
    invoice = invoice.replace("TypeCode>380<", "TypeCode>381<", 1)
    return invoice.replace("</cbc:BuyerReference>", f"</cbc:BuyerReference>{about}", 1)
