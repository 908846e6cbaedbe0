"""Lets the demo's world live on while it is served: a thread beside the servers that does what has come due."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import Event, Thread
from typing import Final

from demo.continued_world import ContinuedWorld

log = logging.getLogger(__name__)

#: Seconds between two looks at the clock. After a night's sleep of the machine, the next look makes up for it.
_PAUSE: Final = 20.0
#: Seconds that an act may go on after the servers have ended.
_PATIENCE: Final = 5.0


@contextmanager
def life_beside_servers(
    open_world: Callable[[], AbstractContextManager[ContinuedWorld]], clock: Callable[[], datetime],
    pause: float = _PAUSE,
) -> Iterator[None]:  # fmt: skip
    """While the block runs, live on to *clock*, again and again. What fails is tried again and is told in the log of
    `-v` alone: people who look at the demo cannot mend it."""
    is_over = Event()

    def run() -> None:
        with open_world() as world:
            while not is_over.wait(pause):
                try:
                    world.live(clock(), is_stopping=is_over.is_set)
                except Exception:
                    log.info("the demo's world waits", exc_info=True)

    thread = Thread(target=run, name="demo", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(_PATIENCE)
