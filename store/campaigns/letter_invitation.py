"""Invitations that go with a letter: each is bound to the first letter that leaves, and a letter that is made twice has
the same one."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.campaigns.campaign import ON_PAPER, Campaign, Lever
from store.campaigns.campaign_invitation import CampaignInvitation
from store.delivery import Delivery


class LetterInvitation(NamedTuple):
    """What a letter bears: the version of its line, by which lever, and the code of the envelope or the insert."""

    wording: str
    lever: Lever
    paper_code: str


def bind_to_letters(session: Session, batch_id: int) -> int:
    """Let the letters of a print batch, which are fixed now, bear the invitations that wait for their accounts: one a
    letter, with the account's first. Returns how many."""
    first = (
        select(func.min(CampaignInvitation.id), func.min(Delivery.id))
        .join(Campaign, Campaign.id == CampaignInvitation.campaign_id)
        .join(BillRow, BillRow.account_id == CampaignInvitation.account_id)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(Campaign.state == "running", Campaign.lever.in_(ON_PAPER), CampaignInvitation.state == "planned")
        .where(CampaignInvitation.delivery_id.is_(None))
        .where(Delivery.batch_id == batch_id, Delivery.state == "attempting", Delivery.purpose == "print")
        .group_by(CampaignInvitation.account_id)
    )
    pairs = [row._tuple() for row in session.execute(first)] if _are_running(session) else []
    for invitation_id, delivery_id in pairs:
        mine = (CampaignInvitation.id == invitation_id, CampaignInvitation.state == "planned")
        session.execute(update(CampaignInvitation).where(*mine).values(delivery_id=delivery_id))
    return len(pairs)


def _are_running(session: Session) -> bool:
    living = (Campaign.state == "running", Campaign.lever.in_(ON_PAPER))
    return session.scalar(select(Campaign.id).where(*living).limit(1)) is not None


def letter_invitations(session: Session, delivery_ids: Collection[int]) -> dict[int, LetterInvitation]:
    """The invitations of these letters, by delivery id."""
    query = (
        select(CampaignInvitation.delivery_id, CampaignInvitation.arm, Campaign.lever, Campaign.paper_code)
        .join(Campaign, Campaign.id == CampaignInvitation.campaign_id)
        .where(CampaignInvitation.delivery_id.in_(delivery_ids))
    )
    return {
        each: LetterInvitation(wording, lever, code)
        for each, wording, lever, code in session.execute(query)
        if each is not None
    }


def letters_left(session: Session, batch_id: int, now: datetime) -> None:
    """Record that the letters of a batch that were sent left with their invitations."""
    sent = select(Delivery.id).where(Delivery.batch_id == batch_id, Delivery.state == "sent")
    mine = (CampaignInvitation.delivery_id.in_(sent), CampaignInvitation.state == "planned")
    session.execute(
        update(CampaignInvitation).where(*mine).values(state="sent", sent_at=now),
        execution_options={"synchronize_session": False},
    )
