"""Routes of a person's phone: given, confirmed by a code, withdrawn."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.confirm_phone import ask_code, confirm_phone
from portal import app_context
from portal.access import current_user
from portal.access.rate_limiting import slow_down_codes
from portal.form_input import form_value
from portal.translation import say
from store.accounts.phone import Phone, phones_of, withdraw_phone
from store.accounts.phone_number import NoPhoneNumber, read_phone_number, shown_number

pages = Blueprint("phone", __name__)


@pages.get("/profil/telephone")
def show() -> ResponseReturnValue:
    return _page({})


@pages.post("/profil/telephone")
def send_code() -> ResponseReturnValue:
    """Keep a number and send a code there; without one typed, another code to the number that waits."""
    known = _mine()
    typed = form_value("number", 40) or (known.number if known else "")
    if not app_context.config().offers_sms:
        abort(404)
    try:
        number = read_phone_number(typed)
    except NoPhoneNumber:
        example = shown_number("+33612345678")
        return _page({"number": say("Ce n’est pas un numéro de mobile. Exemple : {number}", number=example)}, typed)
    if known is not None and known.number == number and known.can_be_texted:
        return redirect(url_for("phone.show"), 303)
    slow_down_codes(number)
    with app_context.store().writing() as session:
        ask_code(session, current_user.consumer_id(), number, app_context.now())
    app_context.store().wake_up.send()
    flash(say("Un SMS avec un code part vers le {number}.", number=shown_number(number)))
    return redirect(url_for("phone.show"), 303)


@pages.post("/profil/telephone/code")
def confirm() -> ResponseReturnValue:
    """Confirm the number by its code. A wrong one is counted."""
    store = app_context.store()
    with store.writing() as session:
        result = confirm_phone(
            session, store.keys, current_user.consumer_id(), form_value("code", 20), app_context.now()
        )
    if result == "wrong":
        return _page({"code": say("Ce n’est pas le bon code. Vérifiez les six chiffres.")})
    if result == "expired":
        return _page({"code": say("Ce code n’est plus valable. Demandez-en un autre.")})
    flash(say("Votre numéro est confirmé. Choisissez si vous voulez des SMS pour vos factures."), "good")
    return redirect(url_for("notice_preference.show_everywhere"), 303)


@pages.post("/profil/telephone/retirer")
def withdraw() -> ResponseReturnValue:
    with app_context.store().writing() as session:
        withdraw_phone(session, current_user.consumer_id(), app_context.now())
    app_context.store().wake_up.send()
    flash(say("Votre numéro est retiré : plus aucun SMS n’y va."), "good")
    return redirect(url_for("profile.show"), 303)


def _mine() -> Phone | None:
    consumer_id = current_user.consumer_id()
    return phones_of(app_context.reading(), [consumer_id]).get(consumer_id)


def _page(errors: dict[str, str], typed: str = "") -> ResponseReturnValue:
    phone = _mine()
    if phone is None and not app_context.config().offers_sms:
        abort(404)
    page = render_template(
        "consumers/settings/phone.html",
        phone=phone,
        number=shown_number(phone.number) if phone else typed,
        typed=typed,
        errors=errors,
    )
    return page, 422 if errors else 200
