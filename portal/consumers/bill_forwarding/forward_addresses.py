"""The page of the addresses that a person's new bills are forwarded to: name one, end one."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.bill_forwarding.ask_forward import AskRefused, ask_forward
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import accounts_of
from store.accounts.email_address import NoAddress, NotForEveryServer, kept_form
from store.bill_forwarding.forward_address import MOST_FORWARDS, ForwardAddress, end_forward, forwards_of
from store.bill_forwarding.forwarded_bill import forward_counts
from store.issuer import issuers_by_id
from words.catalogue import N_

pages = Blueprint("forward_addresses", __name__)

_REFUSED: Final[dict[AskRefused, str]] = {
    "known": N_("Cette adresse reçoit déjà ces factures, ou nous lui avons déjà demandé."),
    "asked_too_often": N_("Nous avons déjà écrit plusieurs fois aujourd’hui. Recommencez demain."),
    "not_held": N_("Choisissez un de vos contrats."),
}


@pages.get("/transfert")
def show() -> ResponseReturnValue:
    return _page("")


@pages.post("/transfert")
def ask() -> ResponseReturnValue:
    """Ask an address whether it wants these bills; nothing goes there before it has agreed."""
    typed = form_value("email", 254)
    try:
        email = kept_form(typed, may_be_reserved=app_context.config().has_dev_inbox)
    except NotForEveryServer:
        return _page(typed, say("Cette adresse a des lettres accentuées avant le @ : donnez-en une sans accents."))
    except NoAddress:
        return _page(typed, say("Écrivez une adresse de courriel, comme comptable@exemple.fr."))
    chosen = form_value("account", 40)
    account_id = None if chosen in {"", "all"} else row_of(chosen, "account") or 0
    with app_context.store().writing() as session:
        asked = ask_forward(session, current_user.consumer_id(), account_id, email, app_context.now())
    if not isinstance(asked, ForwardAddress):
        return _page(typed, _why_refused(asked))
    app_context.store().wake_up.send()
    flash(say("Nous écrivons à {address}. Vos factures y partiront quand cette adresse aura accepté.", address=email))
    return redirect(url_for("forward_addresses.show"), 303)


@pages.post("/transfert/<row(forward):forward_id>/fin")
def end(forward_id: int) -> ResponseReturnValue:
    """Send nothing to this address any more. Ending it twice is as once."""
    me = current_user.consumer_id()
    with app_context.store().writing() as session:
        forward = session.get(ForwardAddress, forward_id)
        if forward is None or forward.consumer_id != me:
            abort(404)
        end_forward(session, forward_id, "owner", app_context.now(), f"consumer {me}")
    flash(say("C’est fait : plus rien ne part à cette adresse."), "good")
    return redirect(url_for("forward_addresses.show"), 303)


def _why_refused(why: AskRefused) -> str:
    if why == "too_many":
        return say(
            "Vous avez déjà {n} adresse : retirez-en une d’abord."
            "|Vous avez déjà {n} adresses : retirez-en une d’abord.",
            n=MOST_FORWARDS,
        )
    return say(_REFUSED[why])


def _page(typed: str, error: str = "") -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer_id()
    forwards, accounts = forwards_of(session, me), accounts_of(session, me)
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts})
    page = render_template(
        "consumers/bill_forwarding/forward_addresses.html", forwards=forwards, typed=typed, error=error,
        chosen=request.form.get("account", "all"), counts=forward_counts(session, [each.id for each in forwards]),
        contracts={each.id: (issuers[each.issuer_id], each) for each in accounts},
    )  # fmt: skip
    return page, 422 if error else 200
