"""Draws the arm of each household: a tenth is never invited by any campaign. The draw is a keyed digest, so that nobody
chooses, and it is the same wherever it is made; what was drawn is kept for ever, whatever key comes after."""

import hmac
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from store.campaigns.household_arm import HOLDOUT, HouseholdArm, accounts_without_arm, drawn_arms, keep_arms
from store.vault.key_ring import HOUSEHOLD_ARMS, KeyRing

#: The share of households that is never invited.
HOLDOUT_SHARE: Final = 0.1
_BYTES: Final = 8


def draw_arms(session: Session, keys: KeyRing, now: datetime, after: int, limit: int) -> int | None:
    """Draw the arm of accounts that have none, in the order of their ids above *after*, at most *limit*. An account
    that joins a household takes the arm that this one has. Returns the last id; None when none was left."""
    waiting = accounts_without_arm(session, after, limit)
    if not waiting:
        return None
    key = keys.key(HOUSEHOLD_ARMS)
    drawn = drawn_arms(session, {household for _, household in waiting})
    arms: dict[int, tuple[int, HouseholdArm]] = {}
    for account_id, household in waiting:
        arm = drawn.setdefault(household, arm_of(key, household))
        arms[account_id] = household, arm
    keep_arms(session, arms, now)
    return waiting[-1][0]


def arm_of(key: bytes, household: int) -> HouseholdArm:
    """The arm of a household."""
    return HOLDOUT if _share(key, "holdout", household) < HOLDOUT_SHARE else "open"


def wording_of(key: bytes, campaign_id: int, household: int, wordings: list[str]) -> str:
    """Which of a campaign's wordings a household gets: each an equal share."""
    share = _share(key, f"campaign {campaign_id}", household)
    return wordings[int(share * len(wordings))]


def _share(key: bytes, what: str, household: int) -> float:
    """A number from 0 to below 1 that is this household's for this purpose."""
    digest = hmac.digest(key, f"{what} {household}".encode(), "sha256")
    return int.from_bytes(digest[:_BYTES]) / (1 << (8 * _BYTES))
