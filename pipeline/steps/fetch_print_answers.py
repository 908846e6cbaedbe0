"""Step 7, hear back: fetch the answers of print houses that do not write into our outbox themselves."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from delivery import PrintRoom
from pipeline.pipeline_context import PipelineContext
from store.outage_or_fault import Unavailable

log = logging.getLogger(__name__)

#: Print houses that are asked at a time: one that does not answer takes some seconds.
_TOGETHER: Final = 8


def fetch_print_answers(context: PipelineContext) -> int:
    """Fetch what the houses have written; returns the number of files. A house that cannot be reached is asked again
    the next time, and keeps no other waiting."""
    rooms = [room for room in context.print_rooms.values() if room.carrier is not None]
    if not rooms:
        return 0
    with ThreadPoolExecutor(_TOGETHER) as pool:
        return sum(pool.map(_fetch, rooms))


def _fetch(room: PrintRoom) -> int:
    try:
        return room.carrier.fetch(room.outbox) if room.carrier is not None else 0
    except Unavailable as error:
        log.warning("answers wait: %s", error)
        return 0
