"""What happens at an issuer's reaches its endpoints: at least once, under one id, however they answer; and nobody waits
for a slow one."""

import json
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from store.db.process_identity import this_process
from store.job import Job
from store.outbox.webhook_delivery import WebhookDelivery
from store.staff_member import Staff
from tests.webhooks.conftest import STRICT, Desk, Outside
from untrusted.endpoints.post_to_endpoint import EndpointAnswer
from webhooks.manage_endpoints import (
    EndpointRefused,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)
from webhooks.messages_under_way import MOST_TO_ONE
from webhooks.replay_events import replay_event, replay_failed, replay_span
from webhooks.retry_schedule import JITTER, MOST_ATTEMPTS, PAUSES
from webhooks.webhook_sender import WebhookSender

URL, OTHER = "https://eau.example/in", "https://gaz.example/in"


def test_an_event_is_sent_to_each_endpoint_that_wants_it(desk: Desk, outside: Outside) -> None:
    desk.happens()  # before any endpoint is there
    desk.work()
    desk.endpoint(URL)
    desk.endpoint("https://eau.example/feeds", types=("feed.held",))
    desk.endpoint(OTHER, desk.gaz)
    desk.happens(2)
    desk.work()
    assert [each.url for each in outside.sent] == [URL, URL]
    bodies = [json.loads(each.body) for each in outside.sent]
    assert [each["sequence"] for each in bodies] == [2, 3]
    assert bodies[0]["type"] == "bill.reported_paid"
    assert bodies[0]["id"] == outside.sent[0].headers["webhook-id"]
    assert bodies[0]["timestamp"] == desk.clock().isoformat()
    assert bodies[0]["data"] == {
        "account": desk.store.public_ids.of("account", 7), "account_number": "ALICE-1", "bill_number": "F-1",
    }  # fmt: skip
    assert {each.state for each in desk.deliveries()} == {"delivered"}
    assert desk.sender.turn(desk.clock()) is False


def test_pauses_grow_and_the_id_stays(desk: Desk, outside: Outside) -> None:
    desk.endpoint(URL)
    desk.happens()
    outside.answers = lambda _: EndpointAnswer(500)
    desk.work()
    for n, pause in enumerate(PAUSES, 1):
        assert len(outside.sent) == n
        desk.clock.forward(seconds=pause.total_seconds() * (1 - JITTER) - 1)
        desk.work()
        assert len(outside.sent) == n
        desk.clock.forward(seconds=pause.total_seconds() * 2 * JITTER + 2)
        desk.work()
    [delivery] = desk.deliveries()
    assert (delivery.state, delivery.attempts) == ("failed", MOST_ATTEMPTS)
    assert len(set(outside.ids())) == 1
    assert len({each.body for each in outside.sent}) == 1
    assert len({each.headers["webhook-timestamp"] for each in outside.sent}) == MOST_ATTEMPTS
    assert {(each.outcome, each.status) for each in desk.attempts()} == {("refused", 500)}


@pytest.mark.parametrize(
    "answer",
    [EndpointAnswer(404), EndpointAnswer(301), EndpointAnswer(failure="timeout"), EndpointAnswer(failure="address")],
)
def test_a_failure_is_tried_again(desk: Desk, outside: Outside, answer: EndpointAnswer) -> None:
    endpoint_id, _ = desk.endpoint(URL)
    desk.happens()
    outside.answers = lambda claimed: answer if claimed.n == 1 else EndpointAnswer(200)
    desk.work()
    assert desk.row(endpoint_id).failing_since == desk.clock()
    desk.clock.forward(seconds=6)
    desk.work()
    assert [each.state for each in desk.deliveries()] == ["delivered"]
    assert desk.row(endpoint_id).failing_since is None
    assert desk.row(endpoint_id).accepted_at == desk.clock()


def test_an_endpoint_may_ask_for_time(desk: Desk, outside: Outside) -> None:
    desk.endpoint(URL)
    desk.happens()
    outside.answers = lambda _: EndpointAnswer(429, retry_after="600")
    desk.work()
    [delivery] = desk.deliveries()
    assert delivery.due_at == desk.clock() + timedelta(minutes=10)


