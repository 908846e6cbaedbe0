"""A provider that answers slowly, without end, or elsewhere is left in time."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import pytest

from untrusted.openid import provider_http
from untrusted.openid.provider_http import LARGEST, ask_provider
from untrusted.openid.provider_refusal import ProviderRefusal

Answering = Callable[[Iterator[bytes]], str]
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """Starts a server that sends this to whoever asks, and leaves a provider after a second."""
    monkeypatch.setattr(provider_http, "WHOLE_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def start(parts: Iterator[bytes]) -> str:
            Thread(target=_answer, args=(server, parts), daemon=True).start()
            return f"http://127.0.0.1:{server.getsockname()[1]}/jwks?p=1"

        yield start


def _answer(server: socket.socket, parts: Iterator[bytes]) -> None:
    with suppress(OSError), server.accept()[0] as connection:
        connection.recv(10_000)
        for part in parts:
            connection.sendall(part)


def drop_by_drop(first: bytes, drop: bytes) -> Iterator[bytes]:
    yield first
    for _ in range(20):
        time.sleep(0.2)
        yield drop


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (OK, b"X: y\r\n"), (OK + b"Content-Length: 20\r\n\r\n", b"x"), (OK + b"\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), (b"", b"H"),
    ],
    ids=["headers", "body", "body to the end", "chunks", "status"],
)  # fmt: skip
def test_a_slow_answer_is_left(answering: Answering, first: bytes, drop: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(ProviderRefusal) as refused:
        ask_provider(answering(drop_by_drop(first, drop)))
    assert refused.value.code == "down"
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (OK + b"\r\n" + b"x" * (LARGEST + 1), "down"), (b"", "down"), (b"SSH-2.0-x\r\n", "down"),
        (OK + b"X: y\r\n" * 200 + b"\r\n", "down"), (OK + b"Content-Encoding: gzip\r\n\r\nno gzip", "down"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n", "token"),
        (b"HTTP/1.1 503 Down\r\n\r\n", "down"),
    ],
    ids=["too large", "nothing", "no HTTP", "headers without end", "no gzip", "elsewhere", "down"],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(answering: Answering, answer: bytes, code: str) -> None:
    with pytest.raises(ProviderRefusal) as refused:
        ask_provider(answering(iter([answer])))
    assert refused.value.code == code


def test_what_is_asked_is_answered(answering: Answering) -> None:
    url = answering(iter([OK + b"Content-Length: 2\r\n\r\n{}"]))
    assert ask_provider(url, {"code": "a b"}, bearer="token") == b"{}"
