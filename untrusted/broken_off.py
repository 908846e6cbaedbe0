"""Ends a connection in bounded time, however slowly the other side speaks."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def broken_off(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Break the connection off after so many seconds: a timeout of the socket begins anew with each byte."""

    def shut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