def test_a_pause_that_cannot_be_read_keeps_nobody_waiting(desk: Desk, outside: Outside) -> None:
    desk.endpoint(URL)
    desk.endpoint("https://gaz.example/hook", desk.gaz)
    desk.happens()
    desk.happens(issuer_id=desk.gaz)
    asked = EndpointAnswer(429, retry_after="Tue, 03 Mar 2026 09:10:00 +99999999999999999999")
    outside.answers = lambda claimed: asked if claimed.url == URL else EndpointAnswer(204)
    desk.work()
    assert [each.state for each in desk.deliveries()] == ["waiting", "delivered"]


def test_gone_is_gone(desk: Desk, outside: Outside) -> None:
    """410: nothing more is sent, the members are told, and what waited is sent when somebody enables it again."""
    endpoint_id, _ = desk.endpoint(URL)
    with desk.store.writing() as session:
        session.add(Staff(email="alice@eau.example", issuer_id=desk.eau, added_at=desk.clock()))
        session.add(Staff(email="bob@gaz.example", issuer_id=desk.gaz, added_at=desk.clock()))
    desk.happens()
    outside.answers = lambda _: EndpointAnswer(410)
    desk.work()
    assert (desk.row(endpoint_id).state, desk.row(endpoint_id).reason.code) == ("disabled", "endpoint_gone")
    with desk.store.reading() as session:
        [job] = session.query(Job).all()
        assert session.get_one(Staff, job.particulars["staff_id"]).email == "alice@eau.example"
    desk.happens(3)
    desk.clock.forward(hours=1)
    desk.work()
    assert len(outside.sent) == 1
    outside.answers = lambda _: EndpointAnswer(204)
    with desk.store.writing() as session:
        assert enable_endpoint(session, session.merge(desk.row(endpoint_id)), desk.clock(), "alice@eau.example")
    desk.work()
    assert len(outside.sent) == 5
    assert {each.state for each in desk.deliveries()} == {"delivered"}


def test_an_endpoint_that_fails_for_days_is_disabled(desk: Desk, outside: Outside) -> None:
    endpoint_id, _ = desk.endpoint(URL)
    outside.answers = lambda _: EndpointAnswer(failure="connecting")
    for _ in range(10):
        desk.happens()
        desk.work()
        assert desk.row(endpoint_id).state == "enabled"
        desk.clock.forward(hours=12)
    desk.work()
    assert (desk.row(endpoint_id).state, desk.row(endpoint_id).reason.code) == ("disabled", "endpoint_dead")


@pytest.mark.parametrize("attempts", [1, MOST_ATTEMPTS])
def test_days_without_a_message_do_not_disable_an_endpoint(desk: Desk, outside: Outside, attempts: int) -> None:
    """Whether a message failed once or for good: it is the only one in weeks, and the next one finds it enabled."""
    endpoint_id, _ = desk.endpoint(URL)
    outside.answers = lambda claimed: EndpointAnswer(500 if claimed.n <= attempts else 204)
    for _ in range(3):
        desk.happens()
        for pause in (*PAUSES, timedelta(days=10)):
            desk.work()
            desk.clock.forward(seconds=pause.total_seconds() * (1 + JITTER) + 1)
    desk.work()
    assert desk.row(endpoint_id).state == "enabled"
    since = desk.row(endpoint_id).failing_since
    assert (since is None) == (attempts == 1)
    assert since is None or desk.clock() - since < timedelta(days=15)


def test_a_hanging_endpoint_keeps_nobody_waiting(desk: Desk, outside: Outside) -> None:
    """Its few requests are under way while a thousand of another's go out."""
    desk.endpoint(URL)
    desk.endpoint(OTHER, desk.gaz)
    outside.hanging = {URL}
    desk.happens(100)
    desk.happens(200, desk.gaz)
    desk.work()
    assert len(outside.ids(OTHER)) == 200
    assert len(outside.ids(URL)) == MOST_TO_ONE


