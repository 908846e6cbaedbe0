"""What became of a campaign's invitations, counted by day: the wave of each arm, and what it was left at."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from store.campaigns.campaign_invitation import CampaignInvitation, InvitationState
from store.campaigns.household_arm import HOLDOUT

#: A step of a wave.
WaveStep = Literal["invited", "opened", "claimed", "paperless"]
#: The steps of a wave, in their order.
STEPS: Final[tuple[WaveStep, ...]] = get_args(WaveStep)
#: The states of those whom a wave counts: who was invited, and who was held out.
INVITED: Final[tuple[InvitationState, ...]] = ("sent", "in_doubt")
HELD_OUT: Final[tuple[InvitationState, ...]] = ("held_out",)
#: The states of those whom a campaign chose to invite (`Campaign.invited`), whatever became of it.
CHOSEN: Final[tuple[InvitationState, ...]] = ("planned", "sending", "sent", "failed", "in_doubt", "cancelled")


class WaveCounts(NamedTuple):
    """How many were invited (or held out), opened the page, claimed their account, and went paperless."""

    invited: int = 0
    opened: int = 0
    claimed: int = 0
    paperless: int = 0


def wave_by_day(session: Session, campaign_id: int, *, is_holdout: bool) -> dict[date, WaveCounts]:
    """How many did each step on each day (UTC): of those who were invited, or who were held out."""
    counted: dict[date, Counter[str]] = defaultdict(Counter)
    mine = CampaignInvitation.state.in_(HELD_OUT if is_holdout else INVITED)
    days = [func.date(moment_of(step)) for step in STEPS]
    query = select(*days, func.count()).where(CampaignInvitation.campaign_id == campaign_id, mine).group_by(*days)
    for *done, number in session.execute(query):
        for step, day in zip(STEPS, done, strict=True):
            if day is not None:
                counted[_as_date(day)][step] += number
    return {day: WaveCounts(**counted[day]) for day in sorted(counted)}


def moment_of(step: WaveStep) -> ColumnElement[datetime | None]:
    """SQL: when an account did this step; one that was held out begins when it was drawn, as others when their
    invitation left."""
    row = CampaignInvitation
    began = case((row.arm == HOLDOUT, row.chosen_at), else_=row.sent_at)
    moments: dict[WaveStep, ColumnElement[datetime | None]] = {
        "invited": began, "opened": row.opened_at.expression, "claimed": row.claimed_at.expression,
        "paperless": row.paperless_at.expression,
    }  # fmt: skip
    return moments[step]


def _as_date(day: date | str) -> date:
    """SQLite tells a day as text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def wave_of_arms(session: Session, campaign_id: int) -> dict[str, WaveCounts]:
    """The whole of each arm's wave, by arm; `holdout` is one."""
    query = (
        select(CampaignInvitation.arm, *(func.count(moment_of(step)) for step in STEPS))
        .where(CampaignInvitation.campaign_id == campaign_id)
        .where(CampaignInvitation.state.in_([*INVITED, *HELD_OUT]))
        .group_by(CampaignInvitation.arm)
    )
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
