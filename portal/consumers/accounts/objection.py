"""Objecting to bills without paper by default: by the link of the notice, or from the contract in one's space."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from delivery.relationship.default_objection import OpenDefault, object_to_default, open_defaults
from portal import app_context
from portal.access import current_user
from portal.consumers.notices import kinds_waiting
from portal.consumers.presenters.expired_link import expired_link
from portal.translation import say
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import Objection, read_objection
from store.issuer import Issuer
from words.catalogue import N_

pages = Blueprint("objection", __name__)

_KEPT = N_("C’est noté : les factures de ce contrat restent sur papier, gratuitement.")


def running() -> list[OpenDefault]:
    """Returns the notices of bills without paper that run for the visitor's contracts."""
    if not kinds_waiting().of_defaults:
        return []
    session, me = app_context.reading(), current_user.consumer_id()
    return open_defaults(session, me, app_context.now(), app_context.calendar())


@pages.get("/objection/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/objection/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows a button, since mail scanners follow links; changes nothing."""
    said = read_objection(app_context.store().keys, token)
    if not isinstance(said, Objection):
        return expired_link(said)
    session = app_context.reading()
    account = session.get(CustomerAccount, said.account_id)
    if account is None or account.id not in {each.id for each in accounts_of(session, said.consumer_id)}:
        return expired_link("used")
    issuer = session.get_one(Issuer, account.issuer_id)
    return render_template(
        "consumers/accounts/objection.html", token=token, account=account, issuer=issuer, is_kept=False
    )


@pages.post("/objection/<token>")
def keep_paper(token: str) -> ResponseReturnValue:
    """Keep paper, or have it again. Sending it twice is harmless."""
    said = read_objection(app_context.store().keys, token)
    if not isinstance(said, Objection):
        return expired_link(said)
    with app_context.store().writing() as session:
        done = object_to_default(
            session, said.account_id, said.consumer_id, app_context.now(), app_context.calendar(), "email"
        )
    if not done:
        return expired_link("used")
    app_context.store().wake_up.send()
    account = app_context.reading().get_one(CustomerAccount, said.account_id)
    issuer = app_context.reading().get_one(Issuer, account.issuer_id)
    return render_template(
        "consumers/accounts/objection.html", token=token, account=account, issuer=issuer, is_kept=True
    )


@pages.post("/contrats/<row(account):account_id>/objection")
def keep_paper_here(account_id: int) -> ResponseReturnValue:
    now, calendar = app_context.now(), app_context.calendar()
    with app_context.store().writing() as session:
        done = object_to_default(session, account_id, current_user.consumer_id(), now, calendar, "portal")
    if not done:
        abort(404)
    app_context.store().wake_up.send()
    flash(say(_KEPT), "good")
    return redirect(url_for("accounts.show"), 303)
