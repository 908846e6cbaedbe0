"""Asks the service: with the key, again where that helps, no faster than it allows; answers become their types."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, Protocol, TypeVar

import httpx
import msgspec

from facteur.client.pauses import PASSING, pause_before_again, pause_before_next
from facteur.client.problem_error import NoAnswerError, ProblemError

#: The version of the API that this client speaks: ids are opaque texts.
VERSION: Final = "/v2"
#: How often a request is sent at most.
TRIES: Final = 5
#: The longest that a single pause may be, in seconds: whoever is told to wait longer is told so by the problem.
PATIENCE: Final = 120.0
#: The problem of a request whose first sending is still being worked on.
_UNDER_WAY: Final = "request-under-way"


class _Page(Protocol):
    @property
    def next(self) -> str | None: ...


_Kind = TypeVar("_Kind")
_PageKind = TypeVar("_PageKind", bound=_Page)


class Connection:
    """What all parts of the client share. *sleep* waits for so many seconds."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float,
        transport: httpx.BaseTransport | None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._base = httpx.URL(url)
        if self._base.scheme not in {"https", "http"} or not self._base.host:
            raise ValueError(f"{url!r} is not the address of a service, such as https://factures.example")
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "facteur-client/1"}
        self._http = httpx.Client(headers=headers, timeout=timeout, transport=transport)
        self.sleep = sleep
        self._pause = 0.0

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def ask(
        self,
        kind: type[_Kind],
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
    ) -> _Kind:
        """Returns the answer as its type. Parts of *query* that are None are left out. Without *again* the request is
        sent once more only where nothing can have been done."""
        return msgspec.json.decode(self.send(method, path, query, body, headers, again=again).content, type=kind)

    def changed(self, kind: type[_Kind], path: str, etag: str = "") -> tuple[_Kind | None, str]:
        """Returns what is there, with its ETag; None where it is still what has this *etag*."""
        headers = {"If-None-Match": etag} if etag else {}
        answer = self.send("GET", path, headers=headers)
        known = (
            None if answer.status_code == httpx.codes.NOT_MODIFIED else msgspec.json.decode(answer.content, type=kind)
        )
        return known, answer.headers.get("ETag", "")

    def pages(self, kind: type[_PageKind], path: str, query: Mapping[str, object] | None = None) -> Iterator[_PageKind]:
        """Yields each page of a list, asked for when it is needed."""
        page = self.ask(kind, "GET", path, query=query)
        yield page
        while page.next is not None:
            page = self.ask(kind, "GET", page.next)
            yield page

    def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, object] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        again: bool = True,
    ) -> httpx.Response:
        """Returns the answer to a request. *body* is bytes, an open file, or what becomes JSON. Raises ProblemError,
        and NoAnswerError after the last try."""
        tries = 0
        while True:
            tries += 1
            self._wait(self._pause)
            request = self._request(method, path, query, body, headers)
            try:
                answer = self._http.send(request)
            except httpx.TransportError as error:
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
                if tries >= TRIES or not (again or unsent):
                    raise NoAnswerError(f"{method} {request.url.path}: {error}") from error
                self._wait(pause_before_again(tries, {}))
                continue
            self._pause = pause_before_next(answer.headers)
            if answer.is_success or answer.status_code == httpx.codes.NOT_MODIFIED:
                return answer
            problem = _problem(answer)
            pause = pause_before_again(tries, answer.headers)
            if tries >= TRIES or pause > PATIENCE or not _passes(problem, again=again):
                raise problem
            self._wait(pause)

    def _request(
        self, method: str, path: str, query: Mapping[str, object] | None, body: Any, headers: Mapping[str, str] | None
    ) -> httpx.Request:
        url = self._base.join(path)
        if (url.scheme, url.host, url.port) != (self._base.scheme, self._base.host, self._base.port):
            raise ValueError(f"{url} is not of {self._base}: the key is sent nowhere else")
        said = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        if said:
            url = url.copy_merge_params(said)
        headers = dict(headers or {})
        if body is None or isinstance(body, bytes):
            content: bytes | BinaryIO | None = body
        elif hasattr(body, "seek"):
            body.seek(0)
            content = body
        else:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        return self._http.build_request(method, url, content=content, headers=headers)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self.sleep(seconds)


def _text(value: object) -> Any:
    """Returns a parameter as the query has it: moments and days by ISO 8601, truth in JSON's words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _problem(answer: httpx.Response) -> ProblemError:
    """Returns the answer's problem; whatever stands before the service may answer with a page of its own."""
    try:
        told = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        told = {}
    return ProblemError(told, answer.status_code)


def _passes(problem: ProblemError, *, again: bool) -> bool:
    """Whether the same request may succeed in a while, and does no harm if the first was taken."""
    if problem.status == httpx.codes.TOO_MANY_REQUESTS or problem.name == _UNDER_WAY:
        return True  # nothing was done
    return again and problem.status in PASSING
