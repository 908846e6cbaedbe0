"""Events are kept for some time; a disabled endpoint is told of; nothing is mixed up."""

from datetime import timedelta

import pytest
from sqlalchemy import update

import webhooks.delete_old_events
from audit.run_all_checks import check
from store.outbox.outbox_event import outbox_events
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint
from tests.webhooks.conftest import Desk, Outside
from untrusted.endpoints.post_to_endpoint import EndpointAnswer
from webhooks.delete_old_events import delete_old_events
from webhooks.manage_endpoints import disable_endpoint

URL = "https://eau.example/in"


def _kept(desk: Desk) -> list[int | None]:
    with desk.store.reading() as session:
        return [each.sequence for each in outbox_events(session, desk.eau)]


def _sweep(desk: Desk) -> int:
    with desk.store.writing() as session:
        return delete_old_events(session, 30, desk.clock())


def test_old_events_go(desk: Desk, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks.delete_old_events, "_MOST", 2)
    desk.endpoint(URL)
    desk.happens(3)
    desk.work()
    desk.clock.forward(days=29)
    desk.happens()
    desk.work()
    assert _sweep(desk) == 0
    desk.clock.forward(days=2)
    assert [_sweep(desk) for _ in range(3)] == [2, 1, 0]
    assert _kept(desk) == [4]
    assert len(desk.deliveries()) == 1
    desk.happens()
    desk.work()
    assert _kept(desk) == [4, 5]  # no number is given twice
    desk.clock.forward(days=31)
    while _sweep(desk):
        pass
    assert (_kept(desk), desk.deliveries(), desk.attempts()) == ([], [], [])
    assert not any(check(desk.store, desk.clock()).invariants.values())


def test_a_disabled_endpoint_is_told_until_somebody_knows(desk: Desk, outside: Outside) -> None:
    endpoint_id, _ = desk.endpoint(URL)
    desk.happens()
    outside.answers = lambda _: EndpointAnswer(410)
    desk.work()
    broken = check(desk.store, desk.clock()).invariants
    assert broken["webhooks_disabled"] == [(endpoint_id, URL, "endpoint_gone")]
    with desk.store.writing() as session:
        endpoint = session.get_one(WebhookEndpoint, endpoint_id)
        disable_endpoint(session, endpoint, desk.clock(), "alice@eau.example", "notre serveur est arrêté")
    assert not any(check(desk.store, desk.clock()).invariants.values())


def test_what_is_wrong_is_seen(desk: Desk) -> None:
    desk.endpoint(URL)
    gaz, _ = desk.endpoint("https://gaz.example/in", desk.gaz)
    desk.happens()
    desk.work()
    with desk.store.writing() as session:
        session.execute(update(WebhookDelivery).values(endpoint_id=gaz))
        session.execute(webhooks.delete_old_events.delete(webhooks.delete_old_events.WebhookAttempt))
    broken = check(desk.store).invariants
    assert len(broken["webhooks_of_others"]) == len(broken["webhooks_without_attempt"]) == 1


def test_what_is_kept_has_no_gap(desk: Desk, outside: Outside) -> None:
    """An old event that was numbered after a younger one, or whose delivery is being tried, keeps what follows it."""
    desk.happens(3)
    desk.work()
    with desk.store.writing() as session:
        first, *_ = outbox_events(session, desk.eau)
        first.at += timedelta(days=10)
    desk.clock.forward(days=31)
    assert (_sweep(desk), _kept(desk)) == (0, [1, 2, 3])
    desk.clock.forward(days=10)
    assert (_sweep(desk), _kept(desk)) == (3, [])
