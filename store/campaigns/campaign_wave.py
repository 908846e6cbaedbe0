"""What became of a campaign's invitations, counted by day: the wave of each arm, and what it was left at."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.household_arm import HOLDOUT

#: The steps of a wave, in their order.
STEPS = ("invited", "opened", "claimed", "paperless")


class WaveCounts(NamedTuple):
    """How many were invited (or held out), opened the page, claimed their account, and went paperless."""

    invited: int = 0
    opened: int = 0
    claimed: int = 0
    paperless: int = 0


def wave_by_day(session: Session, campaign_id: int, *, is_holdout: bool) -> dict[date, WaveCounts]:
    """How many did each step on each day (UTC): of those who were invited, or who were held out."""
    counted: dict[date, Counter[str]] = defaultdict(Counter)
    for step, column in _steps(is_holdout=is_holdout):
        arm = CampaignInvitation.arm == HOLDOUT if is_holdout else CampaignInvitation.arm != HOLDOUT
        sent = literal(True) if is_holdout else CampaignInvitation.state.in_(["sent", "in_doubt"])
        query = (
            select(func.date(column), func.count())
            .where(CampaignInvitation.campaign_id == campaign_id, arm, sent, column.is_not(None))
            .group_by(func.date(column))
        )
        for day, number in session.execute(query):
            counted[_as_date(day)][step] += number
    return {day: WaveCounts(**counted[day]) for day in sorted(counted)}


def _steps(*, is_holdout: bool) -> Iterator[tuple[str, InstrumentedAttribute[object]]]:
    began = CampaignInvitation.chosen_at if is_holdout else CampaignInvitation.sent_at
    columns = (began, CampaignInvitation.opened_at, CampaignInvitation.claimed_at, CampaignInvitation.paperless_at)
    yield from zip(STEPS, columns, strict=True)


def _as_date(day: date | str) -> date:
    """SQLite tells a day as text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def wave_of_arms(session: Session, campaign_id: int) -> dict[str, WaveCounts]:
    """The whole of each arm's wave, by arm; `holdout` is one."""
    began = case((CampaignInvitation.arm == HOLDOUT, CampaignInvitation.chosen_at), else_=CampaignInvitation.sent_at)
    query = (
        select(
            CampaignInvitation.arm, func.count(began), func.count(CampaignInvitation.opened_at),
            func.count(CampaignInvitation.claimed_at), func.count(CampaignInvitation.paperless_at),
        )
        .where(CampaignInvitation.campaign_id == campaign_id)
        .where(CampaignInvitation.state.in_(["sent", "in_doubt", "held_out"]))
        .group_by(CampaignInvitation.arm)
    )  # fmt: skip
    return {arm: WaveCounts(*counts) for arm, *counts in session.execute(query)}


def invitations_by_state(session: Session, campaign_id: int) -> dict[str, int]:
    """How many accounts of a campaign are in each state."""
    query = select(CampaignInvitation.state, func.count()).where(CampaignInvitation.campaign_id == campaign_id)
    return dict(session.execute(query.group_by(CampaignInvitation.state)).tuples().all())


def left_out_by_reason(session: Session, campaign_id: int) -> dict[str, int]:
    """How many accounts were left out for each reason, by its code."""
    query = select(CampaignInvitation.reason_code, func.count()).where(
        CampaignInvitation.campaign_id == campaign_id, CampaignInvitation.state == "left_out"
    )
    return dict(session.execute(query.group_by(CampaignInvitation.reason_code)).tuples().all())
