"""What moves a campaign from state to state: its author submits it, somebody else approves or refuses it, the calendar
begins and ends it, anybody who may write campaigns stops it."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from adoption.campaigns.campaign_draft import CampaignRefused, check_word_of_issuer
from bill import Reason
from store.campaigns.campaign import Campaign, CampaignState
from store.campaigns.campaign_invitation import CampaignInvitation
from store.db.state_change import change_state
from store.issuer import Issuer

#: Longer words of a person are refused.
LONGEST_WORDS: Final = 500


def submit_campaign(session: Session, campaign: Campaign, by: str, now: datetime) -> None:
    """Ask somebody else to approve a draft. Raises CampaignRefused where it is none, or its issuer has not given the
    word that its lever needs."""
    check_word_of_issuer(session.get_one(Issuer, campaign.issuer_id), campaign.lever)
    _change(session, campaign, ["draft"], "submitted", now, by)


def approve_campaign(session: Session, campaign: Campaign, by: str, now: datetime) -> None:
    """Let it begin on its day. Raises CampaignRefused where it is not submitted, or *by* is its author."""
    check_word_of_issuer(session.get_one(Issuer, campaign.issuer_id), campaign.lever)
    _decide(session, campaign, "approved", by, "", now)


def refuse_campaign(session: Session, campaign: Campaign, by: str, words: str, now: datetime) -> None:
    """It never begins. Raises CampaignRefused where it is not submitted, *by* is its author, or no reason is given."""
    _decide(session, campaign, "refused", by, _given(words), now)


def stop_campaign(session: Session, campaign: Campaign, by: str, words: str, now: datetime) -> None:
    """Invite nobody more, at once: what was planned is cancelled. Raises CampaignRefused where it is over already, or
    no reason is given."""
    _change(
        session, campaign, ["submitted", "approved", "running"], "stopped", now, by, words=_given(words), ended_at=now
    )
    _cancel_planned(session, campaign.id, Reason("campaign_stopped"))


def follow_calendar(session: Session, campaign: Campaign, now: datetime, today: date) -> None:
    """Begin an approved campaign on its first day; end it after its last day, begun or not, and where number or budget
    is used up and nothing waits any more."""
    is_over = campaign.ends_on is not None and campaign.ends_on < today
    if campaign.state == "approved" and campaign.starts_on <= today and not is_over:
        change_state(session, Campaign, campaign.id, "approved", "running", now, began_at=now)
    elif campaign.is_living and is_over:
        if change_state(session, Campaign, campaign.id, ["approved", "running"], "ended", now, ended_at=now):
            _cancel_planned(session, campaign.id, Reason("campaign_over"))
    elif campaign.state == "running" and _is_used_up(campaign) and not _waits(session, campaign.id):
        change_state(session, Campaign, campaign.id, "running", "ended", now, ended_at=now)
    session.refresh(campaign)


def _decide(session: Session, campaign: Campaign, to: CampaignState, by: str, words: str, now: datetime) -> None:
    if by.lower() == campaign.author.lower():  # an address is one person's however it is typed
        raise CampaignRefused("who wrote a campaign does not approve it: somebody else does")
    is_another = func.lower(Campaign.author) != by.lower()
    _change(session, campaign, ["submitted"], to, now, by, is_another, words=words, decided_by=by, decided_at=now)


def _change(
    session: Session, campaign: Campaign, came_from: list[CampaignState], to: CampaignState, now: datetime, by: str,
    *conditions: Any, **also: Any,
) -> None:  # fmt: skip
    if not change_state(
        session, Campaign, campaign.id, came_from, to, now, *conditions, by=by, why=also.get("words", ""), **also
    ):
        raise CampaignRefused("the campaign is past that: look at it again")
    session.refresh(campaign)


def _given(words: str) -> str:
    words = " ".join(words.split())
    if not words:
        raise CampaignRefused("say why")
    return words[:LONGEST_WORDS]


def _cancel_planned(session: Session, campaign_id: int, why: Reason) -> None:
    """Letters that are fixed already leave as they are."""
    mine = (
        CampaignInvitation.campaign_id == campaign_id, CampaignInvitation.state == "planned",
        CampaignInvitation.delivery_id.is_(None),
    )  # fmt: skip
    session.execute(
        update(CampaignInvitation).where(*mine).values(state="cancelled", reason=why),
        execution_options={"synchronize_session": False},
    )


def _is_used_up(campaign: Campaign) -> bool:
    is_spent = campaign.unit_cost > 0 and campaign.spent + campaign.unit_cost > campaign.budget
    return campaign.invited >= campaign.most_invitations or is_spent


def _waits(session: Session, campaign_id: int) -> bool:
    mine = (
        CampaignInvitation.campaign_id == campaign_id, CampaignInvitation.state.in_(["planned", "sending"])
    )  # fmt: skip
    return bool(session.scalar(select(exists().where(*mine))))
