"""The form that writes a campaign's draft: whom, when, by which lever, with which of our wordings, and how much."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adoption.campaigns.campaign_draft import CampaignDraft, CampaignRefused, check_word_of_issuer, write_campaign
from adoption.campaigns.levers import LEVER_TERMS, OCCASION_NAMES
from adoption.campaigns.pressure_cap import CAP_DAYS, CAP_YEAR
from adoption.campaigns.wordings import WORDINGS
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.campaigns.campaign_words import ACCOUNT_STATES, CHANNELS
from portal.public_id_converter import row_of
from portal.translation import language, say
from store.campaigns.campaign import CampaignSegment, Lever, Occasion
from store.issuer import Issuer

pages = Blueprint("campaign_form", __name__, url_prefix="/equipe/campagnes/nouvelle")

#: Fields of one line, with what each has to begin with.
_FIELDS: Final = {
    "name": "", "lever": "email", "occasion": "any_day", "departments": "", "channel": "", "tenure_months": "0",
    "starts_on": "", "ends_on": "", "most_invitations": "1000", "budget": "100", "unit_cost": "", "paper_code": "",
    "cap_days": str(CAP_DAYS), "cap_year": str(CAP_YEAR),
}  # fmt: skip
_SEVERAL: Final = ("wordings", "states")
_LONGEST: Final = 200
_DIGITS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@pages.get("")
def ask() -> ResponseReturnValue:
    form: dict[str, Any] = dict(_FIELDS) | {"wordings": [], "states": [], "starts_on": app_context.today().isoformat()}
    return _page(form)


@pages.post("")
def write() -> ResponseReturnValue:
    """Keep the draft; nobody is invited before its author submits it and somebody else approves it."""
    form: dict[str, Any] = {name: form_value(name, _LONGEST) for name in _FIELDS}
    form |= {name: request.form.getlist(name) for name in _SEVERAL}
    issuer = _issuer()
    if form["lever"] not in LEVER_TERMS or form["occasion"] not in OCCASION_NAMES or form["channel"] not in CHANNELS:
        abort(400)
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


def _page(form: dict[str, Any], error: str = "") -> str:
    return render_template(
        "operators/campaigns/campaign_form.html", form=form, error=error, issuers=staff_scope.issuers(),
        issuer=form_value("issuer", 40), levers=LEVER_TERMS, occasions=OCCASION_NAMES, wordings=WORDINGS,
        account_states=ACCOUNT_STATES, channels=CHANNELS, cap_days=CAP_DAYS, cap_year=CAP_YEAR,
    )  # fmt: skip
