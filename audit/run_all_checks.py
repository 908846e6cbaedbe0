"""Run all checks of `facteur check`: row invariants, missing roots, overdue work, worker liveness, archived PDFs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from audit.archived_pdf_check import ArchiveCheck, ArchiveCheckResult
from audit.houseless_batches import houseless_batches
from audit.invariant_violations import Violations, violations
from audit.invariants import INVARIANTS
from audit.item_invariants import items_unaccounted
from audit.late_batches import late_batches, unacknowledged_batches
from audit.paper_again_check import paper_refused
from audit.print_disputes import answers_of_no_lot, disputed_batches
from audit.silent_bills import silent_bills
from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from delivery import PrintHouses
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.vanished_print_files import ALL_THERE, lost_letters
from store import Store
from store.outbox.webhook_endpoint import disabled_endpoints
from store.print_batch import PrintBatch
from store.vault.root_use import missing_roots, root_uses

_CALENDAR: Final = Calendar()


class InvariantReport(NamedTuple):
    """Violations by invariant name (empty: it holds), the result of the archive check, and the number of accounts whose
    keys are not under the present root (nothing is broken, and the old root is still needed)."""

    invariants: dict[str, Violations]
    archive: ArchiveCheckResult
    under_old_roots: int


def check(
    store: Store, now: datetime | None = None, *, calendar: Calendar = _CALENDAR, houses: PrintHouses | None = None,
    everything: bool = False, tell: Callable[[int], None] = lambda _: None,
) -> InvariantReport:  # fmt: skip
    """Run all checks. With *now*, also overdue work, and with *houses*, letters whose files are gone from their
    outboxes, and batches of houses that are no longer configured. Checks a daily share of the archive,
    or *everything*; *tell* is called with the number of bills checked so far."""
    with store.reading() as session:
        broken = {name: violations(session, ask()) for name, ask in INVARIANTS.items()}
        broken["items_unaccounted"] = items_unaccounted(session)
        broken["roots_missing"] = Violations(missing_roots(session, store.keys))
        elsewhere = sum(use.accounts for use in root_uses(session) if use.root != store.keys.present.id)
        if now is not None:
            broken["paper_refused"] = paper_refused(session, calendar)
            broken |= _late(session, now, calendar, houses) | _watch(session, now)
    archive = ArchiveCheck(store, datetime.now(UTC), tell)
    looked = archive.everything() if everything else archive.share()
    broken |= {"pdfs_changed": looked.pdfs, "attachments_lost": looked.attachments}
    return InvariantReport(broken, looked, elsewhere)


def _late(
    session: Session, now: datetime, calendar: Calendar, houses: PrintHouses | None
) -> dict[str, Violations]:  # fmt: skip
    lost = ALL_THERE if houses is None else lost_letters(session, houses.outboxes)
    late = late_batches(now).with_only_columns(PrintBatch.id, PrintBatch.cut_off_at)
    unheard = unacknowledged_batches(now).with_only_columns(PrintBatch.id, PrintBatch.name, PrintBatch.letters)
    return {
        "silent_bills": violations(session, silent_bills(now, calendar, lost)),
        "batches_late": violations(session, late),
        "letters_unacknowledged": violations(session, unheard),
        "batches_disputed": violations(session, disputed_batches()),
        "answers_of_no_lot": violations(session, answers_of_no_lot()),
    } | ({} if houses is None else _houseless(session, houses))


def _houseless(session: Session, houses: PrintHouses) -> dict[str, Violations]:
    without = houseless_batches(houses.slugs).with_only_columns(PrintBatch.id, PrintBatch.house, PrintBatch.state)
    return {"print_houses_missing": violations(session, without)}


def _watch(session: Session, now: datetime) -> dict[str, Violations]:
    """Worker liveness: silent workers and overdue periodic tasks; webhook endpoints that failed and were disabled."""
    since = workers_silent_since(session, now)
    return {
        "workers_silent": Violations([] if since is None else [(since,)]),
        "tasks_overdue": Violations(overdue_tasks(session)),
        "webhooks_disabled": Violations((each.id, each.url, each.reason.code) for each in disabled_endpoints(session)),
    }
