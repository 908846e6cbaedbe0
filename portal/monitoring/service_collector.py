"""Collects the metrics of the whole service from its rows: what is open, how old it is, who works, what is down.

They are read by the indexes of states and from kept sums, never from what is at its end, and kept for some seconds:
a scrape costs the same with a million bills. No label names an issuer, a person or a bill.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from shutil import disk_usage
from threading import Lock
from time import monotonic
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from audit import open_work
from audit.late_batches import read_late_batches, read_unacknowledged_batches
from audit.outages import outages
from audit.silent_bills import silent_bill_sample
from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from audit.workers_at_work import workers_at_work
from delivery.channels.paper.vanished_print_files import lost_letters
from portal import app_context
from portal.operators.pending_decisions import counts
from store.db.heartbeat import seen_workers
from store.db.periodic_task import periodic_tasks
from store.db.work_tally import ATTEMPTS, WEBHOOK_ATTEMPTS, tallied
from store.facts.monthly_fact import counted_bill_total
from store.last_worked_as_of import business_now
from store.outage_or_fault import is_outage

#: Seconds for which the figures are told again without being asked of the database.
KEPT_SECONDS: Final = 5.0
_WORKER_STATES: Final = ("serving", "silent", "stopped")


class ServiceCollector(Collector):
    """Metrics of the service, for one app. Is asked within a request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing: the database is not asked when the app is made."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The metrics of some seconds ago, or of now. Without a database: that it is down, and the disk."""
        with self._lock:
            if monotonic() >= self._until:
                self._kept = _collected()
                self._until = monotonic() + KEPT_SECONDS
            return self._kept


def _collected() -> list[Metric]:
    found = list(_disk())
    is_up = 1
    try:
        session = app_context.reading()
        for part in (_feeds, _deliveries, _jobs, _letters, _webhooks, _workers, _tasks, _waiting, _attempts):
            found += part(session)
    except Exception as error:
        if not is_outage(error):
            raise
        is_up, found = 0, list(_disk())
    return [_gauge("database_up", "Whether the database answers.", is_up), *found]


def _feeds(session: Session) -> Iterator[Metric]:
    feeds = open_work.open_feeds(session)
    yield _by("feeds", "Feeds that are not at their end.", "state", {row.state: row.number for row in feeds})
    oldest = {row.state: row.since.timestamp() for row in feeds if row.since is not None}
    yield _by("feed_oldest_received_timestamp_seconds", "When the oldest feed in a state came.", "state", oldest)
    chunks = {row.state: row.number for row in open_work.open_chunks(session)}
    yield _by("chunks_open", "Chunks of some hundreds of bills to be rendered or chosen.", "work", chunks)
    yield _gauge("bills", "Bills of all issuers, as the facts of adoption count them.", counted_bill_total(session))


def _deliveries(session: Session) -> Iterator[Metric]:
    is_open = GaugeMetricFamily(
        "facteur_deliveries_open", "Deliveries that are to be made; counted up to 10000.", labels=["channel", "state"]
    )
    for channel, row in open_work.open_deliveries(session):
        is_open.add_metric([channel, row.state], row.number)
    yield is_open
    oldest = {channel: since.timestamp() for channel, since in open_work.oldest_messages(session)}
    told = "When the oldest message of a channel was to be sent."
    yield _by("message_oldest_due_timestamp_seconds", told, "channel", oldest)


def _jobs(session: Session) -> Iterator[Metric]:
    jobs = open_work.open_jobs(session)
    told = "Jobs that the portal has asked for; counted up to 10000."
    yield _by("jobs", told, "state", {row.state: row.number for row in jobs})
    oldest = [row.since.timestamp() for row in jobs if row.since is not None]
    yield _some("job_oldest_due_timestamp_seconds", "When the first job was to be done.", oldest)


