"""What became of invitations: their page was opened, their account was claimed, or went without paper."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import FOLLOWED_WITHIN, CampaignInvitation

_BEGAN = func.coalesce(CampaignInvitation.sent_at, CampaignInvitation.chosen_at)
_FOLLOWED = ("sent", "in_doubt", "held_out")


def note_opened(session: Session, invitation_id: int, now: datetime) -> bool:
    """Keep that the page of an invitation was opened. Returns False if it was before."""
    mine = (CampaignInvitation.id == invitation_id, CampaignInvitation.opened_at.is_(None))
    opened = session.execute(update(CampaignInvitation).where(*mine).values(opened_at=now))
    return opened.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def campaigns_to_follow(session: Session, now: datetime) -> Sequence[int]:
    """The ids of the campaigns whose invitations may still be followed."""
    over = or_(Campaign.ended_at.is_(None), Campaign.ended_at > now - FOLLOWED_WITHIN)
    return session.scalars(select(Campaign.id).where(Campaign.began_at.is_not(None), over).order_by(Campaign.id)).all()


class InvitationOutcome(NamedTuple):
    """What became of an invitation: somebody claimed its account (*claimed*), or it went without paper; and when."""

    invitation_id: int
    step: Literal["claimed", "paperless"]
    at: datetime


def outcomes_to_note(session: Session, campaign_id: int, now: datetime) -> list[InvitationOutcome]:
    """Return the first claim and the first consent to go without paper since each invitation of a campaign, within
    `FOLLOWED_WITHIN`, that are not noted yet; of those who were held out, since they were drawn. It looks at each of
    the invitations: nobody waits for that, since it only reads."""
    mine = (
        CampaignInvitation.campaign_id == campaign_id, CampaignInvitation.state.in_(_FOLLOWED),
        now - FOLLOWED_WITHIN < _BEGAN,
    )  # fmt: skip
    claimed = _first(Enrolment.enrolled_at, Enrolment.account_id == CampaignInvitation.account_id)
    consented = _first(
        Consent.at, Consent.account_id == CampaignInvitation.account_id, Consent.act == "paperless"
    )  # fmt: skip
    found = list[InvitationOutcome]()
    steps: tuple[tuple[Literal["claimed", "paperless"], Any, Any], ...] = (
        ("claimed", CampaignInvitation.claimed_at, claimed), ("paperless", CampaignInvitation.paperless_at, consented),
    )  # fmt: skip
    for step, column, moment in steps:
        query = select(CampaignInvitation.id, moment).where(*mine, column.is_(None), moment.is_not(None))
        found += [InvitationOutcome(row_id, step, at) for row_id, at in session.execute(query)]
    return found


def note_outcomes(session: Session, outcomes: Collection[InvitationOutcome]) -> int:
    """Keep these outcomes; one that was kept meanwhile stays as it is. Returns how many rows changed."""
    changed = 0
    for each in outcomes:
        column = CampaignInvitation.claimed_at if each.step == "claimed" else CampaignInvitation.paperless_at
        mine = (CampaignInvitation.id == each.invitation_id, column.is_(None))
        done = session.execute(
            update(CampaignInvitation).where(*mine).values({column: each.at}),
            execution_options={"synchronize_session": False},
        )
        changed += done.rowcount  # type: ignore[attr-defined]
    return changed


def follow_invitations(session: Session, campaign_id: int, now: datetime) -> int:
    """Note what became of the invitations of a campaign. Returns how many rows changed."""
    return note_outcomes(session, outcomes_to_note(session, campaign_id, now))


def _first(moment: InstrumentedAttribute[datetime], *conditions: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """SQL: the first of these moments since the invitation."""
    query = select(func.min(moment)).where(*conditions, moment > _BEGAN)
    return query.correlate(CampaignInvitation).scalar_subquery()
