"""The page after a right password that asks for the second factor. Until then nothing is open; ten minutes later the
password is asked for again."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.access.rate_limiting import guessed_right
from portal.access.second_factor import first_factor_given
from portal.form_input import form_value
from portal.second_factors.audience_pages import audience, page
from portal.second_factors.factor_proof import factors_of, is_code_of
from portal.second_factors.passkey_ceremony import PasskeyRefused, proved_passkey, refusal_words, typed_answer
from portal.translation import say
from store.accounts.consumer import Consumer
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import waiting_removal
from store.sign_in.recovery_code import codes_left, is_like_a_code
from store.staff_member import Staff

pages = Blueprint("second_step", __name__)


@pages.get("/connexion/code")
def show() -> ResponseReturnValue:
    given = first_factor_given(audience())
    return to_password() if given is None else _page(given[0])


@pages.post("/connexion/code")
def by_code() -> ResponseReturnValue:
    """Sign in, by a code of the app or a recovery code."""
    given = first_factor_given(audience())
    if given is None:
        return to_password()
    person, onwards = given
    typed = form_value("code", 40)
    if not is_code_of(person, typed):
        return _page(person, say("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.")), 422
    entered = enter(person, onwards)
    if is_like_a_code(typed):
        with app_context.store().reading() as since:
            left = codes_left(since, FactorOwner.of(person))
        flash(say("Il vous reste {n} code de secours.|Il vous reste {n} codes de secours.", n=left), "ask")
    return entered


@pages.post("/connexion/cle-en-plus")
def by_passkey() -> ResponseReturnValue:
    """Sign in, by a passkey of the person whose password was given."""
    given = first_factor_given(audience())
    if given is None:
        return to_password()
    person, onwards = given
    try:
        is_theirs = proved_passkey(typed_answer()).owner == FactorOwner.of(person)
    except PasskeyRefused as refusal:
        return _page(person, refusal_words(is_copied=refusal.is_copied)), 422
    return enter(person, onwards) if is_theirs else (_page(person, refusal_words(is_copied=False)), 422)


def enter(person: Consumer | Staff, onwards: str) -> ResponseReturnValue:
    """The second factor was right too: begin the session. Whose factors are about to be removed is led to the page that
    says so: they are not lost."""
    guessed_right()
    current_user.sign_in(person)
    if isinstance(person, Consumer) and waiting_removal(app_context.reading(), person.id) is not None:
        return redirect(url_for("security.show"), 303)
    return redirect(onwards, 303)


def to_password() -> ResponseReturnValue:
    """Nobody has given a password here, or too long ago."""
    flash(say("Tapez d’abord votre adresse et votre mot de passe."), "ask")
    return redirect(url_for("sign_in.show" if audience() == "consumer" else "staff_sign_in.show"), 303)


def _page(person: Consumer | Staff, error: str | None = None) -> str:
    return page("second_step.html", error=error, factors=factors_of(person))
