"""What is asked of a provider of SMS, and what each of its answers means."""

import logging
import socket
from decimal import Decimal

import pytest

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.sms.http_sms_provider import HttpSmsProvider
from delivery.channels.sms.sms_provider import Sms, SmsSettings
from tests.delivery.channels.sms.sms_server import SmsServer

SMS = Sms(to="+33612345678", text="Lumière : 84,30 €", reference="d7-abc")


def test_one_post_with_the_key_as_a_bearer_token(server: SmsServer, provider: HttpSmsProvider) -> None:
    receipt = provider.send(SMS)
    assert server.asked == [
        {
            "to": "+33612345678", "text": "Lumière : 84,30 €", "reference": "d7-abc", "sender": "Facteur",
            "callback": "https://facteur.example/v1/hooks/sms",
        }
    ]  # fmt: skip
    [headers] = server.headers
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer a/key", "d7-abc")
    assert "a%2Fkey" not in headers["Host"]
    assert (receipt.provider_id, receipt.segments, receipt.cost) == ("m-1", 1, Decimal("0.0450"))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"OK", b"[]", b'{"id": null}', b"\xff", b'{"price": "NaN", "segments": -3}', b'{"price": 1e40}',
        b'{"x": ' + b"[" * 9_999,
    ],
    ids=lambda body: body[:20],
)  # fmt: skip
def test_an_answer_that_tells_nothing_is_a_receipt_all_the_same(
    server: SmsServer, provider: HttpSmsProvider, body: bytes
) -> None:
    server.body = body
    receipt = provider.send(SMS)
    assert (receipt.provider_id, receipt.segments, receipt.cost) == ("", 0, None)


NUMBER, TEXT = b'{"error": {"field": "to", "message": "unknown number"}}', b'{"error": {"field": "text"}}'


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, NUMBER, "refused"),
        (404, b"", "down"),
        (422, NUMBER, "refused"),
        (410, NUMBER, "refused"),
        (400, TEXT, "later"),
        (400, b"to: unknown number", "later"),
        (413, b"", "later"),
        (401, NUMBER, "down"),
        (402, b"", "down"),
        (403, b"", "down"),
        (302, b"", "down"),
        (408, b"", "busy"),
        (429, NUMBER, "busy"),
        (500, NUMBER, "busy"),
        (503, b"", "down"),
        (502, b"", "in_doubt"),
        (504, b"", "in_doubt"),
    ],
)
def test_what_an_answer_means(
    server: SmsServer, provider: HttpSmsProvider, status: int, body: bytes, kind: str
) -> None:  # fmt: skip
    server.status, server.body = status, body
    with pytest.raises(DeliveryError) as refused:
        provider.send(SMS)
    assert refused.value.kind == kind
    assert refused.value.permanent == (kind == "refused")
    assert str(refused.value).startswith(str(status))
    assert len(server.asked) == 1  # no redirect is followed, and nothing is repeated


@pytest.mark.parametrize("manner", ["hang", "drop"])
def test_no_answer_leaves_it_in_doubt(server: SmsServer, provider: HttpSmsProvider, manner: str) -> None:
    server.manner = manner
    with pytest.raises(DeliveryError) as refused:
        provider.send(SMS)
    assert refused.value.kind == "in_doubt"


def test_who_is_not_reached_is_down_and_the_key_is_told_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        for url in (f"http://s3cret@127.0.0.1:{port}/", f"https://s3cret@127.0.0.1:{port}/", "https://s3cret@a..b/"):
            provider = HttpSmsProvider(SmsSettings(url=url, sender="F", callback=""), connect_seconds=1)
            with pytest.raises(DeliveryError) as refused:
                provider.send(SMS)
            assert refused.value.kind == "down"
            assert "s3cret" not in str(refused.value)
    assert "s3cret" not in caplog.text


def test_a_certificate_is_verified(server: SmsServer) -> None:
    url = server.url.replace("http://", "https://key@")
    with pytest.raises(DeliveryError) as refused:
        HttpSmsProvider(SmsSettings(url=url, sender="F", callback=""), 1, 1).send(SMS)
    assert refused.value.kind == "down"
