"""When a message that an endpoint did not take is sent again: after growing pauses, a little earlier or later each
time, so that messages that failed together do not come back together."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

#: The pause after the first attempt, the second …; after the last attempt the delivery has failed.
PAUSES: Final = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
MOST_ATTEMPTS: Final = len(PAUSES) + 1
#: Each pause is longer or shorter by at most this share.
JITTER: Final = 0.1
#: The longest pause that an endpoint may ask for.
LONGEST_ASKED: Final = timedelta(hours=24)


def next_attempt(message_id: str, attempts: int, now: datetime, retry_after: str = "") -> datetime | None:
    """When to try again after so many attempts (1 or more); None after the last. *retry_after*: the header of an answer
    429 or 503, which may make the pause longer, never shorter."""
    if attempts >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * _chance(f"{message_id} {attempts}"))
    return now + max(pause, min(_asked_pause(retry_after, now), LONGEST_ASKED))


def _chance(of: str) -> float:
    """A number from -1 to 1 that looks like chance, and is the same again for the same text."""
    return int.from_bytes(hashlib.sha256(of.encode()).digest()[:4]) / 0xFFFFFFFF * 2 - 1


def _asked_pause(text: str, now: datetime) -> timedelta:
    """The pause in a Retry-After: seconds or an HTTP date (RFC 9110 10.2.3); none if it cannot be read."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=int(text[:9]))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
