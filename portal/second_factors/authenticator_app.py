"""Adding and removing the app that shows codes. Its first code confirms it; with the first factor come ten recovery
codes, shown once."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access.rate_limiting import guessed_right
from portal.consumers.presenters.qr_code_svg import draw
from portal.form_input import form_value
from portal.second_factors.audience_pages import me, page, there
from portal.second_factors.one_time_code import key_uri, matching_step, new_secret, spelled
from portal.second_factors.recovery_codes import codes_for_first_factor
from portal.translation import say
from render.codes import qr_code
from store.sign_in.authenticator_app import AuthenticatorApp, app_of, app_secret, begin_app, confirm_app, remove_app
from store.sign_in.authenticator_app import take_step as take
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import forget_spare_codes, tell_change

pages = Blueprint("authenticator_app", __name__)


@pages.post("/securite/application")
def begin() -> ResponseReturnValue:
    """Make the secret of a new app; one that was not confirmed is replaced."""
    store = app_context.store()
    with store.writing() as session:
        begin_app(session, store.encryptor, FactorOwner.of(me()), new_secret(), app_context.now())
    return redirect(there("authenticator_app.show"), 303)


@pages.get("/securite/application")
def show() -> ResponseReturnValue:
    """The QR code and the secret of the app that waits for its first code."""
    app = _waiting()
    return redirect(there("security.show"), 303) if app is None else _page(app)


@pages.post("/securite/application/code")
def confirm() -> ResponseReturnValue:
    """Confirm the app by its first code."""
    app, store = _waiting(), app_context.store()
    if app is None:
        return redirect(there("security.show"), 303)
    step = matching_step(app_secret(store.encryptor, app), form_value("code", 20), app_context.now())
    if step is None:
        return _page(app, say("Ce n’est pas le code de l’application. Vérifiez l’heure de votre téléphone.")), 422
    guessed_right()
    owner, codes = FactorOwner.of(me()), codes_for_first_factor(me())
    with store.writing() as session:
        is_new = take(session, app, step) and confirm_app(session, app, app_context.now())
        if is_new:
            codes.keep(session, owner, app_context.now())
            tell_change(session, owner, "authenticator app added", app_context.now())
    store.wake_up.send()
    if not is_new:
        return redirect(there("security.show"), 303)
    flash(say("Votre application de codes est prête : elle vous sera demandée après le mot de passe."), "good")
    return codes.page_or(there("security.show"))


@pages.post("/securite/application/retirer")
def remove() -> ResponseReturnValue:
    owner, store = FactorOwner.of(me()), app_context.store()
    with store.writing() as session:
        if remove_app(session, owner, app_context.now()):
            forget_spare_codes(session, owner)
            tell_change(session, owner, "authenticator app removed", app_context.now())
    store.wake_up.send()
    flash(say("L’application de codes est retirée."), "good")
    return redirect(there("security.show"), 303)


def _waiting() -> AuthenticatorApp | None:
    """Returns the visitor's app if it waits for its first code."""
    app = app_of(app_context.reading(), FactorOwner.of(me()))
    return app if app is not None and app.confirmed_at is None else None


def _page(app: AuthenticatorApp, error: str | None = None) -> str:
    secret = app_secret(app_context.store().encryptor, app)
    drawing = draw(qr_code.encode(key_uri(secret, me().email).encode()))
    return page("authenticator_app.html", drawing=drawing, secret=spelled(secret), error=error)
