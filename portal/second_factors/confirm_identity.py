"""The page that asks who the visitor is before something sensitive, and leads back to where they were.

The guard leads here (`portal.access.route_guard`). A form that was sent is not sent again by itself: the page says so,
and leads back to the form's page. Who has a second factor proves it by that one: a password alone may be stolen.
"""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from portal.access import password_hash
from portal.access.rate_limiting import guessed_right
from portal.access.recent_proof import note_proof
from portal.form_input import form_value, going, typed_password
from portal.second_factors.audience_pages import front, me, page
from portal.second_factors.factor_proof import factors_of, is_code_of
from portal.second_factors.passkey_ceremony import PasskeyRefused, proved_passkey, refusal_words, typed_answer
from portal.translation import say
from store.sign_in.factor_owner import FactorOwner

pages = Blueprint("confirm_identity", __name__)


@pages.get("/confirmer-identite")
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/confirmer-identite/mot-de-passe")
def by_password() -> ResponseReturnValue:
    if factors_of(me()).is_any:
        return _page(), 422
    if not password_hash.is_password(me().password_hash, typed_password("password")):
        return _page(error=say("Ce n’est pas votre mot de passe.")), 422
    return lead_back()


@pages.post("/confirmer-identite/code")
def by_code() -> ResponseReturnValue:
    if not is_code_of(me(), form_value("code", 40)):
        return _page(error=say("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.")), 422
    return lead_back()


@pages.post("/confirmer-identite/cle")
def by_passkey() -> ResponseReturnValue:
    try:
        is_mine = proved_passkey(typed_answer()).owner == FactorOwner.of(me())
    except PasskeyRefused as refusal:
        return _page(refusal_words(is_copied=refusal.is_copied)), 422
    return lead_back() if is_mine else (_page(refusal_words(is_copied=False)), 422)


def lead_back() -> ResponseReturnValue:
    """Note the proof, and lead to the page that the visitor was on its way to."""
    guessed_right()
    note_proof()
    if _is_of_form():
        flash(say("Merci. Rien n’a encore été envoyé : validez de nouveau ce que vous demandiez."))
    return redirect(going(front()), 303)


def _is_of_form() -> bool:
    """Returns whether the visitor had sent a form."""
    return request.values.get("formulaire") == "1"


def _page(error: str | None = None) -> str:
    return page(
        "confirm_identity.html",
        error=error,
        onwards=going(""),
        is_of_form=_is_of_form(),
        factors=factors_of(me()),
        email=me().email,
    )
