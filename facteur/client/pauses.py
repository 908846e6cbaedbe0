"""How long a program waits: after a refusal that passes, and before it asks more than it may."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from typing import Final

#: Answers after which the same request may succeed: too slow, too many, and a service that is restarted or overloaded.
PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
#: The first pause where the service names none, in seconds; each further one is twice as long, up to the longest.
FIRST: Final = 0.5
LONGEST: Final = 30.0

_chance = SystemRandom()


def pause_before_again(tries: int, headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Returns the seconds to wait after so many tries: what `Retry-After` says (RFC 9110, 10.2.3), else a doubling
    pause of which up to half is left to chance, so that many programs do not come back at once."""
    told = headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", told):
        return float(told)
    if told:
        try:
            return max(0.0, (parsedate_to_datetime(told) - (now or datetime.now(UTC))).total_seconds())
        except (ValueError, TypeError):
            pass
    longest: float = min(LONGEST, FIRST * 2.0 ** (tries - 1))
    return longest * _chance.uniform(0.5, 1.0)


def pause_before_next(headers: Mapping[str, str]) -> float:
    """Returns the seconds until a further request is allowed, by `RateLimit` and its policy
    (draft-ietf-httpapi-ratelimit-headers): none as long as something is left, then the time in which one grows back."""
    left = re.search(r";\s*r=(\d{1,9})", headers.get("RateLimit", ""))
    if left is None or int(left[1]):
        return 0.0
    policy = dict(re.findall(r";\s*([qw])=(\d{1,9})", headers.get("RateLimit-Policy", "")))
    quota, window = int(policy.get("q", 0)), int(policy.get("w", 0))
    return window / quota if quota else 1.0
