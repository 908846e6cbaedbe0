"""Draws the arm of each new household, goes on with the campaigns, and notes what became of their invitations."""

from datetime import datetime
from typing import Final

from adoption.campaigns.campaign_life import follow_calendar
from adoption.campaigns.choose_households import choose_households
from adoption.campaigns.household_arms import draw_arms
from pipeline.pipeline_context import PipelineContext
from store.campaigns.campaign import living_campaigns, locked_campaign
from store.campaigns.household_arm import accounts_without_arm
from store.campaigns.invitation_outcomes import campaigns_to_follow, note_outcomes, outcomes_to_note

#: Accounts in one transaction, and transactions of one run for each campaign: what is left goes with the next run.
_TOGETHER: Final = 250
_RUNS: Final = 200
#: Arms that are drawn in one transaction.
_DRAWN: Final = 1000


def invite_households(context: PipelineContext, now: datetime) -> int:
    """Do all three. Returns how many invitations were planned."""
    _draw(context, now)
    with context.store.reading() as session:
        campaign_ids = [each.id for each in living_campaigns(session)]
    invited = sum(_go_on(context, each, now) for each in campaign_ids)
    with context.store.reading() as session:
        followed = campaigns_to_follow(session, now)
    for campaign_id in followed:
        _follow(context, campaign_id, now)
    if invited:
        context.store.wake_up.send()
    return invited


def _follow(context: PipelineContext, campaign_id: int, now: datetime) -> None:
    """Note what became of a campaign's invitations: looked for in a reading transaction, however many they are."""
    with context.store.reading() as session:
        found = outcomes_to_note(session, campaign_id, now)
    for at in range(0, len(found), _TOGETHER):
        with context.store.writing() as session:
            note_outcomes(session, found[at : at + _TOGETHER])


def _draw(context: PipelineContext, now: datetime) -> None:
    """Draw where an arm is missing. Whether one is, is asked in a reading transaction, since all accounts are looked
    at."""
    after: int | None = 0
    with context.store.reading() as session:
        if not accounts_without_arm(session, 0, 1):
            return
    while after is not None:
        with context.store.writing() as session:
            after = draw_arms(session, context.store.keys, now, after, _DRAWN)


def _go_on(context: PipelineContext, campaign_id: int, now: datetime) -> int:
    """Begin or end the campaign as its days say, and look at the next accounts of its issuer."""
    invited = 0
    _follow_calendar(context, campaign_id, now)
    for _ in range(_RUNS):
        with context.store.writing() as session:
            chosen = choose_households(session, campaign_id, context.store.keys, now, context.calendar, _TOGETHER)
        invited += chosen.invited
        if chosen.looked_at < _TOGETHER:
            break
    _follow_calendar(context, campaign_id, now)
    return invited


def _follow_calendar(context: PipelineContext, campaign_id: int, now: datetime) -> None:
    with context.store.writing() as session:
        campaign = locked_campaign(session, campaign_id)
        follow_calendar(session, campaign, now, context.calendar.day_of(now))