def _letters(session: Session) -> Iterator[Metric]:
    batches, moment = open_work.open_batches(session), _moment(session)
    yield _by("print_batches", "Print batches by state.", "state", {row.state: row.number for row in batches})
    late = len(read_late_batches(session, moment))
    yield _gauge("print_batches_late", "Print batches that were not handed over by an hour after their cut-off.", late)
    unanswered = len(read_unacknowledged_batches(session, moment))
    yield _gauge("print_batches_unacknowledged", "Print batches that no print house has acknowledged.", unanswered)
    houses = app_context.print_houses()
    lost = lost_letters(session, houses.outboxes)
    silent = silent_bill_sample(session, moment, app_context.calendar(), lost, size=0)
    yield _gauge("silent_bills", "Bills past their deadline that were neither seen nor posted.", silent.number)


def _webhooks(session: Session) -> Iterator[Metric]:
    rows = {row.state: row.number for row in open_work.open_webhooks(session)}
    yield _by("webhooks", "Events for issuers' endpoints; counted up to 10000.", "state", rows)


def _workers(session: Session) -> Iterator[Metric]:
    workers = workers_at_work(session)
    seen = seen_workers(session)
    states = [each.state for each in seen]
    yield _by("workers", "Workers of the last day.", "state", {state: states.count(state) for state in _WORKER_STATES})
    held: dict[str, int] = {}
    for each in workers:
        for table, number in each.holds.items():
            held[table] = held.get(table, 0) + number
    yield _by("leases_held", "Rows that workers hold now, by their table.", "table", held)
    turns = [max(each.seen_at for each in seen).timestamp()] if seen else []
    yield _some("worker_last_turn_timestamp_seconds", "When a worker last ended a turn.", turns)
    is_silent = workers_silent_since(session, _moment(session)) is not None
    yield _gauge("workers_silent", "Whether something is due and no worker works.", is_silent)


def _tasks(session: Session) -> Iterator[Metric]:
    tasks = periodic_tasks(session)
    done = {task.id: task.done_at for task in tasks if task.done_at}
    told = "When a periodic task was last done, by the database's clock."
    yield _by("periodic_task_done_timestamp_seconds", told, "task", done)
    failing = {task.id: int(bool(task.failure)) for task in tasks}
    yield _by("periodic_task_failing", "Whether the last run of a periodic task failed.", "task", failing)
    overdue = len(overdue_tasks(session))
    yield _gauge("periodic_tasks_overdue", "Periodic tasks not done for an hour though a worker serves.", overdue)


def _waiting(session: Session) -> Iterator[Metric]:
    down = {each.kind: each.number for each in outages(session, _moment(session))}
    yield _by("outage_waiting", "Work that waits because something outside is down.", "kind", down)
    told = "What waits for a named person; counted up to 10000."
    yield _by("decisions_waiting", told, "kind", counts(session, None)._asdict())


def _attempts(session: Session) -> Iterator[Metric]:
    messages = CounterMetricFamily(
        "facteur_delivery_attempts", "Attempts at sending messages, by how they ended.", labels=["channel", "outcome"]
    )
    for (channel, outcome), number in sorted(tallied(session, ATTEMPTS).items()):
        messages.add_metric([channel, outcome], number)
    yield messages
    told = "Attempts at telling issuers' endpoints of events."
    webhooks = CounterMetricFamily("facteur_webhook_attempts", told, labels=["outcome"])
    for (_, outcome), number in sorted(tallied(session, WEBHOOK_ATTEMPTS).items()):
        webhooks.add_metric([outcome], number)
    yield webhooks


def _disk() -> Iterator[Metric]:
    usage = disk_usage(app_context.config().home)
    yield _gauge("home_free_bytes", "Free space on the disk of FACTEUR_HOME.", usage.free)
    yield _gauge("home_size_bytes", "Size of the disk of FACTEUR_HOME.", usage.total)


def _moment(session: Session) -> datetime:
    """Lateness is judged as `facteur check` judges it."""
    return business_now(session, app_context.now())


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"facteur_{name}", told, value=value)


def _some(name: str, told: str, values: list[float]) -> Metric:
    """A gauge of one value, or of none: nobody waits."""
    family = GaugeMetricFamily(f"facteur_{name}", told)
    for value in values:
        family.add_metric([], value)
    return family


def _by(name: str, told: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"facteur_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
