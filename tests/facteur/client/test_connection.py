"""Lumière's program keeps asking where that helps, waits as it is told, and sends nothing twice that counts twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from facteur.client import FacteurClient, NoAnswerError, ProblemError
from facteur.client.connection import TRIES
from facteur.client.pauses import LONGEST, pause_before_again, pause_before_next

REPORT = msgspec.json.encode(
    {
        "content": "bills", "counts": {}, "feed": "f", "file": "mars.xml", "findings": [], "format": None,
        "issuer": "lumiere", "rules": [], "sha256": None, "state": "received", "totals": {},
    }
)  # fmt: skip


class Service:
    """Answers what it is told to, in order, the last one for ever; an exception is a line that breaks."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []
        self.client = FacteurClient("https://facteur.example", "fct_1", transport=httpx.MockTransport(self.answer))
        self.client.connection.sleep = self.pauses.append

    def answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def refused(status: int, name: str = "", **headers: str) -> httpx.Response:
    told = {"type": f"/v1/problems/{name}", "title": "T", "status": status, "detail": "d", "oldest": 7}
    return httpx.Response(status, json=told, headers={key.replace("_", "-"): each for key, each in headers.items()})


def done(**headers: str) -> httpx.Response:
    return httpx.Response(202, content=REPORT, headers={key.replace("_", "-"): each for key, each in headers.items()})


def test_a_feed_is_sent_again_whole_and_under_one_key(tmp_path: Path) -> None:
    (tmp_path / "mars.xml").write_bytes(b"<feed/>")
    service = Service(httpx.ReadError("cut"), refused(503, Retry_After="3"), refused(409, "request-under-way"), done())
    assert service.client.feeds.put(tmp_path / "mars.xml", count=1).state == "received"
    assert [each.content for each in service.asked] == [b"<feed/>"] * 4
    assert {each.url.query for each in service.asked} == {b"name=mars.xml&count=1"}
    [key] = {each.headers["Idempotency-Key"] for each in service.asked}
    assert len(key) == 38
    assert service.pauses[1] == 3.0
    assert all(each.headers["Content-Length"] == "7" for each in service.asked)


@pytest.mark.parametrize("answer", [refused(503), httpx.ReadTimeout("slow")])
def test_it_gives_up(answer: Any) -> None:
    service = Service(answer)
    with pytest.raises((ProblemError, NoAnswerError)):
        service.client.feeds.report("f")
    assert len(service.asked) == TRIES


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 412, 422])
def test_what_will_be_refused_again_is_not_asked_again(status: int) -> None:
    service = Service(refused(status, "events-gone"))
    with pytest.raises(ProblemError) as raised:
        list(service.client.events.after(3))
    told = raised.value
    assert (told.status, told.name, told.title, told.detail) == (status, "events-gone", "T", "d")
    assert (told.type, told.members) == ("/v1/problems/events-gone", {"oldest": 7})
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "asks",
    [
        lambda client: client.webhook_endpoints.rotate_secret("e"),
        lambda client: client.webhook_endpoints.add("https://lumiere.example/facteur"),
        lambda client: client.webhook_endpoints.test("e"),
    ],
    ids=["a new secret", "a new endpoint", "a test message"],
)
@pytest.mark.parametrize("answer", [httpx.ReadError("cut"), refused(503), refused(500)], ids=["cut", "503", "500"])
def test_what_counts_twice_is_not_sent_twice(asks: Callable[[FacteurClient], object], answer: Any) -> None:
    """Nobody knows whether it was done."""
    service = Service(answer)
    with pytest.raises((ProblemError, NoAnswerError)):
        asks(service.client)
    assert len(service.asked) == 1


def test_where_nothing_was_done_it_is_asked_again() -> None:
    for passing in (httpx.ConnectError("down"), refused(429, Retry_After="1")):
        service = Service(passing, httpx.Response(200, json={"secret": "whsec_1"}))
        assert service.client.webhook_endpoints.rotate_secret("e") == "whsec_1"


def test_whoever_must_wait_for_hours_is_told() -> None:
    service = Service(refused(429, "too-many-requests", Retry_After="3600"))
    with pytest.raises(ProblemError, match="429 T: d"):
        service.client.feeds.report("f")
    assert service.pauses == []


def test_an_answer_of_somebody_else_is_a_problem_too() -> None:
    with pytest.raises(ProblemError, match="404 Status 404"):
        Service(httpx.Response(404, text="<h1>proxy</h1>")).client.feeds.report("f")
    with pytest.raises(ProblemError, match="302"):
        Service(httpx.Response(302, headers={"Location": "https://other.example"})).client.feeds.report("f")


def test_it_asks_no_faster_than_it_may() -> None:
    policy = {"RateLimit_Policy": '"key";q=6000;w=60'}
    service = Service(done(RateLimit='"key";r=0;t=60', **policy), done(RateLimit='"key";r=5;t=1', **policy), done())
    for _ in range(3):
        service.client.feeds.report("f")
    assert service.pauses == [0.01]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 0), ({"RateLimit": '"key";r=1;t=9'}, 0), ({"RateLimit": '"key";r=0;t=9'}, 1), ({"RateLimit": "what"}, 0)],
)
def test_what_is_left_is_read(headers: dict[str, str], seconds: float) -> None:
    assert pause_before_next(headers) == seconds


def test_pauses_grow_and_are_never_too_long() -> None:
    now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert pause_before_again(1, {"Retry-After": "Tue, 03 Mar 2026 09:00:20 GMT"}, now) == 20
    assert pause_before_again(1, {"Retry-After": "Tue, 03 Mar 2026 08:00:00 GMT"}, now) == 0
    assert pause_before_again(1, {"Retry-After": "soon"}) <= 0.5
    assert 1 <= pause_before_again(3, {}) <= 2
    assert pause_before_again(40, {}) <= LONGEST


def test_the_key_goes_nowhere_else() -> None:
    """A page that leads to another machine is not followed."""
    page = {"feeds": [], "next": "https://other.example/v2/feeds?before=x"}
    service = Service(httpx.Response(200, json=page))
    with pytest.raises(ValueError, match="the key is sent nowhere else"):
        list(service.client.feeds.list())
    assert len(service.asked) == 1
    with pytest.raises(ValueError, match="not the address"):
        FacteurClient("facteur.example", "fct_1")


@pytest.mark.parametrize("number", ["F/2026 1", "../feeds", "a?b=c#d", "é%2F"])
def test_a_number_stays_one_part_of_the_path(number: str) -> None:
    service = Service(refused(404))
    with pytest.raises(ProblemError):
        service.client.bills.pdf(number)
    assert service.asked[0].url.raw_path.count(b"/") == 4
    assert httpx.URL(service.asked[0].url).path == f"/v2/bills/{number}/pdf"


def looking(states: list[str]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers.get("If-None-Match") == f'"{states[0]}"':
            return httpx.Response(304, headers={"ETag": f'"{states.pop(0)}"'})
        report = {**msgspec.json.decode(REPORT), "state": states[0]}
        return httpx.Response(200, json=report, headers={"ETag": f'"{states[0]}"'})

    return answer


def test_a_feed_is_waited_for() -> None:
    pauses: list[float] = []
    client = FacteurClient("https://f.example", "k", transport=httpx.MockTransport(looking(["reading", "released"])))
    client.connection.sleep = pauses.append
    assert client.feeds.wait("f").state == "released"
    assert pauses == [1.0, 1.5]
    with pytest.raises(TimeoutError, match="not settled after 1"):
        client.feeds.wait("f", until=frozenset({"settled"}), seconds=1)
