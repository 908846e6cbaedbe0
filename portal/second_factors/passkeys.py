"""A person's passkeys: adding, naming and removing them."""

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.form_input import form_value
from portal.presenters.device_name import device_name
from portal.second_factors.audience_pages import me, page, there
from portal.second_factors.passkey_ceremony import (
    PasskeyRefused,
    creation_options,
    made_passkey,
    offers_passkeys,
    typed_answer,
)
from portal.second_factors.recovery_codes import codes_for_first_factor
from portal.translation import say
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.passkey import (
    LONGEST_NAME,
    MOST,
    Passkey,
    add_passkey,
    passkey_by_credential,
    passkeys_of,
    remove_passkey,
    rename_passkey,
    user_handle_of,
)
from store.sign_in.second_factors import forget_spare_codes, tell_change

pages = Blueprint("passkeys", __name__)


@pages.get("/securite/cles/ajouter")
def ask() -> ResponseReturnValue:
    """The page on which the browser makes a passkey."""
    return _page()


@pages.post("/securite/cles/ajouter")
def add() -> ResponseReturnValue:
    owner, store, now = FactorOwner.of(me()), app_context.store(), app_context.now()
    try:
        made = made_passkey(typed_answer(), _typed_name())
    except PasskeyRefused:
        return _page(say("Cette clé d’accès n’a pas pu être ajoutée. Recommencez.")), 422
    codes = codes_for_first_factor(me())
    with store.writing() as session:
        if not _may_add(session, owner, made):
            return _page(say("Cette clé d’accès n’a pas pu être ajoutée. Recommencez.")), 422
        add_passkey(session, owner, made, now)
        codes.keep(session, owner, now)
        tell_change(session, owner, "passkey added", now, made.name)
    store.wake_up.send()
    flash(say("Votre clé d’accès est prête : elle ouvre votre espace sans mot de passe."), "good")
    return codes.page_or(there("security.show"))


@pages.post("/securite/cles/<row(passkey):passkey_id>/nom")
def rename(passkey_id: int) -> ResponseReturnValue:
    owner = FactorOwner.of(me())
    with app_context.store().writing() as session:
        if not rename_passkey(session, owner, passkey_id, _typed_name()):
            abort(404)
    flash(say("C’est enregistré."), "good")
    return redirect(there("security.show"), 303)


@pages.post("/securite/cles/<row(passkey):passkey_id>/retirer")
def remove(passkey_id: int) -> ResponseReturnValue:
    owner, store, now = FactorOwner.of(me()), app_context.store(), app_context.now()
    with store.writing() as session:
        name = next((each.name for each in passkeys_of(session, owner) if each.id == passkey_id), "")
        if not remove_passkey(session, owner, passkey_id, now):
            abort(404)
        forget_spare_codes(session, owner)
        tell_change(session, owner, "passkey removed", now, name)
    store.wake_up.send()
    flash(say("La clé d’accès est retirée. Effacez-la aussi de votre appareil."), "good")
    return redirect(there("security.show"), 303)


def _may_add(session: Session, owner: FactorOwner, made: Passkey) -> bool:
    """Returns whether nobody has this passkey yet, and this person has room for one more."""
    return passkey_by_credential(session, made.credential_id) is None and len(passkeys_of(session, owner)) < MOST


def _typed_name() -> str:
    return form_value("name", LONGEST_NAME) or _device() or say("Clé d’accès")


def _device() -> str:
    return device_name(request.user_agent.string)[:LONGEST_NAME]


def _page(error: str | None = None) -> str:
    reading, owner = app_context.reading(), FactorOwner.of(me())
    known = passkeys_of(reading, owner)
    if not offers_passkeys() or len(known) >= MOST:
        abort(404)
    options = creation_options(owner, me().email, user_handle_of(reading, owner), known)
    return page("add_passkey.html", options=options, error=error, device=_device())
