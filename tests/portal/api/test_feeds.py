"""The API of issuers' programs: dropped once, whole, by the holder of a key, and seen by nobody else."""

import base64
import hashlib
import json
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bill.json_values import PATTERN_WORDS
from config import Config
from doors.feed_drop import LARGEST_FEED
from issuers.registry import add_issuer
from pipeline.steps.read_feed import read_feed
from portal.access.route_policy import POLICY
from portal.app import make_app
from portal.problems.problem_types import PROBLEM_TYPES
from store import Store
from store.feeds.feed import Feed
from store.issuer import issuer_by_slug
from store.issuer_keys.issuer_key import new_key, revoke_keys
from store.public_id import LENGTH
from tests.conftest import Clock

DOCS = Path(__file__).parents[3] / "docs"
SAMPLES = Path(__file__).parents[2] / "amounts"

BYTES = b"<Invoice>...</Invoice>"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    app = make_app(store, config, clock)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def key(store: Store, clock: Clock) -> dict[str, str]:
    return make_key(store, clock, "eaux", "Eaux du Lac")


def make_key(store: Store, clock: Clock, slug: str, name: str) -> dict[str, str]:
    with store.writing() as session:
        return {"Authorization": f"Bearer {new_key(session, add_issuer(session, slug, name, clock()), clock())}"}


def post(client: FlaskClient, headers: dict[str, str], data: Any = BYTES, query: str = "?name=mars.xml", **kw: Any):
    kw.setdefault("content_type", "application/xml")
    return client.post(f"/v1/feeds{query}", data=data, headers=headers, **kw)


def feeds(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Feed)) or 0


def is_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem: dict[str, Any] = answer.get_json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert "Set-Cookie" not in answer.headers
    return problem


