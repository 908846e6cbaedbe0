"""Parses a request: waitress' parser, which reads no body that was not let in, nor more of it than may come."""

from http import HTTPStatus
from io import RawIOBase
from pathlib import Path
from typing import Any, Final, NoReturn

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest

from portal.web_server.body_admission import BodyAdmission
from portal.web_server.received_body import ReceivedBody

#: How slow a body may be: so many seconds at once, and one more for so many bytes that have come.
GRACE: Final = 20
LEAST_RATE: Final = 4096
#: What the frame of a chunked body may hold in one piece: a chunk's size with its extensions, trailers.
LONGEST_FRAME: Final = 16 * 1024


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """A request as it comes in. *began* is when its first byte came, in seconds since 1970; *folder* is where a large
    body lies."""

    #: The status to refuse the request with, whose body did not come as it should: 408, 413 or 503.
    failure: HTTPStatus | None = None
    admission: BodyAdmission | None = None
    body: ReceivedBody | None = None

    def __init__(self, adj: Adjustments, folder: Path, began: float) -> None:
        super().__init__(adj)
        self.began = began
        self._folder = folder

    @property
    def waits_for_admission(self) -> bool:
        """Whether its headers came and its body, or the end of it, did not: the app is asked before more is read."""
        return bool(self.headers_finished and not self.completed and self.admission is None)

    def parse_header(self, header_plus: bytes) -> None:
        """Refuses, besides what waitress does, what says in two ways how long its body is (RFC 9112, 6.1 and 6.3)."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # thousands of digits
            raise ParsingError("Content-Length is invalid") from error
        if "TRANSFER_ENCODING" in self.headers or (self.chunked and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("Transfer-Encoding is for HTTP/1.1, and without Content-Length")
        if self.body_rcv is not None:
            self.body_rcv.buf = self.body = ReceivedBody(self._folder)

    def received(self, data: bytes) -> int:
        """Take bytes in; returns how many were this request's."""
        try:
            taken: int = super().received(data)
        except OSError:
            self.fail(HTTPStatus.SERVICE_UNAVAILABLE)
            return len(data)
        if self.body is not None and not self.failure:
            self._measure(self.body)
        return taken

    def _measure(self, body: ReceivedBody) -> None:
        if self.chunked and max(len(self.body_rcv.control_line), len(self.body_rcv.trailer)) > LONGEST_FRAME:
            self.error, self.completed = BadRequest("The chunks' frame is too long"), True
        if self.admission is not None:
            frame = self.body_bytes_received - len(body)
            if len(body) > self.admission.most or frame > self.admission.most // 4 + LONGEST_FRAME:
                self.fail(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def is_too_slow(self, now: float) -> bool:
        """Whether its body comes more slowly than it may."""
        return bool(now - self.began > GRACE + self.body_bytes_received / LEAST_RATE)

    def fail(self, status: HTTPStatus) -> None:
        """End the request here: it is answered with this status."""
        self.failure, self.completed = status, True

    def get_body_stream(self) -> Any:
        """Returns the body to be read; one that did not come, or not all of it, cannot be."""
        if self.body is None:
            return super().get_body_stream()
        return _NotHere() if self.failure or not self.completed else self.body.getfile()

    def close(self) -> None:
        """Let go of the body, and of its place among those under way. Does nothing the second time."""
        if self.body is not None:
            self.body.close()
        if self.admission is not None:
            self.admission.end()


class _NotHere(RawIOBase):
    """In place of a body that is not here: who reads it is wrong."""

    def read(self, _size: int = -1, /) -> NoReturn:
        raise RuntimeError("the body was read before it was let in")

    readinto = readall = readline = read  # type: ignore[assignment]
