"""Two issuers with endpoints, and a sender whose requests are answered by the test."""

import threading
from collections.abc import Callable, Iterator

import pytest

from issuers.registry import add_issuer
from store import Store
from store.outbox.outbox_event import record_outbox_events
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint
from tests.conftest import Clock
from untrusted.endpoints.endpoint_url import EndpointRules
from untrusted.endpoints.post_to_endpoint import EndpointAnswer
from webhooks.claim_due_messages import ClaimedMessage
from webhooks.manage_endpoints import add_endpoint
from webhooks.webhook_sender import WebhookSender

BILL = {"account": 7, "account_number": "ALICE-1", "bill_number": "F-1"}
STRICT = EndpointRules()


class Outside:
    """Answers for all endpoints, and remembers what was sent. *hanging* URLs do not answer until the end."""

    def __init__(self) -> None:
        self.sent: list[ClaimedMessage] = []
        self.answers: Callable[[ClaimedMessage], EndpointAnswer] = lambda _: EndpointAnswer(204)
        self.hanging: set[str] = set()
        self.ended = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, claimed: ClaimedMessage) -> EndpointAnswer:
        with self._lock:
            self.sent.append(claimed)
        if claimed.url in self.hanging:
            self.ended.wait(60)
            return EndpointAnswer(failure="timeout")
        return self.answers(claimed)

    def ids(self, url: str | None = None) -> list[str]:
        return [each.message_id for each in self.sent if url is None or each.url == url]


class Desk:
    """An issuer's endpoints, events and what became of them."""

    def __init__(self, store: Store, clock: Clock, outside: Outside) -> None:
        self.store, self.clock, self.outside = store, clock, outside
        self.sender = WebhookSender(store, STRICT, outside)
        with store.writing() as session:
            added = [add_issuer(session, slug, slug.title(), clock()) for slug in ("eau", "gaz", "bois")]
            session.flush()
            self.eau, self.gaz, self.bois = (each.id for each in added)

    def endpoint(self, url: str, issuer_id: int | None = None, types: tuple[str, ...] = ()) -> tuple[int, str]:
        """Register an endpoint; its id and secret."""
        with self.store.writing() as session:
            encryptor = self.store.encryptor
            endpoint, secret = add_endpoint(
                session, encryptor, issuer_id or self.eau, url, types, STRICT, self.clock(), "alice@eau.example"
            )
            return endpoint.id, secret

    def happens(self, number: int = 1, issuer_id: int | None = None, what: str = "bill.reported_paid") -> None:
        with self.store.writing() as session:
            record_outbox_events(session, issuer_id or self.eau, what, [BILL] * number, self.clock())

    def work(self, sender: WebhookSender | None = None) -> None:
        """Take turns until nothing is due and nothing is under way, but for what hangs."""
        sender = sender or self.sender
        outside = self.outside
        while sender.turn(self.clock()) or sender._under_way.number > sum(
            each.url in outside.hanging for each in outside.sent
        ):
            pass

    def row(self, endpoint_id: int) -> WebhookEndpoint:
        with self.store.reading() as session:
            return session.get_one(WebhookEndpoint, endpoint_id)

    def deliveries(self, endpoint_id: int | None = None) -> list[WebhookDelivery]:
        with self.store.reading() as session:
            rows = session.query(WebhookDelivery).order_by(WebhookDelivery.id)
            return [each for each in rows if endpoint_id in {None, each.endpoint_id}]

    def attempts(self) -> list[WebhookAttempt]:
        with self.store.reading() as session:
            return list(session.query(WebhookAttempt).order_by(WebhookAttempt.delivery_id, WebhookAttempt.n))


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.ended.set()


@pytest.fixture
def desk(store: Store, clock: Clock, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("webhooks.webhook_sender.WAIT_SECONDS", 0.2)
    return Desk(store, clock, outside)
