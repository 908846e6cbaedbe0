"""Closing one's space: what happens to each contract, what goes and what stays, and the button. Signing in restores it
for 30 days (`portal.access.current_user`)."""

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.leaving.close_space import TIME_TO_COME_BACK
from delivery.close_space_to_paper import close_space_to_paper
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.leaving_lists import what_goes, what_stays
from portal.translation import language, say
from store.accounts.consumer import accounts_of, holders_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer, issuers_by_id
from store.payments.debit_mandate import mandates_in_force
from words.catalogue import N_
from words.written_dates import written_date

pages = Blueprint("closed_space", __name__)

_CLOSED = N_(
    "Votre espace est fermé. Jusqu’au {day}, il suffit de vous connecter pour revenir ; ensuite, nous effaçons ce qui"
    " est à vous."
)
_ERASED = N_("Votre espace est fermé. Nous effaçons ce qui est à vous, dès que le courriel qui le confirme est parti.")


class LeftContract(NamedTuple):
    """What happens to one contract: whether others go on to see its bills, and whether a mandate ends."""

    account: CustomerAccount
    issuer: Issuer
    others: int
    has_mandate: bool


@pages.get("/profil/fermer")
def show() -> ResponseReturnValue:
    return _page("")


@pages.post("/profil/fermer")
def close() -> ResponseReturnValue:
    """Close the space, and erase its person in 30 days or at once. Whoever has left is signed out."""
    if (chosen := request.form.get("when")) not in {"later", "now"}:
        return _page(say("Choisissez ce qui vous convient."))
    at_once, now = chosen == "now", app_context.now()
    with app_context.store().writing() as session:
        close_space_to_paper(session, current_user.consumer_id(), now, at_once=at_once)
    app_context.store().wake_up.send()
    current_user.sign_out()
    last_day = app_context.calendar().day_of(now + TIME_TO_COME_BACK)
    flash(say(_ERASED) if at_once else say(_CLOSED, day=written_date(last_day, language())), "good")
    return redirect(url_for("closed_space.kept"), 303)


@pages.get("/vos-donnees")
def kept() -> ResponseReturnValue:
    """What goes when somebody leaves, and what stays by which law: for everybody."""
    return render_template("consumers/settings/closing/kept_data.html", goes=what_goes(), stays=what_stays())


def _page(error: str) -> ResponseReturnValue:
    session = app_context.reading()
    last_day = app_context.calendar().day_of(app_context.now() + TIME_TO_COME_BACK)
    page = render_template(
        "consumers/settings/closing/close_space.html",
        contracts=_contracts(session, current_user.consumer_id()),
        goes=what_goes(),
        stays=what_stays(),
        last_day=last_day,
        error=error,
    )
    return page, 422 if error else 200


def _contracts(session: Session, me: int) -> list[LeftContract]:
    accounts = accounts_of(session, me)
    issuers = issuers_by_id(session, {account.issuer_id for account in accounts})
    ids = [account.id for account in accounts]
    holders, mandates = holders_of(session, ids), mandates_in_force(session, ids)
    return [
        LeftContract(
            account,
            issuers[account.issuer_id],
            len(holders.get(account.id, [])) - 1,
            account.id in mandates and mandates[account.id].consumer_id == me,
        )
        for account in accounts
        if issuers[account.issuer_id].private_to is None
    ]
