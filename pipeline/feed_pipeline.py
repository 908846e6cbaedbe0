"""The life of a feed, read top to bottom: read, release, render, choose, send, print, hear back, measure.

Each step looks in the rows for something to do, claims it, does it, and says whether it did. Nothing is remembered
between two steps but what stands in the rows, so that any worker may be killed at any moment and any other go on.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, insert, literal, select, update
from sqlalchemy.orm import Session

import adoption
import delivery
from bill import pack_history
from config import Config
from delivery import MailTransport
from delivery.postal_calendar import calendar_of
from feeds.conflicts.conflict_resolution import reject_overdue_conflicts
from issuers.e_seal_certificate import ESealCertificates
from pipeline.background_jobs import Jobs
from pipeline.leased_work import leased_work
from pipeline.letter_adapter import CompiledTemplates, LetterAdapter
from pipeline.read_feed import claim_feed, is_last_attempt, read_feed, reading_feed
from pipeline.time_slices import TimeSlices
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, bills_of_chunk
from store.bills.bill_history import histories_of
from store.bills.search_words import words_of
from store.blobs.mounted_folder_check import mark
from store.db.event import record_all
from store.db.leader_lease import leading, leading_at_once
from store.db.leases import (
    LeaseLost,
    acquire_lease,
    assert_lease,
    dead_owners,
    end_pauses,
    is_any_leased,
    is_past_pause,
    reclaim_dead,
)
from store.db.periodic_task import PeriodicTask
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery
from store.feeds.chunk import MOST_ATTEMPTS, Chunk, claim_chunk, pass_on
from store.feeds.conflict import Conflict
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.job import Job
from store.outage import is_outage
from store.print_batch import PrintBatch
from store.vault.attachment import (
    PAGES,
    attachments_between,
    delete_staging_blobs,
    move_attachments,
    unused_staging_blobs,
)
from store.vault.pdf_segment import archived, encrypt_attachments, write_segment

log = logging.getLogger(__name__)

#: How long each part of the pipeline goes on in one round, and a piece of what is long in its part's turn.
TURN_SECONDS: Final = 2.0
PIECE_SECONDS: Final = 0.5
#: How many feeds are read beside each other.
MOST_READINGS: Final = 16

#: Tables whose rows are leased, in the order of the pipeline.
LEASED: Final = (Feed, Chunk, Job, Delivery, PrintBatch, PeriodicTask)


class Pipeline:
    """The pipeline, with what it needs to walk it: a store, a configuration, and somebody who carries the mail."""

    def __init__(self, store: Store, config: Config, post: MailTransport) -> None:
        self.store = store
        self.config = config
        self.post = post
        self.relay = delivery.Relay()
        self.is_stopping: Callable[[], bool] = lambda: False
        self.clock: Callable[[], datetime] | None = None  # where time goes on while a round is made
        self._now = datetime.now(UTC)
        self._readings = TimeSlices(PIECE_SECONDS, MOST_READINGS)
        self._jobs = Jobs(store, config, post, self.relay, PIECE_SECONDS)
        self._lots = TimeSlices(PIECE_SECONDS, 1)
        self._handed = 0  # batches that this pipeline has handed over
        self._served = 0  # the issuer whose chunk was worked last: the next one by id is next
        self._periodic: dict[str, Callable[[datetime], object]] = {
            "settle": self._settle, "sweep": lambda _: self._sweep(), "measure": self._measure,
        }  # fmt: skip
        self._unfinished: set[str] = set()  # periodic tasks that have had a turn, and go on with the next
        self.calendar = calendar_of(config.time_zone, config.print_postcode)
        self.templates = CompiledTemplates(store)
        self.e_seals = ESealCertificates(config.e_seals, config.tsa_url)
        mark(config.outbox)
        self.print_room = delivery.PrintRoom(
            press=LetterAdapter(), house=delivery.read_print_house(config.print_house), outbox=config.outbox,
            secret=config.secret, public_url=config.public_url,
        )  # fmt: skip

    # -- all of it ---------------------------------------------------------------------------------------------

    def work_until_idle(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Do everything that is due, and count it. A living worker's lease is waited for, a dead one's taken over; what
        waits because something was down is tried now."""
        with self.store.writing() as session:
            end_pauses(session, (Feed, Chunk, PrintBatch))
        self.relay.answered()
        self.drain(now, tell)
        for name in self._periodic:
            try:
                self._lead_at_once(name, now)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("%s waits, something outside is down: %s", name, error)

    def drain(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Do everything that is due. Others' leases are looked at before the round: one may run out while it is made,
        and what it held is then for the next."""
        while True:
            awaited = self._somebody_works()
            if self.step(now, tell):
                continue
            if not awaited:
                return
            time.sleep(0.2)

    def _somebody_works(self) -> bool:
        """Whether a living process holds a lease."""
        with self.store.reading() as session:
            return is_any_leased(session, LEASED)

    def step(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> bool:
        """One round of the pipeline, a turn of some seconds for each part; False when there was nothing to do anywhere.
        What goes wrong in one part keeps no other part waiting, and is raised when all had their turn."""
        self._bury(LEASED)
        busy = False
        wrong: Exception | None = None
        for verb in (self.read, self.work_chunk, self.run_errand, self.send, self.print, self.hear):
            if self.is_stopping():
                break
            try:
                if self._turn(verb, now):
                    busy = True
                    tell(verb.__name__)
            except Exception as error:
                if is_outage(error):
                    log.warning("%s waits, something outside is down: %s", verb.__name__, error)
                    continue
                log.exception("%s failed", verb.__name__)
                wrong = wrong or error
        if wrong is not None:
            raise wrong
        return busy

    def _turn(self, verb: Callable[[datetime], bool], now: datetime) -> bool:
        """Do what a part of the pipeline finds to do, piece by piece, for some seconds; whether there was anything.
        Before each piece go the mails that people wait for."""
        until, busy = time.monotonic() + TURN_SECONDS, False
        while not self.is_stopping():
            moment = self.clock() if self.clock else now
            busy |= self._jobs.send_mails(moment, self.is_stopping)
            if not verb(moment):
                break
            busy = True
            if time.monotonic() > until:
                break
        return busy

    def _bury(self, tables: Sequence[Any]) -> None:
        """Free what the dead hold, and write what could not be written while the database was down."""
        self.store.catch_up()
        with self.store.reading() as session:
            is_any_dead = dead_owners(session, tables)
        if is_any_dead:
            with self.store.writing() as session:
                reclaim_dead(session, tables)

    def work_feed(self, feed_id: int, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Work one feed, beside any worker, until it is rejected or held, or all its bills are rendered and chosen."""
        while not self._is_worked(feed_id):
            self._bury((Feed, Chunk))
            if self.read(now, feed_id):
                tell("read")
            elif self.work_chunk(now, feed_id):
                tell("work_chunk")
            else:
                time.sleep(0.1)

    def _is_worked(self, feed_id: int) -> bool:
        with self.store.reading() as session:
            feed = session.get_one(Feed, feed_id)
            if feed.state == "held" and not feed.decided_by:
                return True
            if feed.state in {"received", "reading", "held"}:
                return False
            todo = select(Chunk.id).where(Chunk.feed_id == feed_id, Chunk.state != "done").limit(1)
            return session.scalar(todo) is None

    # -- read, release -----------------------------------------------------------------------------------------

    def read(self, now: datetime, feed_id: int | None = None) -> bool:
        """A turn of reading: feeds go onto the stage, and are released when all of them is there. One issuer's feed of
        a million bills is read beside another's of a hundred. With a *feed_id* this one is read, to its end."""
        self._now = now
        if feed_id is not None:
            return read_feed(self.store, now, feed_id)
        if self._readings.has_room:
            feed = claim_feed(self.store, now, besides=self._readings.served)
            if feed is not None:
                self._readings.begin(
                    feed.issuer_id, reading_feed(self.store, feed, lambda: self._now), alone=is_last_attempt(feed)
                )
        return self._readings.turn()

    def stop(self) -> None:
        """Give back what is under way: somebody else begins it anew, and no attempt counts."""
        for under_way in (self._readings, self._jobs, self._lots):
            under_way.stop()

    # -- render, choose ----------------------------------------------------------------------------------------

    def work_chunk(self, now: datetime, feed_id: int | None = None) -> bool:
        """Render a chunk's bills, or choose how they reach their people."""
        if not self._is_any(Chunk.state != "done"):
            return False
        with self.store.writing() as session:
            chunk = claim_chunk(session, feed_id, self._served)
            if chunk is None:
                return False
            self._served = session.get_one(Feed, chunk.feed_id).issuer_id
        with leased_work(self.store, Chunk, chunk):
            self._work(chunk, now)
        return True

    def _work(self, chunk: Chunk, now: datetime) -> None:
        if chunk.attempts > MOST_ATTEMPTS:
            self._set_poison_apart(chunk, "its worker died of it again and again", now)
            return
        try:
            (self.render if chunk.work == "render" else self.choose)(chunk, now)
        except Exception as error:
            if chunk.attempts < MOST_ATTEMPTS or isinstance(error, LeaseLost) or is_outage(error, chunk.setbacks):
                raise
            self._set_poison_apart(chunk, f"{type(error).__name__}: {error}", now)

    def render(self, chunk: Chunk, now: datetime) -> None:
        """PDFs by the issuer's compiled template, or the issuer's own; sealed, one segment blob for the chunk, and more
        where enclosures are large."""
        with self.store.reading() as session:
            rows = bills_of_chunk(session, chunk.feed_id, chunk.first_seq, chunk.last_seq, "released", whole=True)
            bills = {row.id: row.bill for row in rows}
            keys = _sealed_keys(session, rows)
            issuer = session.get_one(Issuer, session.get_one(Feed, chunk.feed_id).issuer_id)
            histories = histories_of(session, rows)
            enclosed = attachments_between(session, chunk.feed_id, chunk.first_seq, chunk.last_seq)
        pages = {each.seq: each.text for each in enclosed if each.n == PAGES}
        said = {row.id: pages.get(row.item_seq, "") for row in rows}
        printed = {row.id for row in rows if row.item_seq in pages}
        template_id, template = self.templates.of(issuer, now)
        suffixes: dict[int, list[bytes]] = {}
        failures: dict[int, str] = {}
        for row_id in bills.keys() - printed:
            bill = bills[row_id]
            try:
                suffixes[row_id] = template.parts(bill, histories[row_id])
            except Exception as error:
                if is_outage(error, chunk.setbacks):
                    raise
                log.exception("bill %s of %s cannot be rendered", bill.number, issuer.slug)
                failures[row_id] = f"{type(error).__name__}: {error}"
        if e_seal := self.e_seals.of(issuer.slug):
            whole = {row_id: b"".join(parts) for row_id, parts in suffixes.items()}
            for row_id, seal in e_seal.seals_of(template.prefix, whole).items():
                suffixes[row_id][-1] += seal
        records = [
            (row.id, row.account_id, keys[row.account_id], suffixes[row.id]) for row in rows if row.id in suffixes
        ]
        places = write_segment(self.store.blobs, self.store.sealer, records) if records else {}
        values = archived(template_id, template.prefix, suffixes, places)
        moved: list[dict[str, Any]] = []
        if enclosed:
            own_id = self.templates.without_a_byte(issuer, now)
            own, moved = encrypt_attachments(self.store.blobs, self.store.sealer, rows, keys, enclosed, own_id)
            values += own
        with self.store.writing() as session:
            assert_lease(session, Chunk, chunk.id)
            if values:
                lock_rows(session, BillRow, BillRow.id.in_([value["id"] for value in values]))
                words = {row_id: words_of(bill, said[row_id]) for row_id, bill in bills.items()}
                frozen = {row_id: pack_history(history) for row_id, history in histories.items()}
                session.execute(
                    update(BillRow),
                    [{**value, "words": words[value["id"]], "history": frozen[value["id"]]} for value in values],
                )
            move_attachments(session, moved)
            record_all(session, "bill", [value["id"] for value in values], "rendered", now)
            for row_id, why in failures.items():
                change_state(session, BillRow, row_id, "released", "failed", now, why=why)
            pass_on(session, chunk, "choose")

    def choose(self, chunk: Chunk, now: datetime) -> None:
        """Whom each bill goes to, by which channel and when, with the reason in words."""
        with self.store.writing() as session:
            assert_lease(session, Chunk, chunk.id)
            rows = bills_of_chunk(session, chunk.feed_id, chunk.first_seq, chunk.last_seq, "rendered", locked=True)
            delivery.choose_bills(session, rows, now, self.calendar)
            pass_on(session, chunk, None)

    def _set_poison_apart(self, chunk: Chunk, why: str, now: datetime) -> None:
        """A chunk that killed its workers, or raised, is worked bill by bill; the one bill that still does is set apart
        for a person to look at, and the rest goes on."""
        with self.store.writing() as session:
            assert_lease(session, Chunk, chunk.id)
            state = "released" if chunk.work == "render" else "rendered"
            rows = bills_of_chunk(session, chunk.feed_id, chunk.first_seq, chunk.last_seq, state)
            if chunk.first_seq == chunk.last_seq or not rows:
                for row in rows:
                    change_state(session, BillRow, row.id, state, "failed", now, why=why)
                pass_on(session, chunk, None)
                return
            others = [
                {"feed_id": chunk.feed_id, "first_seq": seq, "last_seq": seq, "work": chunk.work}
                for seq in (row.item_seq for row in rows)
                if seq != chunk.first_seq
            ]
            session.execute(update(Chunk).where(Chunk.id == chunk.id).values(last_seq=chunk.first_seq))
            if others:
                session.execute(insert(Chunk), others)
            pass_on(session, chunk, chunk.work)

    # -- send, print -------------------------------------------------------------------------------------------

    def run_errand(self, now: datetime) -> bool:
        """A piece of what the portal asked for and may take long: a rehearsal, a preview."""
        return self._jobs.work(now)

    def send(self, now: datetime) -> bool:
        """Present bills in the portal and send the mails that are due."""
        if not self._is_any(delivery.awaits_sending(now)):
            return False
        with self.store.writing() as session:
            woken = delivery.promote_due(session, now)
        sent = delivery.send_due(self.store, self.post, self.config.public_url, now, self.calendar, self.relay)
        return woken + sent > 0

    def print(self, now: datetime) -> bool:
        """Letters that are due join the open batch; a batch past its cut-off is closed and handed over."""
        self._now = now
        if not self._is_any(delivery.awaits_printing(now)):
            return False
        with self.store.writing() as session:
            joined = delivery.join_batch(session, now, self.calendar)
            closed = None if joined else delivery.close_batch(session, now, calendar=self.calendar)
        return self._hand_over() or joined > 0 or closed is not None

    def close_batch(self, now: datetime) -> int:
        """Close the open batch before its cut-off and hand it over; returns how many batches went."""
        self._now = now
        while self._in_one(lambda session: delivery.join_batch(session, now, self.calendar)):
            pass
        while self._in_one(lambda session: delivery.close_batch(session, now, force=True, calendar=self.calendar)):
            pass
        before = self._handed
        while self._hand_over():
            pass
        return self._handed - before

    def _hand_over(self) -> bool:
        """A turn of handing over a batch that is closed; one that failed lets the others go first."""
        if self._lots.has_room:
            waits = (PrintBatch.state == "closed", is_past_pause(PrintBatch))
            with self.store.writing() as session:
                order = (PrintBatch.attempts, PrintBatch.id)
                batch = session.scalar(select(PrintBatch).where(*waits).order_by(*order).limit(1))
                counted = {"attempts": PrintBatch.attempts + 1}
                if batch is not None and acquire_lease(session, PrintBatch, batch.id, *waits, **counted):
                    self._lots.begin(batch.id, self._handing_over(batch))
        return self._lots.turn()

    def _handing_over(self, batch: PrintBatch) -> Iterator[None]:
        with leased_work(self.store, PrintBatch, batch):
            yield from delivery.handing_over(self.store, batch.id, self.print_room, lambda: self._now)
            self._handed += 1

    # -- hear back ---------------------------------------------------------------------------------------------

    def hear(self, now: datetime) -> bool:
        """The print house's answers."""
        return delivery.read_answers(self.store, self.config.outbox, now) > 0

    # -- settle, sweep, measure: what one worker does for all --------------------------------------------------

    def lead(self, now: datetime, every: float) -> bool:
        """Run each periodic task that was not run for *every* seconds, or is not finished, and that no other worker
        leads. Returns whether one was run. A task that fails keeps no other waiting; its failure stands in its row."""
        ran = False
        for name, run in self._periodic.items():
            if self.is_stopping():
                break
            try:
                with leading(self.store, name, 0 if name in self._unfinished else every) as leadership:
                    if leadership is not None:
                        ran = True
                        run(now)
            except Exception:
                log.exception("%s failed", name)
        return ran

    def settle(self, now: datetime) -> int:
        """A released feed whose every bill has reached its person, and of which no conflict waits, is settled;
        instalments are reminded of for months after. What nobody has ruled on in time is refused first."""
        with leading_at_once(self.store, "settle"):
            return self._settle(now)

    def sweep(self) -> int:
        """Delete the staging blobs of the stage that nobody needs any more; returns how many."""
        with leading_at_once(self.store, "sweep"):
            return self._sweep()

    def measure(self, now: datetime) -> None:
        """Facts for the dashboards."""
        self._lead_at_once("measure", now)

    def _lead_at_once(self, name: str, now: datetime) -> None:
        with leading_at_once(self.store, name) as leadership:
            self._periodic[name](now)
            while name in self._unfinished and not self.is_stopping():
                leadership.progress()
                self._periodic[name](now)

    def _settle(self, now: datetime) -> int:
        reject_overdue_conflicts(self.store, self.config.conflict_days, now)
        working = exists().where(Chunk.feed_id == Feed.id, Chunk.state != "done")
        owing = exists().where(
            BillRow.feed_id == Feed.id, Delivery.bill_id == BillRow.id, Delivery.state.in_(OPEN_STATES),
            Delivery.purpose.not_like("due-%"),
        )  # fmt: skip
        waiting = exists().where(Conflict.feed_id == Feed.id, Conflict.state == "open")
        with self.store.writing() as session:
            ready = session.scalars(select(Feed.id).where(Feed.state == "released", ~working, ~owing, ~waiting)).all()
            for feed_id in ready:
                change_state(session, Feed, feed_id, "released", "settled", now, settled_at=now)
        return len(ready)

    def _sweep(self) -> int:
        with self.store.reading() as session:
            gone = unused_staging_blobs(session)
        for sha256 in gone:
            self.store.blobs.delete(sha256)
        if gone:
            with self.store.writing() as session:
                delete_staging_blobs(session, gone)
        return len(gone)

    def _measure(self, now: datetime) -> None:
        """A turn of measuring."""
        if adoption.measure(self.store, now, ZoneInfo(self.config.time_zone)):
            self._unfinished.add("measure")
        else:
            self._unfinished.discard("measure")

    def _in_one(self, write: Callable[[Session], int | None]) -> int | None:
        with self.store.writing() as session:
            return write(session)

    def _is_any(self, *conditions: ColumnElement[bool]) -> bool:
        """Whether there is such a row: asked before a writer's turn is taken for nothing."""
        with self.store.reading() as session:
            return session.scalar(select(literal(1)).where(*conditions).limit(1)) is not None


def _sealed_keys(session: Session, rows: Iterable[BillRow]) -> dict[int, bytes]:
    ids = {row.account_id for row in rows}
    query = select(CustomerAccount.id, CustomerAccount.sealed_key).where(CustomerAccount.id.in_(ids))
    return dict(row._tuple() for row in session.execute(query))
