"""Routes of a person's choice of how to hear of bills: for all contracts, and the exception of one."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from delivery.notices.choose_notices import choose_as_everywhere, choose_notices
from delivery.notices.notice_preference import NoticePreference, preference_for
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.device_list import device_list
from portal.consumers.presenters.notice_choice import (
    ChoiceForm,
    choice_in_words,
    form_of,
    submitted_form,
    weekdays,
)
from portal.consumers.presenters.notice_ways import notice_ways
from portal.translation import say
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer

pages = Blueprint("notice_preference", __name__)


@pages.get("/courriels")
def show_everywhere() -> ResponseReturnValue:
    """The choice that holds for every contract without one of its own."""
    return _page(None, form_of(_chosen(None) or NoticePreference()))


@pages.post("/courriels")
def choose_everywhere() -> ResponseReturnValue:
    return _choose(None)


@pages.get("/contrats/<row(account):account_id>/courriels")
def show(account_id: int) -> ResponseReturnValue:
    _mine(account_id)
    return _page(account_id, form_of(_chosen(account_id) or _chosen(None) or NoticePreference()))


@pages.post("/contrats/<row(account):account_id>/courriels")
def choose(account_id: int) -> ResponseReturnValue:
    _mine(account_id)
    return _choose(account_id)


@pages.post("/contrats/<row(account):account_id>/courriels/comme-partout")
def as_everywhere(account_id: int) -> ResponseReturnValue:
    _mine(account_id)
    with app_context.store().writing() as session:
        choose_as_everywhere(session, current_user.consumer_id(), account_id, app_context.now())
    app_context.store().wake_up.send()
    flash(say("C’est enregistré : vos choix pour tous les contrats valent aussi ici."), "good")
    return redirect(url_for("accounts.show"), 303)


def _choose(account_id: int | None) -> ResponseReturnValue:
    ways = notice_ways(app_context.reading(), current_user.consumer_id())
    form = submitted_form([way.channel for way in ways])
    if form.preference is None:
        return _page(account_id, form), 422
    with app_context.store().writing() as session:
        choose_notices(session, current_user.consumer_id(), account_id, form.preference, app_context.now())
    app_context.store().wake_up.send()
    flash(say("C’est enregistré."), "good")
    if not form.preference.channels:
        flash(say("Sans message, vos factures viennent par la poste, gratuitement."))
    return redirect(url_for("accounts.show" if account_id else "profile.show"), 303)


def _page(account_id: int | None, form: ChoiceForm) -> str:
    account, issuer = (None, None) if account_id is None else _mine(account_id)
    return render_template(
        "consumers/settings/notice_preference.html",
        account=account,
        issuer=issuer,
        form=form,
        ways=notice_ways(app_context.reading(), current_user.consumer_id()),
        offers_sms=app_context.config().offers_sms,
        weekdays=weekdays(),
        consumer=current_user.consumer(),
        is_exception=account_id is not None and _chosen(account_id) is not None,
        everywhere=choice_in_words(_chosen(None) or NoticePreference()),
        push=device_list(current_user.consumer_id()) if account is None else None,
    )


def _chosen(account_id: int | None) -> NoticePreference | None:
    """Returns what the visitor chose for this contract, or (None) for all; None where they have not."""
    return preference_for(app_context.reading(), current_user.consumer_id(), account_id)


def _mine(account_id: int) -> tuple[CustomerAccount, Issuer]:
    """Returns the account and its issuer if this consumer holds it; else aborts with 404."""
    session = app_context.reading()
    held = {account.id: account for account in accounts_of(session, current_user.consumer_id())}
    account = held.get(account_id) or abort(404)
    return account, session.get_one(Issuer, account.issuer_id)
