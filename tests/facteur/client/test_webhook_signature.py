"""Lumière's program tells our messages from others, as any other reader of Standard Webhooks does."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from facteur.client import NotGenuineError, WebhookVerifier

SECRET = "whsec_" + b64encode(b"0123456789abcdef01234567").decode()
OTHER = "whsec_" + b64encode(b"76543210fedcba9876543210").decode()
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
BODY = '{"id":"msg_1","type":"webhook.test","timestamp":"2026-03-03T09:00:00+00:00","sequence":7,"data":{}}'


def signed(secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    return {
        "Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", at, BODY),
    }  # fmt: skip


def verifier(at: float = NOW.timestamp()) -> WebhookVerifier:
    return WebhookVerifier(SECRET, now=lambda: at)


def test_a_genuine_message_is_read() -> None:
    event = verifier().read(BODY.encode(), signed())
    assert (event.type, event.sequence, event.timestamp) == ("webhook.test", 7, NOW)


def test_one_of_two_signatures_is_enough() -> None:
    """While the secret is rotated."""
    both = f"{signed(OTHER)['Webhook-Signature']} {signed()['Webhook-Signature']}"
    assert verifier().read(BODY.encode(), signed() | {"Webhook-Signature": both}).id == "msg_1"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY.replace("7", "8"), signed()), (BODY, signed(OTHER)), (BODY, {}),
        (BODY, signed() | {"Webhook-Id": "msg_2"}), (BODY, signed() | {"Webhook-Timestamp": "1"}),
        (BODY, signed() | {"Webhook-Signature": "v1,é v2,"}),
    ],
    ids=["other body", "other secret", "no headers", "other id", "other moment", "no signature"],
)  # fmt: skip
def test_anything_else_is_not(body: str, headers: dict[str, str]) -> None:
    with pytest.raises(NotGenuineError, match="no signature"):
        verifier().read(body.encode(), headers)


@pytest.mark.parametrize("late", [301, -301])
def test_what_was_kept_is_not_of_now(late: int) -> None:
    with pytest.raises(NotGenuineError, match="not of now"):
        verifier(NOW.timestamp() + late).read(BODY.encode(), signed())


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_é", "whsec_not base64"])
def test_a_secret_that_is_none(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        WebhookVerifier(secret)
