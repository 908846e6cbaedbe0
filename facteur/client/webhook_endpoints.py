"""Endpoints of an issuer: where it is told of events, and what came of each message."""

from collections.abc import Sequence
from urllib.parse import quote

from facteur.client.api_types import (
    DeliveriesPage,
    DeliveryState,
    EndpointReport,
    EndpointsPage,
    NewEndpoint,
    NewSecret,
    ReplayedEvents,
    SentTest,
    WebhookDeliveryReport,
)
from facteur.client.connection import VERSION, Connection


class WebhookEndpoints:
    """`/webhook-endpoints`. What makes something new each time is never sent twice by itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> list[EndpointReport]:
        """Returns all endpoints."""
        return self._connection.ask(EndpointsPage, "GET", f"{VERSION}/webhook-endpoints").endpoints

    def get(self, endpoint: str) -> EndpointReport:
        """Returns one endpoint."""
        return self._connection.ask(EndpointReport, "GET", _path(endpoint))

    def add(self, url: str, types: Sequence[str] = ()) -> NewEndpoint:
        """Register a URL, for these types of events or for all. Its `secret` is shown this once."""
        body = {"url": url, "types": list(types)}
        return self._connection.ask(NewEndpoint, "POST", f"{VERSION}/webhook-endpoints", body=body, again=False)

    def change(
        self, endpoint: str, *, url: str | None = None, types: Sequence[str] | None = None, enabled: bool | None = None
    ) -> EndpointReport:
        """Change what is said; all else stays."""
        state = {True: "enabled", False: "disabled", None: None}[enabled]
        said = {"url": url, "types": None if types is None else list(types), "state": state}
        body = {name: value for name, value in said.items() if value is not None}
        return self._connection.ask(EndpointReport, "PATCH", _path(endpoint), body=body)

    def rotate_secret(self, endpoint: str) -> str:
        """Returns a new secret, shown this once; the old one signs beside it for 24 hours."""
        return self._connection.ask(NewSecret, "POST", f"{_path(endpoint)}/secret", again=False).secret

    def test(self, endpoint: str) -> str:
        """Have a test message sent. Returns its event's id."""
        return self._connection.ask(SentTest, "POST", f"{_path(endpoint)}/test", again=False).event

    def deliveries(self, endpoint: str, state: DeliveryState | None = None) -> Sequence[WebhookDeliveryReport]:
        """Returns the latest 200 messages with their attempts."""
        query = {"state": state, "limit": 200}
        return self._connection.ask(DeliveriesPage, "GET", f"{_path(endpoint)}/deliveries", query=query).deliveries

    def replay(
        self, endpoint: str, *, event: str | None = None, after: int | None = None, until: int | None = None
    ) -> int:
        """Have an event sent again, or those of a span of sequences, or without either what was given up. Returns how
        many."""
        said = {"event": event, "after": after, "until": until}
        body: dict[str, object] = {name: value for name, value in said.items() if value is not None}
        return self._connection.ask(
            ReplayedEvents, "POST", f"{_path(endpoint)}/replay", body=body or {"failed": True}
        ).events  # fmt: skip


def _path(endpoint: str) -> str:
    return f"{VERSION}/webhook-endpoints/{quote(endpoint, safe='')}"
