"""What whoever got an invitation reads: what it is about, how to begin, and how to get no more. The links open nothing
of any account; a mail program may stop invitations by a POST (RFC 8058)."""

from typing import Final, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from adoption.campaigns.wordings import WORDINGS, InvitationWording
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from store.accounts.one_time_email_link import (
    CampaignLink,
    campaign_stop_link,
    read_campaign,
    read_campaign_stop,
)
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.invitation_outcomes import note_opened
from store.campaigns.stopped_contact import is_stopped, stop_invitations
from store.issuer import Issuer

pages: Final = Blueprint("campaign_invitation", __name__)


class ShownInvitation(NamedTuple):
    """An invitation, its issuer, its words, and whether its reader gets no more."""

    invitation: CampaignInvitation
    issuer: Issuer
    wording: InvitationWording
    is_stopped: bool


@pages.get("/invitation/")
@pages.get("/invitation/arreter/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return _unusable()


@pages.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the issuer offers, where to begin, and the way to the page that stops invitations, for which an SMS has no
    room. That the page was opened is kept, once."""
    keys = app_context.store().keys
    shown = _shown(read_campaign(keys, token))
    if shown is None:
        return _unusable()
    if shown.invitation.opened_at is None and request.method == "GET":
        with app_context.store().writing() as session:
            note_opened(session, shown.invitation.id, app_context.now())
    stop_token = campaign_stop_link(keys, shown.invitation.id)
    return render_template("consumers/invitations/invitation.html", shown=shown, stop_token=stop_token)


@pages.get("/invitation/arreter/<token>")
def show_stop(token: str) -> ResponseReturnValue:
    """What the button would stop."""
    shown = _shown(read_campaign_stop(app_context.store().keys, token))
    return _unusable() if shown is None else _stop_page(shown, token)


@pages.post("/invitation/arreter/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Invite no more, whoever the issuer is. What is posted is not read; doing it twice is as once."""
    link = read_campaign_stop(app_context.store().keys, token)
    shown = _shown(link)
    if shown is None:
        return _unusable()
    with app_context.store().writing() as session:
        invitation = shown.invitation
        stop_invitations(session, invitation.account_id, invitation.contact_digest, "asked", app_context.now())
    if "page" not in request.args:
        return "", 200
    stopped = _shown(link)
    return _unusable() if stopped is None else _stop_page(stopped, token)


csrf.exempt(stop)  # a mail program posts there, and nothing but the token says for whom


def _shown(link: CampaignLink | str) -> ShownInvitation | None:
    if not isinstance(link, CampaignLink):
        return None
    with app_context.store().reading() as session:
        invitation = session.get(CampaignInvitation, link.invitation_id)
        wording = WORDINGS.get(invitation.arm) if invitation is not None else None
        if invitation is None or wording is None:
            return None
        campaign = session.get_one(Campaign, invitation.campaign_id)
        issuer = session.get_one(Issuer, campaign.issuer_id)
        return ShownInvitation(
            invitation, issuer, wording, is_stopped(session, invitation.account_id, invitation.contact_digest)
        )


def _stop_page(shown: ShownInvitation, token: str) -> str:
    return render_template("consumers/invitations/stop_invitations.html", shown=shown, token=token)


def _unusable() -> ResponseReturnValue:
    return render_template("consumers/invitations/unusable_link.html"), 404
