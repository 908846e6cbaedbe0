"""The page that asks who the visitor is before something sensitive, and leads back to where they were.

The guard leads here (`portal.access.route_policy`). A form that was sent is not sent again by itself: the page says so,
and leads back to the form's page.
"""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.rate_limiting import guessed_right
from portal.access.recent_proof import note_proof
from portal.form_input import going, typed_password
from portal.second_factors.audience_pages import front, page
from portal.translation import say
from store.accounts.consumer import Consumer
from store.staff_member import Staff

pages = Blueprint("confirm_identity", __name__)


@pages.get("/confirmer-identite")
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/confirmer-identite/mot-de-passe")
def by_password() -> ResponseReturnValue:
    if not password_hash.is_password(_me().password_hash, typed_password("password")):
        return _page(error=say("Ce n’est pas votre mot de passe.")), 422
    return _lead_back()


def _lead_back() -> ResponseReturnValue:
    """Note the proof, and lead to the page that the visitor was on its way to."""
    guessed_right()
    note_proof()
    if _is_of_form():
        flash(say("Merci. Rien n’a encore été envoyé : validez de nouveau ce que vous demandiez."))
    return redirect(going(front()), 303)


def _me() -> Consumer | Staff:
    known = current_user.signed_in_user()
    assert known is not None
    return known.staff or app_context.reading().get_one(Consumer, current_user.consumer_id())


def _is_of_form() -> bool:
    """Returns whether the visitor had sent a form."""
    return request.values.get("formulaire") == "1"


def _page(error: str | None = None) -> str:
    return page("confirm_identity.html", error=error, onwards=going(""), is_of_form=_is_of_form())