def test_all_that_fail_leave_half_to_those_that_work(desk: Desk, outside: Outside) -> None:
    urls = [f"https://eau.example/{n}" for n in range(10)] + [f"https://bois.example/{n}" for n in range(10)]
    endpoints = [desk.endpoint(url, desk.eau if "eau" in url else desk.bois)[0] for url in urls]
    outside.answers = lambda claimed: EndpointAnswer(500 if claimed.url in urls else 204)
    desk.happens()
    desk.happens(1, desk.bois)
    desk.work()
    assert all(desk.row(each).failing_since for each in endpoints)
    outside.hanging, outside.sent = set(urls), []
    desk.clock.forward(hours=1)
    desk.endpoint(OTHER, desk.gaz)
    desk.happens(50, desk.gaz)
    desk.work()
    assert len(outside.ids(OTHER)) == 50
    assert len(outside.sent) == 50 + 8


def test_issuers_take_turns(desk: Desk, outside: Outside) -> None:
    desk.endpoint(URL)
    desk.endpoint(OTHER, desk.gaz)
    desk.happens(400)
    desk.happens(4, desk.gaz)
    desk.work()
    first = Counter(each.url for each in outside.sent[:16])
    assert first[OTHER] == 4


def test_a_rotated_secret_signs_for_a_day(desk: Desk, outside: Outside) -> None:
    endpoint_id, _ = desk.endpoint(URL)
    with desk.store.writing() as session:
        rotate_secret(session, desk.store.encryptor, session.merge(desk.row(endpoint_id)), desk.clock(), "alice")
    counts = []
    for hours in (0, 23, 2):
        desk.clock.forward(hours=hours)
        desk.happens()
        desk.work()
        counts.append(len(outside.sent[-1].headers["webhook-signature"].split(" ")))
    assert counts == [2, 2, 1]


def test_a_killed_worker_s_message_goes_out_again(desk: Desk, outside: Outside) -> None:
    """Its attempt was committed, its outcome never: the message is sent under the same id, by whoever comes next."""
    desk.endpoint(URL)
    desk.happens()
    outside.hanging = {URL}
    desk.sender.turn(desk.clock())
    desk.sender.turn(desk.clock())
    [delivery] = desk.deliveries()
    assert (delivery.state, delivery.lease_owner) == ("attempting", this_process())
    outside.hanging = set()
    other = WebhookSender(desk.store, STRICT, outside)
    desk.work(other)
    assert len(outside.sent) == 1  # the lease is alive
    with desk.store.writing() as session:
        session.execute(update(WebhookDelivery).values(lease_until=0.0))
    desk.work(other)
    assert len(outside.sent) == 2
    assert len(set(outside.ids())) == 1
    assert [each.outcome for each in desk.attempts()] == ["in_doubt", "accepted"]
    outside.ended.set()  # the first answers late: its outcome changes nothing
    while desk.sender._under_way.number:
        desk.sender.turn(desk.clock())
    assert [each.outcome for each in desk.attempts()] == ["in_doubt", "accepted"]
    assert [each.state for each in desk.deliveries()] == ["delivered"]


