"""How often one API key may ask, and how its program is told (draft-ietf-httpapi-ratelimit-headers).

Each process takes a share of a key's allowance at a time from the count that all processes have, so that a request
writes nothing as long as the share lasts.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final, NamedTuple

from flask import Flask, Response, abort, after_this_request, current_app, request

from portal import app_context
from portal.web_server.body_admission import ADMITTED
from store.issuer_keys.issuer_key import IssuerKey
from store.rate_limit import Rate, take_several

#: What a key may ask: so many requests at once, and then a hundred a second.
KEY_RATE: Final = Rate(6000, 60)
#: What part of a rate a process takes at a time, and how long it keeps it: a key that asks seldom costs one write a
#: minute.
SHARES: Final = 100
KEPT_FOR: Final = timedelta(minutes=1)
#: The policy's name in both headers.
_POLICY: Final = '"key"'


class _Share(NamedTuple):
    """What a process has of a key's allowance: *left* of it here, *elsewhere* what others may still take."""

    left: int
    elsewhere: int
    until: datetime


class KeyAllowances:
    """The shares of one process, by key."""

    def __init__(self, rate: Rate = KEY_RATE) -> None:
        self.rate = rate
        self._lock = Lock()
        self._shares: dict[int, _Share] = {}

    def spend(self, key_id: int, now: datetime) -> tuple[int, int]:
        """Count one request. Returns how many are left, and 0; or 0 and the seconds until there is one again."""
        with self._lock:
            share = self._shares.get(key_id)
            if share is None or not share.left or share.until <= now:
                share, wait = self._taken(key_id, now)
                if wait:
                    return 0, wait
            self._shares[key_id] = share = share._replace(left=share.left - 1)
            return share.left + share.elsewhere, 0

    def left(self, key_id: int) -> int:
        """Returns how many requests are left, as far as this process knows."""
        with self._lock:
            share = self._shares.get(key_id)
        return self.rate.most if share is None else share.left + share.elsewhere

    def _taken(self, key_id: int, now: datetime) -> tuple[_Share, int]:
        """Take a share from the common count, or a single request where a share is not to be had."""
        with app_context.store().writing() as session:
            for number in (max(1, self.rate.most // SHARES), 1):
                wait, elsewhere = take_several(session, f"api key {key_id}", self.rate, number, now)
                if not wait:
                    return _Share(number, elsewhere, now + KEPT_FOR), 0
        return _Share(0, 0, now), wait


def install(app: Flask, rate: Rate = KEY_RATE) -> None:
    """Give this process its shares."""
    app.extensions["key_allowances"] = KeyAllowances(rate)


def spend_allowance(key: IssuerKey) -> None:
    """Count a request of this key, and tell what is left of its allowance. Aborts with 429 where nothing is.

    A request whose body came after its headers was counted before its body was let in, and is not counted again.
    """
    allowances: KeyAllowances = current_app.extensions["key_allowances"]
    rate = allowances.rate
    if request.environ.get(ADMITTED):
        left, wait = allowances.left(key.id), 0
    else:
        left, wait = allowances.spend(key.id, app_context.now())
    full_again = wait or -(-(rate.most - left) * rate.interval // 1000)

    def tell(response: Response) -> Response:
        response.headers["RateLimit-Policy"] = f"{_POLICY};q={rate.most};w={rate.seconds}"
        response.headers["RateLimit"] = f"{_POLICY};r={left};t={full_again}"
        return response

    after_this_request(tell)
    if wait:
        abort(429, f"this key has asked {rate.most} times: wait {wait} seconds", retry_after=wait)
