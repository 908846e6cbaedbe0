"""Pauses grow; what failed together does not come back together; an endpoint may ask for more time, not for less."""

from datetime import UTC, datetime, timedelta

from webhooks.retry_schedule import JITTER, MOST_ATTEMPTS, PAUSES, next_attempt

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def _pause(attempts: int, retry_after: str = "", message: str = "msg_a") -> timedelta:
    at = next_attempt(message, attempts, NOW, retry_after)
    assert at is not None
    return at - NOW


def test_growing_pauses() -> None:
    for n, pause in enumerate(PAUSES, 1):
        assert pause * (1 - JITTER) <= _pause(n) <= pause * (1 + JITTER)
    assert next_attempt("msg_a", MOST_ATTEMPTS, NOW) is None
    assert len({_pause(2, message=f"msg_{n}") for n in range(100)}) == 100
    assert _pause(2) == _pause(2)


def test_retry_after() -> None:
    assert _pause(1, "120") == timedelta(minutes=2)
    assert _pause(1, " 0 ") == _pause(1, "soon") == _pause(1, "-5") == _pause(1, "٣") == _pause(1)
    assert _pause(1, "Tue, 03 Mar 2026 09:10:00 GMT") == timedelta(minutes=10)
    assert _pause(1, "Tue, 03 Mar 2020 09:10:00 GMT") == _pause(1)
    assert _pause(4, "60") == _pause(4)
    for unreadable in ("Tue, 03 Mar 2026 09:10:00 +99999999999999999999", "Tue, 03 Mar 99999999999 09:10:00 GMT"):
        assert _pause(1, unreadable) == _pause(1)
    assert _pause(1, "9" * 50) == _pause(1, "Tue, 03 Mar 2099 09:10:00 GMT") == timedelta(hours=24)
