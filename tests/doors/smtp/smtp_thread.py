"""The SMTP door in a thread of the test."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from doors.smtp.smtp_server import SmtpDoor, serve
from store import Store


@contextmanager
def serving(store: Store, door: SmtpDoor, clock: Callable[[], datetime]) -> Iterator[int]:
    """Serve while the context lasts; gives the port."""
    ready, ports, loops = Event(), [], []

    async def until_told() -> None:
        told = asyncio.Event()
        loops.append((asyncio.get_running_loop(), told))
        async with serve(store, door, clock) as port:
            ports.append(port)
            ready.set()
            await told.wait()

    thread = Thread(target=lambda: asyncio.run(until_told()), name="smtp door", daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield ports[0]
    finally:
        loop, told = loops[0]
        loop.call_soon_threadsafe(told.set)
        thread.join(20)
        assert not thread.is_alive()
