"""A campaign, for those who may see it, and whether it may be changed."""

from flask import abort
from sqlalchemy.orm import Session

from portal.access import staff_scope
from store.campaigns.campaign import Campaign


def campaign_in_scope(session: Session, campaign_id: int) -> Campaign:
    """Returns the campaign if it is of an issuer in the visitor's scope; else aborts with 404."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        abort(404)
    staff_scope.check(found.issuer_id)
    return found


def is_changed_by(campaign: Campaign, email: str) -> bool:
    """Whether this person may change it: its author, as long as it is a draft."""
    return campaign.state == "draft" and campaign.author == email
