"""How likely an account's bills are to stay unread: points added up, each with its reason. Pure.

Decided by what the account did with its bills, never by who its holders are: a test names what must not come in.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from bill import Reason
from bill.frozen_struct import FrozenStruct


class ReadingHistory(FrozenStruct, frozen=True):
    """What became of an account's bills without paper, of the last year or so, as of a day.

    *shown*: how many were shown on line. *last_read*: the day on which a holder last saw one for the first time.
    *unread_in_row*: how many of the latest were posted unread, one after the other; bills that still wait for their
    reader are passed over. *bounces*: messages about them that came back. *without_paper_since*: the day of the
    consent.
    """

    shown: int = 0
    last_read: date | None = None
    unread_in_row: int = 0
    bounces: int = 0
    without_paper_since: date | None = None


class RiskSign(msgspec.Struct, frozen=True):
    """A sign that was found: its points, and the reason with its values."""

    points: int
    reason: Reason


class Risk(msgspec.Struct, frozen=True):
    """The signs that were found. *is_at_risk*: they reach the limit, so that a letter is not kept waiting."""

    signs: tuple[RiskSign, ...]
    is_at_risk: bool

    @property
    def score(self) -> int:
        """The points of all signs."""
        return sum(sign.points for sign in self.signs)


class RiskWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `risk_weights.toml`."""

    at_risk_from: int
    points: dict[str, int]
    limits: dict[str, int]


#: Relationships whose letters are not kept waiting, whatever the score.
WATCHED: Final = frozenset({"AT_RISK", "DIGITAL_TRIAL"})


def risk_of(
    history: ReadingHistory, channels: int, relationship: str, today: date, weights: RiskWeights | None = None
) -> Risk:
    """Return the risk of an account whose holders are reached by so many *channels*, as of *today*."""
    weights = weights or risk_weights()
    found = _signs(history, channels, relationship, today, weights)
    signs = tuple(RiskSign(weights.points[name] * times, reason) for name, times, reason in found)
    score = sum(sign.points for sign in signs)
    return Risk(signs, relationship in WATCHED or score >= weights.at_risk_from)


def _signs(
    history: ReadingHistory, channels: int, relationship: str, today: date, weights: RiskWeights
) -> list[tuple[str, int, Reason]]:
    """Return each sign that was found: its name in the table, how many times it counts, and the reason."""
    limits, found = weights.limits, list[tuple[str, int, Reason]]()
    if unread := history.unread_in_row:
        times = min(unread, limits["most_unread_points"] // max(weights.points["unread_in_row"], 1))
        found.append(("unread_in_row", times, Reason.of("risk_unread_in_row", bills_unread=unread)))
    if history.last_read is None and unread:
        found.append(("never_read", 1, Reason.of("risk_never_read", bills_shown=history.shown)))
    elif history.last_read and (days := (today - history.last_read).days) > limits["lately_days"]:
        found.append(("not_read_lately", 1, Reason.of("risk_not_read_lately", days=days)))
    if history.bounces:
        found.append(("bounced", 1, Reason.of("risk_bounced", messages=history.bounces)))
    if channels == 1:
        found.append(("one_channel", 1, Reason("risk_one_channel")))
    since = history.without_paper_since
    if since and (days := (today - since).days) < limits["new_days"]:
        found.append(("new", 1, Reason.of("risk_new", days=max(days, 0))))
    if relationship == "DIGITAL_TRIAL":
        found.append(("trial", 1, Reason("risk_trial")))
    return found


@cache
def risk_weights() -> RiskWeights:
    """The table as kept beside this file."""
    content = (Path(__file__).parent / "risk_weights.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), RiskWeights)
