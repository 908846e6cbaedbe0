"""The client: an issuer's program on one side, its feeds, bills, customers and payments on the other."""

from types import TracebackType
from typing import Self

import httpx

from facteur.client.accounts import Accounts
from facteur.client.adoption import Adoption
from facteur.client.bills import Bills
from facteur.client.connection import Connection
from facteur.client.enquiries import Enquiries
from facteur.client.events import Events
from facteur.client.feeds import Feeds
from facteur.client.payments import Payments
from facteur.client.test_side import TestSide
from facteur.client.webhook_endpoints import WebhookEndpoints


class FacteurClient:
    """What an issuer's key opens. *url* is the service's address, *timeout* the seconds that an answer may be silent;
    *transport* carries requests, where a program has a way of its own. Close it, or use `with`; several threads may
    share one."""

    def __init__(
        self, url: str, key: str, *, timeout: float = 60.0, transport: httpx.BaseTransport | None = None
    ) -> None:  # fmt: skip
        self.connection = Connection(url, key, timeout=timeout, transport=transport)
        self.feeds = Feeds(self.connection)
        self.bills = Bills(self.connection)
        self.accounts = Accounts(self.connection)
        self.enquiries = Enquiries(self.connection)
        self.payments = Payments(self.connection)
        self.adoption = Adoption(self.connection)
        self.events = Events(self.connection)
        self.webhook_endpoints = WebhookEndpoints(self.connection)
        self.test_side = TestSide(self.connection)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.close()
