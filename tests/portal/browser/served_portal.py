"""Serves a portal over real HTTP while a test looks at it with a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from waitress.server import create_server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve *app* on a free port of this machine; gives its address, without a slash at the end."""
    server = create_server(app, host="127.0.0.1", port=0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    for channel in list(server.active_channels.values()):
        channel.will_close = True  # a browser keeps its connections open for minutes
    server.pull_trigger()
    server.close()
    thread.join(timeout=10)
