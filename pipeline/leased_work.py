"""Work on a claimed row: the lease is renewed while the work goes on, and released however it ends.

An attempt counts only if the work killed its worker or raised an error of its own. After an outage the row is tried
again after a pause; work that was interrupted may be claimed again at once. Neither counts as an attempt.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import update

from logs.log_context import logged_for
from store.base import db_now
from store.db.leases import RETRY_PAUSES, LeaseLost, lease_heartbeat
from store.db.process_identity import this_process
from store.outage_or_fault import is_outage
from store.store import Store

log = logging.getLogger(__name__)


@contextmanager
def leased_work(store: Store, row: Any, work: Any) -> Iterator[None]:
    """Hold the lease of *work*, a row of the table *row* that this process has claimed, with `attempts` already raised
    by one. Errors are raised again, except outages and LeaseLost, which are only logged."""
    name = f"{row.__tablename__} {work.id}"
    ends: dict[str, Any] = {}
    ids = ExitStack()
    ids.enter_context(logged_for(**ids_of(row, work)))
    try:
        with lease_heartbeat(store, row, work.id):
            yield
        ends = {"attempts": 0, "setbacks": 0}
        log.info("%s was worked on", name)
    except LeaseLost:
        log.info("%s is worked by somebody else now", name)
    except GeneratorExit:
        ends = {"attempts": row.attempts - 1}
        raise
    except Exception as error:
        if not is_outage(error, work.setbacks):
            raise
        pause = RETRY_PAUSES[min(work.setbacks, len(RETRY_PAUSES) - 1)]
        log.warning("%s waits %s s, something outside is down: %s", name, pause, error)
        ends = {"attempts": row.attempts - 1, "setbacks": row.setbacks + 1, "not_before": db_now() + pause}
    finally:
        ours = update(row).where(row.id == work.id, row.lease_owner == this_process())
        store.write_in_time(ours.values(lease_owner=None, lease_until=0.0, **ends))
        ids.close()


def ids_of(row: Any, work: Any) -> dict[str, int]:
    """The ids by which the log knows a row: its own, and its feed's."""
    feed_id = getattr(work, "feed_id", None)
    return {row.__tablename__: work.id} | ({} if feed_id is None else {"feed": feed_id})
