"""A body is let in before a byte of it is read: whoever has no key, or too much to send, is told so at once."""

import hashlib
from itertools import product
from pathlib import Path

import pytest

from doors.feed_drop import LARGEST_FEED
from portal.access import body_guard
from portal.web_server.received_body import IN_MEMORY
from portal.web_server.web_server import WebServer
from store import Store
from store.blobs import blob_store
from store.blobs.unnamed_file import name_file
from tests.portal.web_server.raw_client import RawAnswer, RawClient

pytestmark = pytest.mark.beside_any_database

MEGABYTES_400 = 400 << 20
CONTINUE = {"Expect": "100-continue"}
WRONG = {"Authorization": "Bearer fct_wrong"}


def test_without_a_key_no_body_is_read(server: WebServer) -> None:
    lengths = [{"Content-Length": "10"}, {"Content-Length": str(MEGABYTES_400)}, {"Transfer-Encoding": "chunked"}]
    for length, key, expect, version in product(lengths, [{}, WRONG], [{}, CONTINUE], ["1.0", "1.1"]):
        if (version, length) == ("1.0", lengths[2]):
            continue  # refused by whoever sends it
        with RawClient(server.effective_port) as mallory:
            mallory.begin("POST", "/v1/feeds", {**length, **key, **expect}, version)
            answer = mallory.answer()  # of a body none of which was sent
            assert (answer.status, answer.problem["status"]) == (401, 401)
            assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
            assert answer.headers["Connection"] == "close"
    assert not server.bodies_under_way.count("client 127.0.0.1")


def test_who_sends_on_unasked_reads_the_answer_all_the_same(server: WebServer, store: Store) -> None:
    """Its bytes are thrown away for a while: closed at once, the answer would be lost on its way."""
    with RawClient(server.effective_port) as mallory:
        mallory.begin("POST", "/v1/feeds", {"Content-Length": str(MEGABYTES_400), **WRONG})
        for _ in range(20):
            mallory.send(b"x" * (1 << 20))
        assert mallory.answer().status == 401
    assert not list(store.incoming.glob("*"))


def test_what_is_too_large_is_refused_by_its_announcement(server: WebServer, key: dict[str, str]) -> None:
    with RawClient(server.effective_port) as charlie:
        charlie.begin("POST", "/v1/feeds", {"Content-Length": str(LARGEST_FEED * 2), **key, **CONTINUE})
        assert charlie.answer().problem["status"] == 413


def test_what_nobody_can_send_is_refused_as_it_is_without_a_body(server: WebServer, key: dict[str, str]) -> None:
    for method, path, status in (("POST", "/v1/nothing", 404), ("DELETE", "/v1/feeds", 405), ("POST", "/sante", 405)):
        with RawClient(server.effective_port) as charlie:
            charlie.begin(method, path, {"Content-Length": str(MEGABYTES_400), **key})
            assert charlie.answer().status == status, path


def test_a_page_lets_in_whoever_is_signed_in(server: WebServer) -> None:
    """A visitor without a session is led to the door before they have uploaded anything."""
    with RawClient(server.effective_port) as nobody:
        nobody.begin("POST", "/factures/ajouter", {"Content-Length": str(40 << 20)})
        answer = nobody.answer()
        assert (answer.status, answer.headers["Location"].partition("?")[0]) == (303, "/connexion")


def test_who_has_a_key_is_let_in(server: WebServer, key: dict[str, str], store: Store) -> None:
    for n, (size, way) in enumerate(product([0, 10, IN_MEMORY, IN_MEMORY + 1, 3 << 20], ["length", "chunked", "1.0"])):
        content = b"%010d" % n + b"x" * (size - 10) if size else b""
        answer = send(server, key, content, way)
        assert answer.status == (202 if size else 400), (size, way)
        assert not size or store.blobs.read(hashlib.sha256(content).hexdigest()) == content
    assert not list(store.incoming.glob("*"))


