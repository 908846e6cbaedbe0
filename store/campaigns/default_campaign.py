"""Campaigns whose lever is the default: for their accounts bills go without paper after a notice, though the issuer's
policy does not say so of all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation

#: A campaign that was stopped makes no account paperless any more, whoever was told.
_IN_FORCE = ("running", "ended")


def is_asked_by_campaign() -> ColumnElement[bool]:
    """SQL condition: a campaign starts the default for this account."""
    return exists().where(
        CampaignInvitation.account_id == CustomerAccount.id, CampaignInvitation.state.in_(["planned", "sent"]),
        CampaignInvitation.campaign_id == Campaign.id, Campaign.lever == "default_on", Campaign.state.in_(_IN_FORCE),
    )  # fmt: skip


def asked_by_campaign(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts for which a campaign starts the default."""
    query = select(CustomerAccount.id).where(CustomerAccount.id.in_(account_ids), is_asked_by_campaign())
    return set(session.scalars(query)) if account_ids else set()


def issuers_with_default_campaign(session: Session) -> set[int]:
    """The ids of the issuers that have such a campaign."""
    query = select(Campaign.issuer_id).where(Campaign.lever == "default_on", Campaign.state.in_(_IN_FORCE))
    return set(session.scalars(query.distinct()))


def default_notice_left(session: Session, account_id: int, now: datetime) -> None:
    """Record that the notice to a holder of this account has left: by it the campaign invites."""
    mine = (
        CampaignInvitation.account_id == account_id, CampaignInvitation.state == "planned",
        CampaignInvitation.campaign_id.in_(select(Campaign.id).where(Campaign.lever == "default_on")),
    )  # fmt: skip
    session.execute(update(CampaignInvitation).where(*mine).values(state="sent", sent_at=now))