def test_a_database_that_is_down_makes_no_second_request(
    desk: Desk, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.endpoint(URL)
    desk.happens()
    assert desk.sender.turn(desk.clock())
    writing = desk.store.writing

    def down() -> object:
        raise ConnectionError("the database is down")

    monkeypatch.setattr(desk.store, "writing", down)
    with pytest.raises(ConnectionError):
        desk.sender.turn(desk.clock())
    monkeypatch.setattr(desk.store, "writing", writing)
    desk.work()
    assert [each.state for each in desk.deliveries()] == ["delivered"]
    assert len(outside.sent) == 1


def test_a_secret_that_cannot_be_opened_waits_for_its_root(desk: Desk, outside: Outside) -> None:
    """And keeps no other endpoint waiting."""
    endpoint_id, _ = desk.endpoint(URL)
    desk.endpoint(OTHER, desk.gaz)
    with desk.store.writing() as session:
        session.connection().exec_driver_sql(
            f"UPDATE webhook_secret SET endpoint_id = endpoint_id WHERE endpoint_id = {endpoint_id}"
        )
    import store.outbox.webhook_endpoint as rows

    with desk.store.writing() as session:
        secret = session.query(rows.WebhookSecret).filter_by(endpoint_id=endpoint_id).one()
        secret.encrypted = b"\x01\xff\xff\xff\xff" + secret.encrypted[5:]
    desk.happens()
    desk.happens(1, desk.gaz)
    desk.work()
    assert [each.url for each in outside.sent] == [OTHER]


def test_replay(desk: Desk, outside: Outside) -> None:
    """One event, a span, what failed: under the same ids, from before the endpoint was there too."""
    desk.happens(5)
    desk.work()
    endpoint_id, _ = desk.endpoint(URL)
    desk.happens(5)
    desk.work()
    first = outside.ids()
    assert len(first) == 5
    event_id = desk.deliveries()[0].event_id
    for again, expected in (
        (lambda session, endpoint: replay_event(session, endpoint, event_id, desk.clock(), "alice"), 1),
        (lambda session, endpoint: replay_span(session, endpoint, 5, None, desk.clock(), "alice"), 5),
        (lambda session, endpoint: replay_span(session, endpoint, 2, 4, desk.clock(), "alice"), 2),
        (lambda session, endpoint: replay_span(session, endpoint, 0, None, desk.clock(), "alice"), 10),
        (lambda session, endpoint: replay_failed(session, endpoint, desk.clock(), "alice"), 0),
    ):
        outside.sent = []
        with desk.store.writing() as session:
            assert again(session, session.merge(desk.row(endpoint_id))) == expected
        desk.work()
        assert len(outside.sent) == expected
    with desk.store.writing() as session:
        gaz, _ = desk.endpoint(OTHER, desk.gaz), None
    with desk.store.writing() as session:
        assert not replay_event(session, session.merge(desk.row(gaz[0])), event_id, desk.clock(), "bob")
    desk.happens()
    desk.work()
    assert set(first) <= {*first, *outside.ids()}


def test_a_test_goes_to_one_endpoint(desk: Desk, outside: Outside) -> None:
    endpoint_id, _ = desk.endpoint(URL, types=("feed.held",))
    desk.endpoint("https://eau.example/2")
    with desk.store.writing() as session:
        send_test(session, session.merge(desk.row(endpoint_id)), desk.clock())
    desk.work()
    assert [(each.url, json.loads(each.body)["type"]) for each in outside.sent] == [(URL, "webhook.test")]
    with desk.store.writing() as session:
        endpoint = session.merge(desk.row(endpoint_id))
        disable_endpoint(session, endpoint, desk.clock(), "alice", "on prend congé")
        with pytest.raises(EndpointRefused):
            send_test(session, endpoint, desk.clock())


def test_what_an_endpoint_may_not_be(desk: Desk) -> None:
    endpoint_id, _ = desk.endpoint(URL)
    with pytest.raises(EndpointRefused, match="already"):
        desk.endpoint(URL)
    with pytest.raises(EndpointRefused, match="no type"):
        desk.endpoint(URL + "2", types=("bill.eaten",))
    with desk.store.writing() as session:
        endpoint = session.merge(desk.row(endpoint_id))
        change_endpoint(session, endpoint, URL, ["feed.held"], STRICT, desk.clock(), "alice")
        assert (endpoint.url, endpoint.types) == (URL, ["feed.held"])
    for n in range(9):
        desk.endpoint(f"https://eau.example/{n}")
    with pytest.raises(EndpointRefused, match="at most 10"):
        desk.endpoint("https://eau.example/more")


def test_a_worker_that_stops_records_what_was_answered(
    desk: Desk, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves what hangs to another worker, under its same id."""
    monkeypatch.setattr("webhooks.webhook_sender.STOP_SECONDS", 0.3)
    desk.endpoint(URL)
    desk.endpoint(OTHER, desk.gaz)
    outside.hanging = {URL}
    desk.happens()
    desk.happens(1, desk.gaz)
    assert desk.sender.turn(desk.clock())
    while desk.sender._answers.empty():  # the other has answered, however slow the machine is
        time.sleep(0.01)
    desk.sender.stop(desk.clock())
    assert [each.state for each in desk.deliveries()] == ["attempting", "delivered"]
