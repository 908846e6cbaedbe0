"""A consumer's settings: name, language, password, and confirming the e-mail address anew after a bounce."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from delivery.notices.notice_preference import NoticePreference, preference_for
from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.consumers.presenters.notice_choice import choice_in_words
from portal.consumers.settings.language import set_language
from portal.form_input import form_value, typed_password
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.phone import phones_of
from store.accounts.phone_number import shown_number
from store.accounts.push_subscription import end_all_devices
from store.job import request_job
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of

pages = Blueprint("profile", __name__)


@pages.get("/profil")
def show() -> ResponseReturnValue:
    return _page({})


@pages.post("/profil")
def change() -> ResponseReturnValue:
    name = form_value("name", 200)
    if not name:
        return _page({"name": say("Écrivez votre nom.")})
    with app_context.store().writing() as session:
        session.get_one(Consumer, current_user.consumer_id()).name = name
    set_language(form_value("language"))
    flash(say("C’est enregistré."), "good")
    return redirect(url_for("profile.show"), 303)


@pages.post("/profil/mot-de-passe")
def new_password() -> ResponseReturnValue:
    """Change the password, given the old one. Ends the sessions on other devices."""
    me = current_user.consumer()
    if not password_hash.is_password(me.password_hash, typed_password("old")):
        return _page({"old": say("Ce n’est pas votre mot de passe actuel.")})
    if errors := password_errors("password", typed_password("password"), me.name, me.email):
        return _page(errors)
    kept = password_hash.hash_password(typed_password("password"))
    with app_context.store().writing() as session:
        consumer = session.get_one(Consumer, current_user.consumer_id())
        consumer.password_hash = kept
        consumer.session_epoch += 1
        end_sessions_of(session, SessionOwner(consumer.id))
        end_all_devices(session, consumer.id, app_context.now())
    current_user.sign_in(consumer)
    flash(say("Votre nouveau mot de passe est enregistré ; vos autres appareils sont déconnectés."), "good")
    return redirect(url_for("profile.show"), 303)


@pages.post("/profil/adresse")
def confirm_again() -> ResponseReturnValue:
    """Send a confirmation mail to an address that bounced; following its link makes it usable again."""
    with app_context.store().writing() as session:
        me = current_user.consumer()
        request_job(session, "confirm", {"consumer_id": me.id, "epoch": me.session_epoch}, app_context.now())
    app_context.store().wake_up.send()
    flash(say("Le courriel est parti. Ouvrez le lien qu’il contient."))
    return redirect(url_for("profile.show"), 303)


def _page(errors: dict[str, str]) -> ResponseReturnValue:
    me = current_user.consumer()
    notices = preference_for(app_context.reading(), me.id, None) or NoticePreference()
    phone = phones_of(app_context.reading(), [me.id]).get(me.id)
    page = render_template(
        "consumers/settings/profile.html",
        consumer=me,
        errors=errors,
        notices=choice_in_words(notices),
        phone=shown_number(phone.number) if phone else "",
        phone_failed=phone is not None and phone.failed_at is not None,
        offers_sms=app_context.config().offers_sms,
    )
    return page, 422 if errors else 200
