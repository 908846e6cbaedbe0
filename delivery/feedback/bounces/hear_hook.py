"""Takes what a mail provider tells by the signed hook: an event as JSON, or a message as it came back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from delivery.channels.email.return_path import origin_of
from delivery.feedback.bounces.provider_mail_event import hook_key, read_mail_event
from delivery.feedback.bounces.record_mail_feedback import digest_of, hear_message, record_feedback
from store.heard_mail import HeardStanding
from store.vault.key_ring import KeyRing
from untrusted.webhook_signature import is_signed

#: Octets of a request.
MOST_HOOK_BYTES: Final = 2_000_000
JSON: Final = "application/json"
MESSAGE: Final = "message/rfc822"
SOURCE: Final = "hook"


def is_signed_by_mail_provider(secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the request is signed with this secret (Standard Webhooks), and fresh. Names of headers are in any
    case."""
    named = {name.lower(): value for name, value in headers.items()}
    return bool(secret) and is_signed(named, body, [hook_key(secret)], now)


def hear_hook(session: Session, keys: KeyRing, media_type: str, body: bytes, now: datetime) -> HeardStanding:
    """Record what the body of a signed request says. *media_type* is JSON or MESSAGE. Returns what was done; raises
    MailEventRefused for an event that cannot be read."""
    if media_type == MESSAGE:
        return hear_message(session, keys, body, SOURCE, now)
    feedback, return_path = read_mail_event(body)
    digest = digest_of(body)
    return record_feedback(session, feedback, origin_of(keys, return_path), digest, SOURCE, now)
