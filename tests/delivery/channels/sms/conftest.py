"""A local provider of SMS, and who sends by it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from delivery.channels.provider_health import ProviderHealth
from delivery.channels.sms.http_sms_provider import HttpSmsProvider
from delivery.channels.sms.send_due_sms import SmsRoute
from delivery.channels.sms.sms_provider import SmsSettings
from tests.delivery.channels.sms.sms_server import SmsServer, serving


@pytest.fixture
def server() -> Iterator[SmsServer]:
    with serving() as running:
        yield running


@pytest.fixture
def provider(server: SmsServer) -> Iterator[HttpSmsProvider]:
    url = server.url.replace("http://", "http://a%2Fkey@")
    settings = SmsSettings(url=url, sender="Facteur", callback="https://facteur.example/v1/hooks/sms")
    made = HttpSmsProvider(settings, connect_seconds=1, read_seconds=1)
    yield made
    made.hang_up()


@pytest.fixture
def route(provider: HttpSmsProvider) -> SmsRoute:
    return SmsRoute(provider, Decimal("0.06"), ProviderHealth())
