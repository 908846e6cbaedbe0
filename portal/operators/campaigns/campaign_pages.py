"""The campaigns of the visitor's issuers: listed, one with its wave, and what is decided about it. Who wrote one does
not approve it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.campaigns.campaign_draft import CampaignRefused
from adoption.campaigns.campaign_life import approve_campaign, refuse_campaign, stop_campaign, submit_campaign
from adoption.campaigns.levers import LEVER_TERMS, OCCASION_NAMES
from adoption.campaigns.wordings import WORDINGS
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.campaigns.asked_invitations import WORD_OF, group_of
from portal.operators.campaigns.campaign_in_scope import campaign_in_scope, is_changed_by
from portal.operators.campaigns.campaign_words import (
    INVITATIONS,
    STATES,
    left_out_words,
    segment_lines,
    shown_words,
)
from portal.operators.campaigns.wave_chart import wave_chart, weeks_of
from portal.public_id_converter import row_of
from portal.row_id import LARGEST
from portal.translation import language, say
from store.campaigns.campaign import Campaign, campaigns_of, locked_campaign
from store.campaigns.campaign_wave import invitations_by_state, left_out_by_reason, wave_by_day, wave_of_arms

pages = Blueprint("campaigns", __name__, url_prefix="/equipe/campagnes")

A_PAGE: Final = 30
Decide = Callable[[Session, Campaign, str, str, datetime], None]

#: What may be decided, by the words of the address.
DECISIONS: Final[dict[str, tuple[Decide, str]]] = {
    "soumettre": (lambda s, c, by, _, now: submit_campaign(s, c, by, now), "submitted"),
    "approuver": (lambda s, c, by, _, now: approve_campaign(s, c, by, now), "approved"),
    "refuser": (refuse_campaign, "refused"),
    "arreter": (stop_campaign, "stopped"),
}


@pages.get("")
def show_all() -> ResponseReturnValue:
    """The campaigns, newest first."""
    before = row_of(request.args.get("avant", ""), "cursor") or LARGEST
    found = campaigns_of(app_context.reading(), staff_scope.issuer_id(), before, A_PAGE + 1)
    shown = found[:A_PAGE]
    older = url_for(".show_all", avant=shown[-1].id) if len(found) > A_PAGE else None
    return render_template(
        "operators/campaigns/campaigns.html", campaigns=shown, older=older, issuers=staff_scope.issuers(),
        states=STATES, levers=LEVER_TERMS,
    )  # fmt: skip


@pages.get("/<row(campaign):campaign_id>")
def show(campaign_id: int) -> ResponseReturnValue:
    """One campaign: what it is, what is decided about it, its wave."""
    return _page(campaign_in_scope(app_context.reading(), campaign_id))


@pages.post("/<row(campaign):campaign_id>")
def decide(campaign_id: int) -> ResponseReturnValue:
    """Submit, approve, refuse or stop it."""
    campaign_in_scope(app_context.reading(), campaign_id)
    act, _ = DECISIONS.get(form_value("decision", 20)) or abort(400)
    try:
        with app_context.store().writing() as writing:
            campaign = locked_campaign(writing, campaign_id)
            act(writing, campaign, current_user.staff().email, form_value("words"), app_context.now())
    except CampaignRefused as error:
        return _page(campaign_in_scope(app_context.reading(), campaign_id), error.spelled(language())), 422
    flash(say("C’est noté, avec votre nom."), "good")
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


def _page(campaign: Campaign, error: str = "") -> str:
    session, issuer = app_context.reading(), staff_scope.issuer(campaign.issuer_id)
    weeks = weeks_of(
        wave_by_day(session, campaign.id, is_holdout=False), wave_by_day(session, campaign.id, is_holdout=True)
    )
    left_out = sorted(left_out_by_reason(session, campaign.id).items(), key=lambda each: -each[1])
    return render_template(
        "operators/campaigns/campaign.html", campaign=campaign, issuer=issuer,
        state=STATES[campaign.state], lever=LEVER_TERMS[campaign.lever], occasion=OCCASION_NAMES[campaign.occasion],
        words=[(WORDINGS[each].name, shown_words(campaign.lever, WORDINGS[each], issuer.name))
               for each in campaign.wordings if each in WORDINGS],
        segment=list(segment_lines(campaign.segment)), arms=wave_of_arms(session, campaign.id), names=WORDINGS,
        counts=invitations_by_state(session, campaign.id), weeks=weeks, chart=wave_chart(weeks),
        left_out=[(code, left_out_words(code), number) for code, number in left_out], states=INVITATIONS,
        words_of_states=WORD_OF, group_of=group_of, error=error,
        is_author=current_user.staff().email == campaign.author,
        is_changed=is_changed_by(campaign, current_user.staff().email),
    )  # fmt: skip
