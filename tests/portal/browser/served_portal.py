"""Serves a portal over real HTTP while a test looks at it with a browser or with sockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask

from portal.web_server.web_server import WebServer, open_servers


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve *app* on a free port of this machine; gives its address, without a slash at the end."""
    with web_server(app) as server:
        yield f"http://127.0.0.1:{server.effective_port}"


@contextmanager
def web_server(app: Flask) -> Iterator[WebServer]:
    """The server of `facteur web`, on a free port of this machine."""
    [server] = open_servers(app, "127.0.0.1", 0, app.extensions["facteur"].store.incoming)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    for channel in list(server.active_channels.values()):
        channel.will_close = True  # a browser keeps its connections open for minutes
    server.pull_trigger()
    server.close()
    thread.join(timeout=10)