def test_a_feed_is_dropped_and_its_report_read(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    answer = post(client, key)
    assert answer.status_code == 202
    report = answer.get_json()
    assert (report["issuer"], report["file"], report["sha256"]) == ("eaux", "mars.xml", SHA256)
    assert report["state"] == "received"
    assert answer.headers["Location"] == f"/v1/feeds/{report['feed']}"
    assert "Set-Cookie" not in answer.headers
    assert client.get(answer.headers["Location"], headers=key).get_json() == report
    assert store.blobs.read(SHA256) == BYTES


def test_the_same_bytes_again_are_the_same_feed(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    first, again = post(client, key), post(client, key, query="?name=autre.xml")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.get_json() == first.get_json()
    assert again.headers["Location"] == first.headers["Location"]
    assert feeds(store) == 1


def test_a_rejected_feed_may_be_tried_again(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    feed_id = post(client, key).get_json()["feed"]
    with store.writing() as session:
        session.get_one(Feed, feed_id).state = "rejected"
    again = post(client, key)
    assert (again.status_code, again.get_json()["feed"], again.get_json()["state"]) == (202, feed_id, "received")


@pytest.mark.parametrize(
    "mimetype",
    ["application/octet-stream", "text/csv", "application/zip", "", "made/up", "application/x-www-form-urlencoded"],
)
def test_any_kind_of_bytes_may_come(client: FlaskClient, key: dict[str, str], mimetype: str) -> None:
    assert post(client, key, content_type=mimetype).get_json()["sha256"] == SHA256


def test_a_form_may_carry_the_feed(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    form = {"file": (BytesIO(BYTES), "../../mars.xml"), "more": "said"}
    answer = post(client, key, form, query="", content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["file"], answer.get_json()["sha256"]) == (202, "mars.xml", SHA256)
    empty = post(client, key, {"feed": (BytesIO(BYTES), "mars.xml")}, content_type="multipart/form-data")
    assert "`file`" in is_problem(empty, 422)["detail"]


class Line:
    """A sender's line into the server, which notes how much was asked of it at once."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)
        self.asked: list[int] = []

    def read(self, size: int = -1, /) -> bytes:
        self.asked.append(size)
        return self._content.read(size)

    def announcing(self, length: int) -> dict[str, Any]:
        return {"wsgi.input": self, "CONTENT_LENGTH": str(length)}


def test_a_large_feed_is_taken_piece_by_piece(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    content = bytes(range(256)) * 40_000
    line = Line(content)
    answer = client.post("/v1/feeds", headers=key, environ_overrides=line.announcing(len(content)))
    assert answer.get_json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert 0 < max(line.asked) <= 1 << 20


def test_a_form_larger_than_a_page_of_text_is_taken(client: FlaskClient, key: dict[str, str]) -> None:
    content = b"0123456789" * 200_000
    answer = post(client, key, {"file": (BytesIO(content), "mars.csv")}, content_type="multipart/form-data")
    assert answer.get_json()["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer fct_made-up"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}],
)
@pytest.mark.parametrize("way", ["post", "list", "show"])
def test_without_a_valid_key_nobody_enters(client: FlaskClient, store: Store, header: dict[str, str], way: str) -> None:
    answer = {
        "post": lambda: post(client, header),
        "list": lambda: client.get("/v1/feeds", headers=header),
        "show": lambda: client.get("/v1/feeds/1", headers=header),
    }[way]()
    is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert feeds(store) == 0


def test_a_revoked_key_is_a_wrong_key(client: FlaskClient, key: dict[str, str], store: Store, clock: Clock) -> None:
    wrong = post(client, {"Authorization": "Bearer fct_made-up"})
    with store.writing() as session:
        issuer = issuer_by_slug(session, "eaux")
        assert issuer is not None
        assert revoke_keys(session, issuer, clock()) == 1
    assert is_problem(post(client, key), 401) == is_problem(wrong, 401)


def test_charlie_sees_nothing_of_alice_s_feeds(
    client: FlaskClient, key: dict[str, str], store: Store, clock: Clock
) -> None:
    """Alice sends for the water, Charlie for the gas: what is not his is not there."""
    charlie = make_key(store, clock, "gaz", "Gaz de la Plaine")
    alices = post(client, key).headers["Location"]
    missing = client.get("/v1/feeds/999999", headers=charlie)
    hers = client.get(alices, headers=charlie)
    assert is_problem(hers, 404) == is_problem(missing, 404)
    for answer in (hers, missing):
        assert answer.headers.pop("RateLimit").startswith('"key";r=')  # one less each time
    assert (hers.data, sorted(hers.headers)) == (missing.data, sorted(missing.headers))
    assert client.get("/v1/feeds", headers=charlie).get_json() == {"feeds": [], "next": None}
    is_problem(client.get(f"/v1/feeds/{10**30}", headers=charlie), 404)
    his = post(client, charlie)
    assert (his.status_code, his.headers["Location"] != alices) == (202, True)


def test_an_empty_feed_is_refused(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    for answer in (
        post(client, key, b""),
        post(client, key, {"file": (BytesIO(b""), "mars.xml")}, content_type="multipart/form-data"),
    ):
        assert is_problem(answer, 400)["title"] == "Nothing came"
    assert feeds(store) == 0


def test_an_oversized_feed_is_refused_before_it_is_read(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    line = Line(b"x" * 100)
    answer = client.post("/v1/feeds", headers=key, environ_overrides=line.announcing(LARGEST_FEED + 1))
    is_problem(answer, 413)
    assert (line.asked, feeds(store)) == ([], 0)


def test_a_feed_that_breaks_off_is_not_kept(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    answer = client.post("/v1/feeds", headers=key, environ_overrides=Line(BYTES[:10]).announcing(len(BYTES)))
    is_problem(answer, 400)
    assert feeds(store) == 0
    assert not list(store.incoming.iterdir())


DIGEST = base64.b64encode(hashlib.sha256(BYTES).digest()).decode()
DIGEST_512 = base64.b64encode(hashlib.sha512(BYTES).digest()).decode()


@pytest.mark.parametrize(
    "announced",
    [
        {"Content-Digest": f"sha-256=:{DIGEST}:"},
        {"Content-Digest": f"unixsum=:AAAA:, sha-512=:{DIGEST_512}:"},
        {"X-Checksum-Sha256": SHA256.upper()},
        {"Content-Digest": f"sha-256=:{DIGEST}:", "X-Checksum-Sha256": SHA256},
    ],
)
def test_announced_bytes_are_taken(client: FlaskClient, key: dict[str, str], announced: dict[str, str]) -> None:
    assert post(client, key | announced).status_code == 202


@pytest.mark.parametrize(
    "announced",
    [
        {"Content-Digest": f"sha-256=:{base64.b64encode(bytes(32)).decode()}:"},
        {"X-Checksum-Sha256": "0" * 64},
        {"X-Checksum-Sha256": "not hex"},
        {"Content-Digest": "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP"},
        {"Content-Digest": "sha-256=:AAAA:"},
        {"Content-Digest": "sha-256=:A:"},
        {"Content-Digest": "md5=:AAAA:"},
        {"Content-Digest": f"sha-256=:{DIGEST}:", "X-Checksum-Sha256": "0" * 64},
    ],
)
def test_other_bytes_than_announced_are_refused(
    client: FlaskClient, key: dict[str, str], store: Store, announced: dict[str, str]
) -> None:
    is_problem(post(client, key | announced), 422)
    assert feeds(store) == 0
    assert not store.blobs.exists(SHA256)


def test_in_a_form_the_file_s_own_digest_counts(client: FlaskClient, key: dict[str, str]) -> None:
    def form(announced: dict[str, str]) -> TestResponse:
        data = {"file": (BytesIO(BYTES), "mars.xml")}
        return post(client, key | announced, data, content_type="multipart/form-data")

    is_problem(form({"X-Checksum-Sha256": "0" * 64}), 422)
    is_problem(form({"Content-Digest": f"sha-256=:{DIGEST}:"}), 422)
    assert form({"X-Checksum-Sha256": SHA256}).status_code == 202


def test_what_cannot_be_the_feed_itself(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    is_problem(post(client, key, content_type="multipart/related; boundary=x"), 415)
    is_problem(post(client, key | {"Content-Encoding": "gzip"}), 415)
    assert feeds(store) == 0


def test_feeds_are_listed_by_the_page(client: FlaskClient, key: dict[str, str]) -> None:
    sent = [post(client, key, b"feed %d" % each).get_json()["feed"] for each in range(5)]
    seen: list[int] = []
    following = "/v1/feeds?limit=2"
    pages = 0
    while following:
        page = client.get(following, headers=key).get_json()
        seen += [feed["feed"] for feed in page["feeds"]]
        following = page["next"]
        pages += 1
    assert (seen, pages) == (sent[::-1], 3)


def test_version_2_calls_feeds_by_public_ids(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    """The same feeds at the same doors; version 1 takes either name, and says numbers as ever."""
    numbers = [post(client, key, b"feed %d" % each).get_json()["feed"] for each in range(3)]
    names = [store.public_ids.of("feed", number) for number in numbers]
    dropped = client.post("/v2/feeds?name=mars.xml", data=b"feed 0", headers=key)
    assert dropped.get_json()["feed"] == names[0]
    assert dropped.headers["Location"] == f"/v2/feeds/{names[0]}"
    seen, following = [], "/v2/feeds?limit=2"
    while following:
        page = client.get(following, headers=key).get_json()
        seen += [feed["feed"] for feed in page["feeds"]]
        following = page["next"]
        assert not following or not re.search(r"before=[0-9]+$", following)
    assert seen == names[::-1]
    for path in (f"/v2/feeds/{names[1]}", f"/v2/feeds/{numbers[1]}"):
        assert client.get(path, headers=key).get_json()["feed"] == names[1]
    for path in (f"/v1/feeds/{names[1]}", f"/v1/feeds/{numbers[1]}"):
        assert client.get(path, headers=key).get_json()["feed"] == numbers[1]
    assert client.get(f"/v2/feeds/{names[1]}/items", headers=key).get_json() == {"items": [], "next": None}


def test_a_public_id_opens_nothing_of_others(
    client: FlaskClient, key: dict[str, str], store: Store, clock: Clock
) -> None:
    feed = post(client, key).get_json()["feed"]
    others = make_key(store, clock, "lumiere", "Lumière")
    of_another_kind = store.public_ids.of("bill", feed)
    for path in (store.public_ids.of("feed", feed), store.public_ids.of("feed", 4711), of_another_kind, "a" * 26):
        is_problem(client.get(f"/v2/feeds/{path}", headers=others), 404)
    is_problem(client.get(f"/v2/feeds/{of_another_kind}", headers=key), 404)
    is_problem(client.get(f"/v2/feeds?before={store.public_ids.of('feed', feed)}", headers=key), 400)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "before=-1", f"before={10**30}", "limit=²"])
def test_a_page_that_cannot_be(client: FlaskClient, key: dict[str, str], query: str) -> None:
    is_problem(client.get(f"/v1/feeds?{query}", headers=key), 400)


def test_what_is_not_there_is_a_problem_too(client: FlaskClient, key: dict[str, str]) -> None:
    is_problem(client.get("/v1/nothing", headers=key), 404)
    is_problem(client.delete("/v1/feeds", headers=key), 405)
    for no_id in ("mars.xml", "-1", "%E2%84%A2"):
        is_problem(client.get(f"/v2/feeds/{no_id}", headers=key), 404)


#: What providers of messages call, with the page that says how: issuers have no business there.
FOR_PROVIDERS = {"/v1/hooks/mail": DOCS / "mails.md", "/v1/hooks/sms": DOCS / "sms.md"}


@pytest.mark.parametrize(("version", "blueprint"), [("v1", "api"), ("v2", "api_2")])
def test_the_document_says_what_the_routes_do(app: Flask, client: FlaskClient, version: str, blueprint: str) -> None:
    document = client.get(f"/{version}/openapi.json").get_json()
    assert document["info"]["version"] == version[1:]
    shapes = {path: re.sub("{.*?}", "{}", path) for path in document["paths"]}
    assert len(set(shapes.values())) == len(shapes), "paths that differ in their names alone are one"
    said = {(shapes[path], method.upper()) for path, verbs in document["paths"].items() for method in verbs}
    routes = {
        (re.sub("<.*?>", "{}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"/{version}/")
        and rule.rule not in FOR_PROVIDERS
        and not rule.endpoint.startswith("api_reference.")
        and not rule.endpoint.endswith(".show_no_feed")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert said == routes
    assert {"408", "409"} <= document["paths"][f"/{version}/payments"]["post"]["responses"].keys()
    assert "304" in document["paths"][f"/{version}/bills/{{number}}/pdf"]["get"]["responses"]
    assert all(path in page.read_text("utf-8") for path, page in FOR_PROVIDERS.items())
    for verbs in document["paths"].values():
        for method, operation in verbs.items():
            line = POLICY[f"{blueprint}.{operation['operationId']}", method.upper()]
            assert (line.who == "public") == (operation.get("security") == [])


def test_the_document_says_what_is_answered(client: FlaskClient, key: dict[str, str]) -> None:
    schemas = client.get("/v1/openapi.json").get_json()["components"]["schemas"]
    report = post(client, key).get_json()
    page = client.get("/v1/feeds", headers=key).get_json()
    assert set(report) == set(schemas["FeedReport"]["properties"]) == set(schemas["FeedReport"]["required"])
    assert set(page) == set(schemas["FeedsPage"]["properties"])
    assert set(page["feeds"][0]) == set(schemas["FeedLine"]["properties"]) == set(schemas["FeedLine"]["required"])


def test_a_program_reads_what_is_due_now(client: FlaskClient, key: dict[str, str], store: Store, clock: Clock) -> None:
    """The amount stays as sent; `due_now` is what is asked today, after the credit note that came later."""
    schemas = client.get("/v1/openapi.json").get_json()["components"]["schemas"]
    feeds = []
    for name in ("b1-to-be-credited.xml", "b2-credits-b1.xml", "three-instalments.xml"):
        feeds.append(post(client, key, (SAMPLES / name).read_bytes(), f"?name={name}").get_json()["feed"])
        assert read_feed(store, clock())
    [[bill], [credit], [parts]] = [
        client.get(f"/v1/feeds/{feed}/items", headers=key).get_json()["items"] for feed in feeds
    ]
    assert set(bill) == set(schemas["ItemReport"]["properties"]) == set(schemas["ItemReport"]["required"])
    assert set(bill["due_now"]) == set(schemas["DueNow"]["properties"]) == set(schemas["DueNow"]["required"])
    assert (bill["amount"], bill["due_now"]["kind"], bill["due_now"]["amount"]) == ("120.00", "credited", "0.00")
    assert bill["due_now"]["by"] == [{"number": "B-2", "type_code": "381"}]
    assert (credit["due_now"]["kind"], credit["due_now"]["in_favour"]) == ("credit", "120.00")
    assert (parts["due_now"]["amount"], parts["due_now"]["due"], parts["due_now"]["left"]) == (
        "40.00", "2026-11-30", "120.00",
    )  # fmt: skip
    assert [each["due"] for each in parts["due_now"]["instalments"]] == ["2026-11-30", "2026-12-31", "2027-01-31"]


def test_a_problem_is_of_a_type_that_the_document_tells(client: FlaskClient, key: dict[str, str]) -> None:
    responses = client.get("/v1/openapi.json").get_json()["paths"]["/v1/feeds"]["post"]["responses"]
    for answer in (post(client, key, b""), post(client, key | {"X-Checksum-Sha256": "0" * 64})):
        problem = is_problem(answer, answer.status_code)
        said = responses[str(answer.status_code)]
        assert PROBLEM_TYPES[problem["type"].rpartition("/")[2]].means in said["description"]
        assert "Nothing was stored" in said["description"]


def declared(store: Store, answer: TestResponse) -> list[tuple[int | None, dict[str, Decimal]]]:
    with store.reading() as session:
        totals = session.get_one(Feed, answer.get_json()["feed"]).control_totals
    return [(each.count, each.sums) for each in totals]


def test_control_totals_come_in_the_query(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    answer = post(client, key, query="?name=mars.xml&count=3&sum=EUR%3D98.40&sum=CHF:12")
    assert answer.status_code == 202
    assert declared(store, answer) == [(3, {"EUR": Decimal("98.40"), "CHF": Decimal(12)})]


def test_control_totals_come_in_the_form(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    form = {"file": (BytesIO(BYTES), "mars.xml"), "count": "3", "sum": ["EUR=98,40"]}
    answer = client.post("/v1/feeds", data=form, headers=key, content_type="multipart/form-data")
    assert declared(store, answer) == [(3, {"EUR": Decimal("98.40")})]


@pytest.mark.parametrize("query", ["?count=many", "?count=-1", "?sum=98.40", "?sum=EUR%3D1&sum=EUR%3D2"])
def test_control_totals_that_cannot_be_read_are_a_problem(
    client: FlaskClient, key: dict[str, str], store: Store, query: str
) -> None:
    is_problem(post(client, key, query=query), 400)
    assert feeds(store) == 0


def test_a_feed_is_put_as_curl_puts_it(client: FlaskClient, key: dict[str, str], store: Store) -> None:
    by_query = client.put("/v1/feeds?name=mars.xml", data=BYTES, headers=key)
    by_path = client.put("/v1/feeds/mars%20bis.xml", data=b"<Invoice/>", headers=key)
    assert (by_query.status_code, by_path.status_code) == (202, 202)
    assert (by_query.get_json()["file"], by_path.get_json()["file"]) == ("mars.xml", "mars bis.xml")
    assert by_path.headers["Location"].startswith("/v1/feeds/")
    assert post(client, key).status_code == 200, "the same bytes are the same feed, whichever way"
    assert client.put("/v2/feeds/avril.xml", data=b"<a/>", headers=key).status_code == 202


@pytest.mark.parametrize("header", ["Content-Digest", "X-Checksum-Sha256"])
def test_an_empty_checksum_is_a_mistake(client: FlaskClient, key: dict[str, str], store: Store, header: str) -> None:
    assert is_problem(post(client, {**key, header: ""}), 422)["type"].endswith("/checksum")
    assert feeds(store) == 0


def test_a_request_under_its_key_is_answered_again(
    client: FlaskClient, key: dict[str, str], store: Store, clock: Clock
) -> None:
    first = post(client, {**key, "Idempotency-Key": '"march 7"'})
    again = post(client, {**key, "Idempotency-Key": '"march 7"'})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.get_json() == first.get_json()
    for query, data in (("?name=mars.xml", b"other"), ("?name=avril.xml", BYTES), ("?name=mars.xml&count=3", BYTES)):
        refused = post(client, {**key, "Idempotency-Key": '"march 7"'}, data, query)
        assert is_problem(refused, 422)["type"].endswith("/other-content"), query
    other = make_key(store, clock, "lumiere", "Lumière")
    assert post(client, {**other, "Idempotency-Key": '"march 7"'}, b"other").status_code == 202, "theirs is their own"
    assert feeds(store) == 2
    clock.forward(days=31)
    assert post(client, {**key, "Idempotency-Key": '"march 7"'}, b"other").status_code == 202, "it was kept for 30 days"


def test_what_does_not_match_is_told_in_words(client: FlaskClient, key: dict[str, str]) -> None:
    """Nobody reads a regular expression, and each pattern that the API reads has its words."""
    post(client, key)
    for query, words in (
        ("/v1/feeds/1/items?outcome=", "outcome: expected one of bill, duplicate, conflict, rejected, waiting"),
        ("/v1/payments?outcome=paid", "outcome: expected one of matched, "),
        ("/v1/enquiries?state=shut", "state: expected one of open, answered, closed"),
        ("/v1/bills?amount=1e3", "amount: expected an amount, such as 12.50"),
        ("/v1/bills?after=first", "after: expected what `next` of the same list has"),
    ):
        assert is_problem(client.get(query, headers=key), 400)["detail"].startswith(words), query
    told = is_problem(post(client, key, query="?sum=EUR=1234567890123456"), 400)["detail"]
    assert told.startswith("sum[0]: expected a currency and its amount")
    assert client.get("/v1/feeds?before=0", headers=key).get_json()["feeds"] == [], "none is older than the first"
    document = client.get("/v2/openapi.json").text
    patterns = set(re.findall(r'"pattern":\s*("(?:[^"\\]|\\.)*")', document))
    ids = {f"^{before}[a-z2-7]{{{LENGTH}}}$" for before in ("", "msg_")}
    assert {json.loads(each) for each in patterns} - PATTERN_WORDS.keys() == ids


@pytest.mark.parametrize("written", ["", '""', '"half', "two words", "k" * 256, "é"])
def test_a_malformed_idempotency_key_is_refused(client: FlaskClient, key: dict[str, str], written: str) -> None:
    said = is_problem(post(client, {**key, "Idempotency-Key": written}), 400)["detail"]
    assert said.startswith("Idempotency-Key: expected 1 to "), said
    assert "regex" not in said


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("limit=1&limit=2", "is there 2 times"),
        ("changed_since=null", "null is no value"),
        ("number=%00", "NUL"),
        ("after=%00", "NUL"),
    ],
)
def test_a_parameter_that_says_nothing_is_refused(
    client: FlaskClient, key: dict[str, str], query: str, why: str
) -> None:
    """A program whose date is not set asks for `null`: it would take all bills for those that have changed."""
    answer = client.get(f"/v1/bills?{query}", headers=key)
    is_problem(answer, 400)
    assert why in answer.get_json()["detail"]
    assert client.get(f"/v1/bills?{query}").status_code == 401
