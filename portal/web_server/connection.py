"""A connection: waitress' channel, which asks the app before it reads a body, and which ends when a client is slow."""

import logging
import socket
import time
from http import HTTPStatus
from typing import Any, Final

from waitress.channel import ClientDisconnected, HTTPChannel

from portal.access.trusted_proxies import household
from portal.web_server.body_admission import BodyAdmission
from portal.web_server.request_parser import RequestParser
from portal.web_server.request_tasks import AdmissionTask, RequestTask

#: Seconds: without any request; until a request's headers are whole; until a client has taken something of an answer.
IDLE: Final = 30
HEADERS: Final = 15
STALLED: Final = 30
#: Seconds after which a client that takes nothing of its answer may lose its place to another one.
TAKING: Final = 5
#: A refused body goes on coming until its sender has read the answer: so long (seconds) it is read and thrown away.
#: Closed at once, the sender's system would throw the answer away (RFC 9112, 9.6).
LINGER: Final = 10

_LOG: Final = logging.getLogger("waitress")


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection of a client. *client* is whom it is counted by."""

    task_class = RequestTask
    request: RequestParser | None = None
    _has_unread_body = False
    _discards_since: float | None = None

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:  # noqa: A002
        self.client = household(addr[0])
        super().__init__(server, sock, addr, adj, map=map)

    @property
    def is_expendable(self) -> bool:
        """Whether nobody works for it: no request is under way, or only a small body comes in; nor is an answer just
        being taken."""
        request, is_taking = self.request, bool(self.total_outbufs_len) and time.time() - self.last_activity < TAKING
        is_large = request is not None and request.body is not None and request.body.is_on_disk
        return not (self.requests or is_large or is_taking)

    def received(self, data: bytes) -> bool:
        """Take bytes in, of one request or several."""
        with self.requests_lock:
            if not data or self.will_close or self.close_when_flushed:
                return False
            while data:
                if self.request is None:
                    self.request = RequestParser(self.adj, self.server.incoming, time.time())
                data = data[self.request.received(data) :]
                if self.request.completed:
                    self._queue(self.request)
            if self.request is not None and self.request.waits_for_admission:
                self._queue(self.request)
        return True

    def _queue(self, request: RequestParser) -> None:
        """Have the request, or the question whether its body may come, worked on after those before it."""
        self.request = None
        if request.empty:
            return
        self.requests.append(request)
        if len(self.requests) == 1:
            self.server.add_task(self)

    def service(self) -> None:
        """Work on the first request, in a worker thread."""
        request = self.requests[0]
        self._has_unread_body = bool(request.failure or request.error or not request.completed)
        if request.completed:
            super().service()
        else:
            self._ask_for_admission(request)

    def _ask_for_admission(self, request: RequestParser) -> None:
        admission = request.admission = BodyAdmission(self.server.bodies_under_way)
        try:
            if self.connected:
                AdmissionTask(self, request).service()
        except ClientDisconnected:
            _LOG.info("Client disconnected before its body was let in: %s", request.path)
        except Exception:  # noqa: BLE001 -- whatever it was, the thread goes on
            _LOG.exception("Exception before a body was let in: %s", request.path)
            admission.is_admitted = False
        with self.requests_lock:
            if admission.is_admitted:
                self._let_in(request)
            else:
                self.close_when_flushed = True
            self.requests.pop(0)  # last: while a request is worked on, the main thread sends nothing beside us
        if not admission.is_admitted or not self.connected:
            request.close()
        self.last_activity = time.time()
        if self.connected:
            self.server.pull_trigger()

    def _let_in(self, request: RequestParser) -> None:
        self._has_unread_body = False
        request.began = time.time()
        self.request = request
        if request.expect_continue:
            self.send_continue()
            self.sent_continue = False

    def readable(self) -> bool:
        return self._discards_since is not None or bool(super().readable())

    def handle_read(self) -> None:
        if self._discards_since is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # closes the connection where the client has
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        if self._has_unread_body and self.close_when_flushed:
            self._flush_exception(self._flush_some)
            if self.total_outbufs_len == 0 and not self.will_close:
                self._say_no_more()
        if not (self._has_unread_body and self.close_when_flushed) or self.will_close:
            super().handle_write()

    def _say_no_more(self) -> None:
        """All was said: from here on what comes is thrown away, for a while."""
        self.close_when_flushed = False
        self._discards_since = time.time()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.will_close = True

    def handle_close(self) -> None:
        super().handle_close()
        if (request := self.request) is not None:
            request.close()

    def end_if_slow(self, now: float) -> None:
        """End the connection if its client has been silent or slow for too long, or refuse its request."""
        request = self.request
        if self._discards_since is not None:
            self.will_close |= now - self._discards_since > LINGER
        elif self.requests:
            self.will_close |= bool(self.total_outbufs_len) and now - self.last_activity > STALLED
        elif request is None:
            self.will_close |= now - self.last_activity > IDLE
        elif not request.headers_finished:
            self.will_close |= now - request.began > HEADERS
        elif request.is_too_slow(now):
            with self.requests_lock:
                request.fail(HTTPStatus.REQUEST_TIMEOUT)
                self._queue(request)
