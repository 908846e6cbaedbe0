"""The campaigns of the visitor's issuers: listed, one with its wave and the accounts behind each figure, and what is
decided about it. Who wrote one does not approve it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.campaigns.campaign_draft import CampaignRefused
from adoption.campaigns.campaign_life import approve_campaign, refuse_campaign, stop_campaign, submit_campaign
from adoption.campaigns.levers import LEVER_TERMS, OCCASION_NAMES
from adoption.campaigns.wordings import WORDINGS
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.campaigns.campaign_words import (
    INVITATIONS,
    STATES,
    left_out_words,
    segment_lines,
    shown_words,
)
from portal.operators.campaigns.wave_chart import wave_chart, weeks_of
from portal.presenters.csv_export import csv_response
from portal.public_id_converter import row_of
from portal.row_id import LARGEST
from portal.translation import language, say
from store.accounts.customer_account import CustomerAccount, accounts_by_id
from store.campaigns.campaign import Campaign, campaigns_of, locked_campaign
from store.campaigns.campaign_invitation import CampaignInvitation, listed_invitations
from store.campaigns.campaign_wave import invitations_by_state, left_out_by_reason, wave_by_day, wave_of_arms
from words.reason_text import reason_text

pages = Blueprint("campaigns", __name__, url_prefix="/equipe/campagnes")

A_PAGE: Final = 30
#: Rows of a list that are read at a time for its CSV, and how often at most.
_TOGETHER: Final = 500
_MOST_PARTS: Final = 4000
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


@pages.get("/<row(campaign):campaign_id>/comptes")
def accounts(campaign_id: int) -> ResponseReturnValue:
    """The accounts behind a figure, each with the reason for which it was invited or was not."""
    session = app_context.reading()
    campaign = campaign_in_scope(session, campaign_id)
    state = request.args.get("etat", "")
    states = [state] if state in INVITATIONS else []
    before = row_of(request.args.get("avant", ""), "cursor") or LARGEST
    found = listed_invitations(session, campaign.id, states, before, A_PAGE + 1)
    shown = found[:A_PAGE]
    chosen = state if states else None
    older = None
    if len(found) > A_PAGE:
        older = url_for(".accounts", campaign_id=campaign.id, etat=chosen, avant=shown[-1].id)
    return render_template(
        "operators/campaigns/campaign_accounts.html", campaign=campaign, rows=_with_accounts(session, shown),
        older=older, state=chosen or "", states=INVITATIONS, counts=invitations_by_state(session, campaign.id),
        wordings=WORDINGS,
    )  # fmt: skip


@pages.get("/<row(campaign):campaign_id>/comptes.csv")
def accounts_csv(campaign_id: int) -> ResponseReturnValue:
    """The same list as a file, whole."""
    campaign = campaign_in_scope(app_context.reading(), campaign_id)
    head = [say("Contrat"), say("Client"), say("État"), say("Pourquoi"), say("Version"), say("Choisi le"),
            say("Partie le"), say("Page ouverte le"), say("Réclamé le"), say("Sans papier le")]  # fmt: skip
    answer = Response(stream_with_context(csv_response(head, _cells(campaign.id))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=campagne.csv"
    return answer


def campaign_in_scope(session: Session, campaign_id: int) -> Campaign:
    """Returns the campaign if it is of an issuer in the visitor's scope; else aborts with 404."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        abort(404)
    staff_scope.check(found.issuer_id)
    return found


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
        left_out=[(left_out_words(code), number) for code, number in left_out], states=INVITATIONS, error=error,
        is_author=current_user.staff().email == campaign.author,
    )  # fmt: skip


def _with_accounts(
    session: Session, rows: list[CampaignInvitation]
) -> list[tuple[CampaignInvitation, CustomerAccount]]:  # fmt: skip
    found = accounts_by_id(session, {each.account_id for each in rows})
    return [(each, found[each.account_id]) for each in rows]


def _cells(campaign_id: int) -> Iterator[list[Cell]]:
    """The rows of the file. The list is read some hundreds at a time, each with a session of its own: the request is
    over by then, and the language of its words is asked now."""
    store, into, calendar = app_context.store(), language(), app_context.calendar()
    words = {state: say(name) for state, (name, _) in INVITATIONS.items()}

    def rows() -> Iterator[list[Cell]]:
        before = LARGEST
        for _ in range(_MOST_PARTS):
            with store.reading() as session:
                found = _with_accounts(session, listed_invitations(session, campaign_id, [], before, _TOGETHER))
            for each, account in found:
                moments = (each.chosen_at, each.sent_at, each.opened_at, each.claimed_at, each.paperless_at)
                yield [
                    account.number, account.holder, words[each.state],
                    reason_text(each.reason.code, each.reason.values, into), each.arm,
                    *("" if at is None else calendar.day_of(at).isoformat() for at in moments),
                ]  # fmt: skip
            if len(found) < _TOGETHER:
                return
            before = found[-1][0].id

    return rows()
