"""The web beside clients that open a connection and say nothing, or half of it."""

import socket
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from waitress.adjustments import Adjustments

from portal.access import body_guard
from portal.web_server import connection, request_parser
from portal.web_server.connection_bounds import IN_ALL
from portal.web_server.received_body import IN_MEMORY
from portal.web_server.request_parser import GRACE, LEAST_RATE, RequestParser
from portal.web_server.web_server import THREADS, THREADS_FOR_BODIES
from store import Store
from store.blobs.folder_blobs import FolderBlobs
from tests.portal.browser.served_portal import web_server
from tests.portal.web_server.raw_client import RawClient

pytestmark = pytest.mark.beside_any_database


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


def test_a_body_that_stops_coming_is_refused(
    app: Flask, keys: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that fell silent holds its place for some seconds, and never a thread."""
    monkeypatch.setattr(request_parser, "GRACE", -1)
    with web_server(app) as server, RawClient(server.effective_port) as charlie:
        charlie.begin("POST", "/v1/feeds", {"Content-Length": "1000000", **keys[0]})
        assert charlie.answer().problem["type"].endswith("/too-slow")
        assert not server.bodies_under_way.count("client 127.0.0.1")


def test_a_body_may_take_its_time_while_it_comes() -> None:
    body = RequestParser(Adjustments(), Path(), began=0.0)
    body.body_bytes_received = 100 * LEAST_RATE
    assert not body.is_too_slow(GRACE + 99)
    assert body.is_too_slow(GRACE + 101)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHos", b"GET /sante HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_a_connection_ends_that_says_nothing_more(app: Flask, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE", 0)
    monkeypatch.setattr(connection, "HEADERS", 0)
    with web_server(app) as server, RawClient(server.effective_port) as mallory:
        mallory.send(sent)
        assert mallory.is_ended()


def test_pages_are_answered_while_large_bodies_are_stored(
    app: Flask, store: Store, keys: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More feeds than there are threads, and a disk that does not come to an end: they have threads of their own."""
    is_slow, put_file = Event(), type(store.blobs).put_file

    def slowly(blobs: FolderBlobs, path: Path, sha256: str) -> None:
        assert is_slow.wait(20)
        put_file(blobs, path, sha256)

    monkeypatch.setattr(type(store.blobs), "put_file", slowly)
    monkeypatch.setattr(body_guard, "OF_ONE", THREADS + 1)
    with web_server(app) as server, ExitStack() as stack:
        lines = [stack.enter_context(RawClient(server.effective_port)) for _ in range(THREADS + 1)]
        for n, line in enumerate(lines):
            line.begin("POST", "/v1/feeds", {"Content-Length": str(IN_MEMORY + 1), **keys[0]})
            line.send(b"%d" % n + b"x" * IN_MEMORY)
        until = time.monotonic() + 10
        while len(server.body_dispatcher.queue) < len(lines) - THREADS_FOR_BODIES and time.monotonic() < until:
            time.sleep(0.01)
        assert len(server.body_dispatcher.queue) == len(lines) - THREADS_FOR_BODIES
        with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/sante", timeout=10) as answer:
            assert answer.read() == b"ok\n"
        is_slow.set()
        assert {line.answer().status for line in lines} == {202}
