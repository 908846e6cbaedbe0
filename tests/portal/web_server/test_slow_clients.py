"""The web beside clients that open a connection and say nothing, or half of it."""

import socket
import urllib.request
from contextlib import ExitStack

from flask import Flask

from portal.web_server.connection_bounds import IN_ALL
from tests.portal.browser.served_portal import web_server


def test_silent_and_half_open_clients_keep_nobody_out(app: Flask) -> None:
    """More of them than there are places: each new one takes the place of the one that was silent longest."""
    with web_server(app) as server, ExitStack() as silent:
        for n in range(IN_ALL + 100):
            line = silent.enter_context(socket.create_connection(("127.0.0.1", server.effective_port)))
            if n % 2:
                line.sendall(b"POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Le")
        with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/sante", timeout=20) as answer:
            assert answer.read() == b"ok\n"
        assert len(server.active_channels) <= 101
