"""Tasks that one worker does for all, every few minutes: follow moves, settle feeds, find households, end mandates,
ask whether bills without paper still suit, follow the notices of bills without paper, sweep staging blobs, forward
new bills, invite households by campaigns, erase who has left, fetch print houses' answers, measure and forecast
adoption, end access grants."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from customers.households import follow_households
from logs.log_context import logged_for
from pipeline.due_tasks import DUE_TASKS, look_for_tasks
from pipeline.pipeline_context import PipelineContext
from pipeline.steps.check_suitability import check_suitability
from pipeline.steps.end_access_grants import end_access_grants
from pipeline.steps.end_mandates import end_mandates
from pipeline.steps.erase_people import erase_people
from pipeline.steps.fetch_print_answers import fetch_print_answers
from pipeline.steps.follow_default_notices import follow_default_notices
from pipeline.steps.follow_moves import follow_moves
from pipeline.steps.forecast_adoption import forecast_adoption
from pipeline.steps.forward_bills import forward_bills
from pipeline.steps.invite_households import invite_households
from pipeline.steps.measure_adoption import measure_adoption
from pipeline.steps.remove_lost_factors import remove_lost_factors
from pipeline.steps.settle_feeds import settle_feeds
from pipeline.steps.sweep_bill_archives import sweep_bill_archives
from pipeline.steps.sweep_heard_mails import sweep_heard_mails
from pipeline.steps.sweep_old_events import sweep_old_events
from pipeline.steps.sweep_page_pictures import sweep_page_pictures
from pipeline.steps.sweep_profile_samples import sweep_profile_samples
from pipeline.steps.sweep_side_messages import sweep_side_messages
from pipeline.steps.sweep_staging_blobs import sweep_staging_blobs
from store.db.leader_lease import Leadership, lead_all, leading, leading_at_once
from store.db.periodic_task import due_tasks

log = logging.getLogger(__name__)

#: The least seconds between two runs of a task that looks at every account, mandate or month of adoption.
SELDOM: Final = {
    "households": 3600.0, "mandates": 3600.0, "suitability": 3600.0, "default_notices": 3600.0, "forecast": 3600.0,
    "invite": 900.0,
}  # fmt: skip


class PeriodicTasks:
    """The tasks by name, as their rows have it (`store.db.periodic_task`)."""

    def __init__(self, context: PipelineContext) -> None:
        self._context = context
        self._unfinished: set[str] = set()  # had a turn, and go on with the next
        self._seen: frozenset[str] | None = None  # the tasks of DUE_TASKS that had work; None: something was done since
        self.tasks: dict[str, Callable[[datetime], object]] = {
            "follow_moves": lambda now: follow_moves(context, now),
            "settle": lambda now: settle_feeds(context, now),
            "households": lambda _: follow_households(context.store),
            "mandates": lambda now: end_mandates(context, now),
            "suitability": lambda now: check_suitability(context, now),
            "default_notices": lambda now: follow_default_notices(context, now),
            "sweep": lambda now: (
                sweep_staging_blobs(context),
                sweep_old_events(context, now),
                sweep_heard_mails(context, now),
                sweep_page_pictures(context, now),
                sweep_bill_archives(context, now),
                sweep_profile_samples(context, now),
                sweep_side_messages(context, now),
            ),
            "invite": lambda now: invite_households(context, now),
            "forward_bills": lambda now: forward_bills(context, now),
            "lost_factors": lambda now: remove_lost_factors(context, now),
            "erase_people": lambda now: erase_people(context, now),
            "print_answers": lambda _: fetch_print_answers(context),
            "measure": lambda now: self._in_turns("measure", measure_adoption, now),
            "forecast": lambda now: self._in_turns("forecast", forecast_adoption, now),
            "access_grants": lambda now: end_access_grants(context, now),
        }

    def run_due(self, now: datetime, every: float, is_stopping: Callable[[], bool]) -> bool:
        """Run each task that is unfinished, or was not run for *every* seconds, and that no other worker leads.
        Returns whether one was run. A task that fails keeps no other waiting; its failure is kept in its row."""
        ran = False
        pauses = {name: self._pause(name, every) for name in self.tasks}
        with self._context.store.reading() as session:
            due = due_tasks(session, pauses)
        for name, run in self.tasks.items():
            if is_stopping():
                break
            if name not in due:
                continue
            try:
                with leading(self._context.store, name, pauses[name]) as leadership:
                    if leadership is not None:
                        ran = True
                        with logged_for(task=name):
                            run(now)
            except Exception:
                log.exception("%s failed", name)
        return ran

    def _pause(self, name: str, every: float) -> float:
        return 0.0 if name in self._unfinished else max(every, SELDOM.get(name, 0.0))

    def run_now(self, name: str, now: datetime, is_stopping: Callable[[], bool]) -> None:
        """Run a task to its end, due or not. While another worker leads it, wait."""
        with leading_at_once(self._context.store, name) as leadership:
            self._to_its_end(name, now, is_stopping, leadership)

    def run_all_now(self, now: datetime, is_stopping: Callable[[], bool]) -> None:
        """Run every task to its end, due or not; one that can have nothing to do is at its end. Those that other
        workers lead are waited for; one that something outside keeps from its work waits for another time."""
        self._seen = None
        lead_all(
            self._context.store,
            {name: partial(self._look_and_run, name, now, is_stopping) for name in self.tasks},
        )

    def has_work(self, name: str, now: datetime) -> bool:
        """Whether a task of `DUE_TASKS` can have anything to do."""
        return name in look_for_tasks(self._context, now)

    def _look_and_run(
        self, name: str, now: datetime, is_stopping: Callable[[], bool], leadership: Leadership
    ) -> None:  # fmt: skip
        """Look again after each task that did something: a later one may have work by it."""
        is_asked = name in DUE_TASKS.kinds
        if is_asked and self._seen is None:
            self._seen = look_for_tasks(self._context, now)
        if self._seen is not None and is_asked and name not in self._seen:
            return
        if self._to_its_end(name, now, is_stopping, leadership) or is_asked:
            self._seen = None

    def _to_its_end(
        self, name: str, now: datetime, is_stopping: Callable[[], bool], leadership: Leadership
    ) -> bool:  # fmt: skip
        did = bool(self.tasks[name](now))
        while name in self._unfinished and not is_stopping():
            leadership.progress()
            did |= bool(self.tasks[name](now))
        return did

    def _in_turns(self, name: str, step: Callable[[PipelineContext, datetime], bool], now: datetime) -> None:
        """Give a step that says whether more remains one turn. Figures give no other task work."""
        if step(self._context, now):
            self._unfinished.add(name)
        else:
            self._unfinished.discard(name)