def send(server: WebServer, headers: dict[str, str], content: bytes, way: str) -> RawAnswer:
    """Send a feed with its length, in two chunks, or as HTTP/1.0; returns the answer."""
    frame = {"Transfer-Encoding": "chunked"} if way == "chunked" else {"Content-Length": str(len(content))}
    with RawClient(server.effective_port) as charlie:
        charlie.begin("POST", "/v1/feeds?name=mars.xml", headers | frame, "1.0" if way == "1.0" else "1.1")
        if way == "chunked":
            halves = [content[: len(content) // 2], content[len(content) // 2 :]]
            content = b"".join(b"%x\r\n%b\r\n" % (len(half), half) for half in halves if half) + b"0\r\n\r\n"
        charlie.send(content)
        return charlie.answer()


def test_a_client_that_waits_is_told_to_go_on_once_its_key_was_seen(server: WebServer, key: dict[str, str]) -> None:
    with RawClient(server.effective_port) as charlie:
        for n in range(2):  # on one connection
            charlie.begin("POST", "/v1/feeds", {"Content-Length": "11", **key, **CONTINUE})
            assert charlie.answer().status == 100
            charlie.send(b"<Invoice/>%d" % n)
            assert charlie.answer().status == 202


def test_a_request_is_counted_once(server: WebServer, key: dict[str, str]) -> None:
    """It is looked at before its body is read, and again with it."""
    left = []
    with RawClient(server.effective_port) as charlie:
        for n in range(2):
            charlie.begin("POST", "/v1/feeds", {"Content-Length": "11", **key, **CONTINUE})
            assert charlie.answer().status == 100
            charlie.send(b"<Invoice/>%d" % n)
            left.append(charlie.answer().headers["RateLimit"])
    assert [each.partition(";t=")[0] for each in left] == ['"key";r=5999', '"key";r=5998']


def test_a_body_on_disk_becomes_the_blob_and_is_written_once(
    server: WebServer, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[bool] = []

    def watched(file: object, path: Path) -> bool:
        named.append(name_file(file, path))
        return named[-1]

    monkeypatch.setattr(blob_store, "name_file", watched)
    assert send(server, key, b"y" * (1 << 20), "length").status == 202
    assert named == [True]


def test_an_endless_chunked_body_is_refused_where_it_becomes_too_large(server: WebServer, key: dict[str, str]) -> None:
    with RawClient(server.effective_port) as charlie:
        charlie.begin("PUT", "/v1/accounts/CL-1", {"Transfer-Encoding": "chunked", **key})
        charlie.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n" + b"1\r\ny\r\n")
        assert charlie.answer().problem["status"] == 413


def test_one_issuer_has_so_many_bodies_under_way_and_others_theirs(
    server: WebServer, keys: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_guard, "OF_ONE", 1)
    lumiere, eaux = keys
    announced = {"Content-Length": "1000"} | CONTINUE
    first, second, other, again = (RawClient(server.effective_port) for _ in range(4))
    with first, second, other, again:
        first.begin("POST", "/v1/feeds", announced | lumiere)
        assert first.answer().status == 100
        second.begin("POST", "/v1/feeds", announced | lumiere)
        refused = second.answer()
        assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
        other.begin("POST", "/v1/feeds", announced | eaux)
        assert other.answer().status == 100
        first.send(b"z" * 1000)
        assert first.answer().status == 202
        again.begin("POST", "/v1/feeds", announced | lumiere)
        assert again.answer().status == 100


def test_an_unclear_length_is_refused(server: WebServer, key: dict[str, str]) -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    unclear = [{"Content-Length": length} for length in ("9" * 5000, "5, 6", "-5")]
    unclear += [{"Transfer-Encoding": "gzip"}, {"Content-Length": "5"} | chunked]
    for headers, version in [*((each, "1.1") for each in unclear), (chunked, "1.0")]:
        with RawClient(server.effective_port) as mallory:
            mallory.begin("POST", "/v1/feeds", {**headers, **key}, version)
            assert mallory.answer().status in {400, 501}, headers


def test_a_request_whose_twin_is_under_way_is_told_to_wait(server: WebServer, keys: list[dict[str, str]]) -> None:
    lumiere, eaux = keys
    named = {"Content-Length": "1000", "Idempotency-Key": "march"} | CONTINUE
    with RawClient(server.effective_port) as first, RawClient(server.effective_port) as twin:
        first.begin("POST", "/v1/feeds", named | lumiere)
        assert first.answer().status == 100
        twin.begin("POST", "/v1/feeds", named | lumiere)
        assert twin.answer().problem["type"].endswith("/request-under-way")
        with RawClient(server.effective_port) as other:
            other.begin("POST", "/v1/feeds", named | eaux)
            assert other.answer().status == 100
        first.send(b"z" * 1000)
        assert first.answer().status == 202
