"""Signing in by a passkey alone: it is something that one has, unlocked by a finger, a face or a PIN."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access.second_factor import may_sign_in
from portal.form_input import going
from portal.second_factors.audience_pages import audience, front
from portal.second_factors.passkey_ceremony import PasskeyRefused, proved_passkey, refusal_words, typed_answer
from portal.second_factors.second_step import enter
from store.accounts.consumer import Consumer
from store.sign_in.factor_owner import FactorOwner
from store.staff_member import Staff

pages = Blueprint("passkey_sign_in", __name__)


@pages.post("/connexion/cle")
def enter_by_passkey() -> ResponseReturnValue:
    """Sign in. A passkey of the other side, of nobody, or of who has left is refused in the same words."""
    try:
        owner = proved_passkey(typed_answer()).owner
    except PasskeyRefused as refusal:
        return _refused(is_copied=refusal.is_copied)
    person = _person(owner)
    if person is None or owner.audience != audience() or not may_sign_in(person):
        return _refused(is_copied=False)
    return enter(person, going(front()))


def _person(owner: FactorOwner) -> Consumer | Staff | None:
    reading = app_context.reading()
    return reading.get(Consumer, owner.id) if owner.audience == "consumer" else reading.get(Staff, owner.id)


def _refused(*, is_copied: bool) -> ResponseReturnValue:
    flash(refusal_words(is_copied=is_copied), "bad")
    door = "sign_in.show" if audience() == "consumer" else "staff_sign_in.show"
    return redirect(url_for(door, suite=going("") or None), 303)
