"""The mail of a campaign's invitation did not arrive, or was unwanted: nobody is invited by that address any more. What
brings bills goes on."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from bill import Reason
from store.campaigns.campaign_invitation import CampaignInvitation, change_invitation
from store.campaigns.stopped_contact import StopReason, stop_invitations
from store.job import Job

#: The jobs whose mails are invitations (`adoption.campaigns`): their reader may have no account here.
INVITATION_MAILS: Final = frozenset({"invite_by_mail"})


def invitation_came_back(session: Session, job: Job, why: StopReason, now: datetime) -> bool:
    """Record it. Returns False if all of that was known."""
    invitation = session.get(CampaignInvitation, job.particulars["invitation_id"])
    if invitation is None:
        return False
    if why == "came_back":
        change_invitation(session, invitation.id, ["sent"], "failed", reason=Reason("invitation_contact_failed"))
    return stop_invitations(session, invitation.account_id, invitation.contact_digest, why, now)
