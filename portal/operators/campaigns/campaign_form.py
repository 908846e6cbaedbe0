"""The form that writes a campaign's draft, and by which its author changes it until it is submitted: whom, when, by
which lever, with which of our wordings, and how much."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adoption.campaigns.campaign_draft import (
    CampaignDraft,
    CampaignRefused,
    change_campaign,
    check_word_of_issuer,
    write_campaign,
)
from adoption.campaigns.levers import LEVER_TERMS, OCCASION_NAMES
from adoption.campaigns.pressure_cap import CAP_DAYS, CAP_YEAR
from adoption.campaigns.wordings import WORDINGS
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.campaigns.campaign_in_scope import campaign_in_scope, is_changed_by
from portal.operators.campaigns.campaign_words import ACCOUNT_STATES, CHANNELS
from portal.public_id_converter import row_of
from portal.translation import language, say
from store.campaigns.campaign import Campaign, CampaignSegment, Lever, Occasion
from store.issuer import Issuer

pages = Blueprint("campaign_form", __name__, url_prefix="/equipe/campagnes")

#: Fields of one line, with what each has to begin with.
_FIELDS: Final = {
    "name": "", "lever": "email", "occasion": "any_day", "departments": "", "channel": "", "tenure_months": "0",
    "starts_on": "", "ends_on": "", "most_invitations": "1000", "budget": "100", "unit_cost": "", "paper_code": "",
    "cap_days": str(CAP_DAYS), "cap_year": str(CAP_YEAR),
}  # fmt: skip
_SEVERAL: Final = ("wordings", "states")
_LONGEST: Final = 200
_DIGITS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@pages.get("/nouvelle")
def ask() -> ResponseReturnValue:
    form: dict[str, Any] = dict(_FIELDS) | {"wordings": [], "states": [], "starts_on": app_context.today().isoformat()}
    return _page(form)


@pages.post("/nouvelle")
def write() -> ResponseReturnValue:
    """Keep the draft; nobody is invited before its author submits it and somebody else approves it."""
    form, issuer = _typed(), _issuer()
    try:
        draft = _draft(form)
        with app_context.store().writing() as writing:
            mine = writing.get_one(Issuer, issuer.id)
            check_word_of_issuer(mine, draft.lever)
            campaign = write_campaign(writing, mine, draft, current_user.staff().email, app_context.now())
    except CampaignRefused as error:
        return _page(form, error.spelled(language())), 422
    flash(say("Le brouillon est gardé. Relisez-le, puis soumettez-le : une autre personne l’approuve."), "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)


@pages.get("/<row(campaign):campaign_id>/modifier")
def show_draft(campaign_id: int) -> ResponseReturnValue:
    """The draft as it is written, for its author. What is past that leads to the campaign's page."""
    campaign = campaign_in_scope(app_context.reading(), campaign_id)
    if not is_changed_by(campaign, current_user.staff().email):
        return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)
    return _page(_written(campaign), campaign=campaign)


@pages.post("/<row(campaign):campaign_id>/modifier")
def change(campaign_id: int) -> ResponseReturnValue:
    """Write the draft anew."""
    campaign, form = campaign_in_scope(app_context.reading(), campaign_id), _typed()
    try:
        draft = _draft(form)
        with app_context.store().writing() as writing:
            check_word_of_issuer(writing.get_one(Issuer, campaign.issuer_id), draft.lever)
            change_campaign(writing, campaign.id, draft, current_user.staff().email, app_context.now())
    except CampaignRefused as error:
        return _page(form, error.spelled(language()), campaign), 422
    flash(say("Le brouillon est changé."), "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)


def _typed() -> dict[str, Any]:
    """What was typed. Aborts with 400 for what no form of ours offers."""
    form: dict[str, Any] = {name: form_value(name, _LONGEST) for name in _FIELDS}
    form |= {name: request.form.getlist(name) for name in _SEVERAL}
    if form["lever"] not in LEVER_TERMS or form["occasion"] not in OCCASION_NAMES or form["channel"] not in CHANNELS:
        abort(400)
    return form


def _written(campaign: Campaign) -> dict[str, Any]:
    """A draft as the form has it."""
    segment = campaign.segment
    return {
        "name": campaign.name, "lever": campaign.lever, "occasion": campaign.occasion,
        "departments": ", ".join(segment.departments), "channel": segment.channel,
        "tenure_months": str(segment.tenure_months), "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else "",
        "most_invitations": str(campaign.most_invitations), "budget": _plain(campaign.budget),
        "unit_cost": _plain(campaign.unit_cost), "paper_code": campaign.paper_code,
        "cap_days": str(campaign.cap_days), "cap_year": str(campaign.cap_year), "wordings": campaign.wordings,
        "states": list(segment.states),
    }  # fmt: skip


def _plain(amount: Decimal) -> str:
    """An amount as it is typed, with a comma and without noughts at its end."""
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _issuer() -> Issuer:
    """The issuer that is chosen, or the visitor's own."""
    mine = staff_scope.issuer_id()
    return staff_scope.issuer(mine if mine is not None else row_of(form_value("issuer", 40), "issuer") or 0)


def _draft(form: dict[str, Any]) -> CampaignDraft:
    lever = cast("Lever", form["lever"])
    unit_cost = _amount(form["unit_cost"]) if form["unit_cost"] else LEVER_TERMS[lever].unit_cost
    return CampaignDraft(
        name=form["name"], lever=lever, occasion=cast("Occasion", form["occasion"]),
        wordings=tuple(form["wordings"]),
        segment=CampaignSegment(
            states=tuple(form["states"]), departments=tuple(re.findall(r"[0-9A-Z]+", form["departments"].upper())),
            channel=form["channel"], tenure_months=_number(form["tenure_months"] or "0"),
        ),
        starts_on=_day(form["starts_on"]), ends_on=_day(form["ends_on"]) if form["ends_on"] else None,
        most_invitations=_number(form["most_invitations"]), budget=_amount(form["budget"]), unit_cost=unit_cost,
        cap_days=_number(form["cap_days"]), cap_year=_number(form["cap_year"]), paper_code=form["paper_code"],
    )  # fmt: skip


def _number(typed: str) -> int:
    digits = "".join(typed.split())
    if not _DIGITS.fullmatch(digits):
        raise CampaignRefused("write {typed} as a whole number", typed=typed or "?")
    return int(digits)


def _amount(typed: str) -> Decimal:
    try:
        return Decimal("".join(typed.split()).replace(",", "."))
    except InvalidOperation as error:
        raise CampaignRefused("write {typed} as an amount, such as 0.05", typed=typed or "?") from error


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise CampaignRefused("choose a first day") from error


def _page(form: dict[str, Any], error: str = "", campaign: Campaign | None = None) -> str:
    return render_template(
        "operators/campaigns/campaign_form.html",
        form=form, campaign=campaign, error=error, issuers=staff_scope.issuers(), issuer=form_value("issuer", 40),
        levers=LEVER_TERMS, occasions=OCCASION_NAMES, wordings=WORDINGS, account_states=ACCOUNT_STATES,
        channels=CHANNELS, cap_days=CAP_DAYS, cap_year=CAP_YEAR,
    )  # fmt: skip
