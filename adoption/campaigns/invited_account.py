"""What an account was invited by, and which invitation a claim followed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from store.campaigns.campaign_invitation import FOLLOWED_WITHIN, CampaignInvitation, invitations_to


def invitations_of(session: Session, account_id: int) -> list[CampaignInvitation]:
    """The invitations of an account that reached somebody, or may have, oldest first."""
    return invitations_to(session, [account_id])


def followed_invitations(
    session: Session, claims: Collection[tuple[int, datetime]]
) -> dict[tuple[int, datetime], CampaignInvitation]:
    """Of claims (account and moment) those that followed an invitation: the last one of the `FOLLOWED_WITHIN`
    before."""
    found: dict[tuple[int, datetime], CampaignInvitation] = {}
    by_account: dict[int, list[datetime]] = {}
    for account_id, at in claims:
        by_account.setdefault(account_id, []).append(at)
    for invitation in invitations_to(session, by_account):  # oldest first: the last one stays
        sent_at = invitation.sent_at
        for at in by_account[invitation.account_id]:
            if sent_at is not None and sent_at < at <= sent_at + FOLLOWED_WITHIN:
                found[invitation.account_id, at] = invitation
    return found
