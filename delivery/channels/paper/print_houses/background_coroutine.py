"""Runs a coroutine in a thread of its own, so that a pipeline that has no event loop goes on with other work."""

import asyncio
from collections.abc import Coroutine, Iterator
from threading import Event, Thread
from typing import Any, Final

#: Seconds for which the caller is kept between two looks at the coroutine.
_LOOK_SECONDS: Final = 0.05


def in_background(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    """Run *work*; yields until it has ended, and raises what it raised. Closed before that, cancels it."""
    loop, done = asyncio.new_event_loop(), Event()
    task = loop.create_task(work)

    def run() -> None:
        try:
            loop.run_until_complete(asyncio.wait([task]))
        finally:
            done.set()

    thread = Thread(target=run, name="print house", daemon=True)
    thread.start()
    try:
        while not done.wait(_LOOK_SECONDS):
            yield
    finally:
        if not done.is_set():
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()
    task.result()
