"""The web beside clients that open a connection and say nothing, or half of it."""

import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from waitress.server import create_server

from cli.servers import WEB
from config import Config
from portal.app import make_app
from store import Store
from tests.conftest import Clock


@pytest.fixture
def port(store: Store, config: Config, clock: Clock) -> Iterator[int]:
    server = create_server(make_app(store, config, clock), host="127.0.0.1", port=0, **WEB)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(5)


def test_silent_and_half_open_clients_keep_nobody_out(port: int) -> None:
    with ExitStack() as silent:
        for n in range(200):
            line = silent.enter_context(socket.create_connection(("127.0.0.1", port)))
            if n % 2:
                line.sendall(b"POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Le")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=60) as answer:
            assert answer.read() == b"ok\n"
