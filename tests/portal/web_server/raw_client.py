"""Speaks HTTP by hand: half a request, a slow one, one that never ends."""

import json
import socket
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, NamedTuple


class RawAnswer(NamedTuple):
    """An answer as it came: its status, headers and body; *rest* is what came after it."""

    status: int
    headers: Any
    body: bytes
    rest: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/problem+json"
        problem: dict[str, Any] = json.loads(self.body)
        return problem


class RawClient:
    """One connection to a server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._came = b""

    def __enter__(self) -> "RawClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def begin(self, method: str, path: str, headers: dict[str, str], version: str = "1.1") -> None:
        """Send a request's headers, and no body."""
        lines = [f"{method} {path} HTTP/{version}", "Host: facteur.example", *(f"{k}: {v}" for k, v in headers.items())]
        self.send("".join(f"{line}\r\n" for line in [*lines, ""]).encode())

    def is_ended(self) -> bool:
        """Whether the server has closed the connection, once it has said all."""
        try:
            while data := self._socket.recv(65536):
                self._came += data
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        return True

    def answer(self) -> RawAnswer:
        """Read one answer, which says its length."""
        head = self._until(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        headers = BytesParser(policy=HTTP).parsebytes(rest)
        length = int(headers.get("Content-Length", 0))
        while len(self._came) < length:
            self._read()
        body, self._came = self._came[:length], self._came[length:]
        return RawAnswer(int(line.split()[1]), headers, body, self._came)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._came:
            self._read()
        head, _, self._came = self._came.partition(mark)
        return head + mark

    def _read(self) -> None:
        data = self._socket.recv(65536)
        assert data, f"the connection ended after {self._came!r}"
        self._came += data
