"""A consumer's own settings: name, language, password, and the e-mail address when mail no longer arrives."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import here, passwords, visitor
from portal.consumers.language import set_language
from portal.consumers.sign_up import password_errors
from portal.typed import typed, typed_password
from portal.words import say
from store.consumer import Consumer
from store.errand import ask

pages = Blueprint("profile", __name__)


@pages.get("/profil")
def show() -> ResponseReturnValue:
    return _page({})


@pages.post("/profil")
def change() -> ResponseReturnValue:
    name = typed("name", 200)
    if not name:
        return _page({"name": say("Écrivez votre nom.")})
    with here.store().writing() as session:
        session.get_one(Consumer, visitor.consumer().id).name = name
    set_language(typed("language"))
    flash(say("C’est enregistré."), "good")
    return redirect(url_for("profile.show"), 303)


@pages.post("/profil/mot-de-passe")
def new_password() -> ResponseReturnValue:
    """Asks for the old one; ends the sessions of every other device."""
    if not passwords.is_password(visitor.consumer().password_hash, typed_password("old")):
        return _page({"old": say("Ce n’est pas votre mot de passe actuel.")})
    if errors := password_errors("password", typed_password("password")):
        return _page(errors)
    kept = passwords.hash_password(typed_password("password"))
    with here.store().writing() as session:
        consumer = session.get_one(Consumer, visitor.consumer().id)
        consumer.password_hash = kept
        consumer.session_epoch += 1
    visitor.sign_in(consumer)
    flash(say("Votre nouveau mot de passe est enregistré ; vos autres appareils sont déconnectés."), "good")
    return redirect(url_for("profile.show"), 303)


@pages.post("/profil/adresse")
def confirm_again() -> ResponseReturnValue:
    """Mail came back once: a new confirmation shows that the address works again."""
    with here.store().writing() as session:
        me = visitor.consumer()
        ask(session, "confirm", {"consumer_id": me.id, "epoch": me.session_epoch}, here.now())
    here.store().bell.ring()
    flash(say("Le courriel est parti. Ouvrez le lien qu’il contient."))
    return redirect(url_for("profile.show"), 303)


def _page(errors: dict[str, str]) -> ResponseReturnValue:
    return render_template("profile.html", consumer=visitor.consumer(), errors=errors), 422 if errors else 200
