"""Changing one's e-mail address: asked for here, confirmed from the new mailbox, stopped or taken back from the old
one. The page says the same whether or not the new address has a space."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.email_address.change_email import ask_change, confirm_change, undo_change
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.expired_link import expired_link
from portal.form_input import form_value, plain_email, typed_email, wrong_with_email
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import EmailChangeLink, read_email_back, read_email_change
from store.leaving.email_change import EmailChange, pending_change, stop_pending

pages = Blueprint("email_change", __name__)


@pages.get("/profil/adresse-de-courriel")
def show() -> ResponseReturnValue:
    return _page("", "")


@pages.post("/profil/adresse-de-courriel")
def ask() -> ResponseReturnValue:
    """Ask for another address. What is said does not tell whether it has a space."""
    email = plain_email(typed_email())
    if email is None:
        return _page(form_value("email"), wrong_with_email(typed_email()))
    with app_context.store().writing() as session:
        is_asked = ask_change(session, current_user.consumer_id(), email, app_context.now())
    if not is_asked:
        return _page(form_value("email"), say("C’est déjà votre adresse."))
    app_context.store().wake_up.send()
    flash(say("Un courriel est parti à {email} : ouvrez le lien qu’il contient.", email=email), "good")
    return redirect(url_for("email_change.show"), 303)


@pages.post("/profil/adresse-de-courriel/renoncer")
def give_up() -> ResponseReturnValue:
    """Stop the change that waits for the new mailbox."""
    with app_context.store().writing() as session:
        session.get_one(Consumer, current_user.consumer_id(), with_for_update=True)
        stop_pending(session, current_user.consumer_id(), app_context.now(), "stopped")
    flash(say("Votre adresse reste la même."), "")
    return redirect(url_for("email_change.show"), 303)


@pages.get("/adresse/confirmer/")
def confirm_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/adresse/confirmer/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Shows a button, since mail scanners follow links."""
    said = read_email_change(app_context.store().keys, token)
    if not isinstance(said, EmailChangeLink):
        return expired_link(said)
    change = app_context.reading().get(EmailChange, said.change_id)
    if change is None or not change.may_be_confirmed(app_context.now()):
        return expired_link("used")
    return render_template("consumers/settings/email_address/confirm_email.html", token=token, email=change.new_email)


@pages.post("/adresse/confirmer/<token>")
def confirmed(token: str) -> ResponseReturnValue:
    """Change the address. Whoever pressed the button here goes on; all other sessions end."""
    said = read_email_change(app_context.store().keys, token)
    if not isinstance(said, EmailChangeLink):
        return expired_link(said)
    visitor = current_user.signed_in_user()
    with app_context.store().writing() as session:
        consumer = confirm_change(session, said.change_id, app_context.now())
    if consumer is None:
        return expired_link("used")
    app_context.store().wake_up.send()
    flash(say("C’est fait : votre adresse est maintenant {email}.", email=consumer.email), "good")
    if visitor is None or visitor.consumer is None or visitor.consumer.id != consumer.id:
        return redirect(url_for("sign_in.show"), 303)
    current_user.sign_in(consumer)
    return redirect(url_for("profile.show"), 303)


@pages.get("/adresse/annuler/")
def undo_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/adresse/annuler/<token>")
def undo(token: str) -> ResponseReturnValue:
    """Shows what the button does: stop a change, or take the space back."""
    said = read_email_back(app_context.store().keys, token)
    if not isinstance(said, EmailChangeLink):
        return expired_link(said)
    change, now = app_context.reading().get(EmailChange, said.change_id), app_context.now()
    if change is None or not (change.may_be_confirmed(now) or change.may_be_taken_back(now)):
        return expired_link("used")
    is_changed = change.state == "confirmed"
    return render_template(
        "consumers/settings/email_address/undo_email.html", token=token, is_changed=is_changed, change=change
    )


@pages.post("/adresse/annuler/<token>")
def undone(token: str) -> ResponseReturnValue:
    said = read_email_back(app_context.store().keys, token)
    if not isinstance(said, EmailChangeLink):
        return expired_link(said)
    with app_context.store().writing() as session:
        what = undo_change(session, said.change_id, app_context.now())
    if what is None:
        return expired_link("used")
    app_context.store().wake_up.send()
    if what == "stopped":
        flash(say("C’est arrêté : votre adresse reste la même."), "good")
        return redirect(url_for("sign_in.show"), 303)
    flash(
        say("Votre espace est de nouveau à cette adresse. Un courriel y arrive pour choisir un mot de passe."), "good"
    )
    return redirect(url_for("sign_in.show"), 303)


def _page(email: str, error: str) -> ResponseReturnValue:
    with app_context.store().reading() as session:
        page = render_template(
            "consumers/settings/email_address/email_change.html",
            consumer=current_user.consumer(),
            pending=_pending(session),
            email=email,
            error=error,
        )
    return page, 422 if error else 200


def _pending(session: Session) -> EmailChange | None:
    change = pending_change(session, current_user.consumer_id())
    return change if change is not None and change.may_be_confirmed(app_context.now()) else None
