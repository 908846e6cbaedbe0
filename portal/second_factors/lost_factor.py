"""A consumer's way in after every second factor is lost: the password, a link by mail, and some days' wait that each
mail and each session can cancel. A password reset by mail alone removes nothing."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.lose_second_factor import ask_for_link, begin_wait
from portal import app_context
from portal.access import current_user
from portal.access.second_factor import first_factor_given
from portal.consumers.presenters.expired_link import expired_link
from portal.second_factors.audience_pages import page
from portal.second_factors.second_step import to_password
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import KeepFactors, LostFactor, read_keep_factors, read_lost_factor
from store.sign_in.factor_removal import FactorRemoval, cancel_removal, removals_of, waiting_removal

pages = Blueprint("lost_factor", __name__)


@pages.get("/connexion/perdu")
def show() -> ResponseReturnValue:
    given = first_factor_given("consumer")
    return to_password() if given is None else _page(is_sent=False)


@pages.post("/connexion/perdu")
def send() -> ResponseReturnValue:
    """Send the link that begins the wait."""
    given = first_factor_given("consumer")
    if given is None:
        return to_password()
    with app_context.store().writing() as session:
        ask_for_link(session, given[0].id, app_context.now())
    app_context.store().wake_up.send()
    return _page(is_sent=True)


@pages.get("/second-facteur/perdu/<token>")
def ask(token: str) -> ResponseReturnValue:
    """Shows a button, since mail scanners follow links."""
    said = read_lost_factor(app_context.store().keys, token)
    if not isinstance(said, LostFactor):
        return expired_link(said)
    if not _is_good(app_context.reading(), said):
        return expired_link("used")
    return page("begin_wait.html", token=token, days=app_context.config().lost_factor_days)


@pages.post("/second-facteur/perdu/<token>")
def begin(token: str) -> ResponseReturnValue:
    said, store = read_lost_factor(app_context.store().keys, token), app_context.store()
    if not isinstance(said, LostFactor):
        return expired_link(said)
    with store.writing() as session:
        removal = None
        if _is_good(session, said):
            removal = begin_wait(session, said.consumer_id, app_context.config().lost_factor_days, app_context.now())
        if removal is None:
            return expired_link("used")
    store.wake_up.send()
    return page("wait_begun.html", ends_at=removal.ends_at)


@pages.get("/second-facteur/garder/<token>")
def ask_to_keep(token: str) -> ResponseReturnValue:
    """Shows a button, since mail scanners follow links."""
    said = read_keep_factors(app_context.store().keys, token)
    if not isinstance(said, KeepFactors):
        return expired_link(said)
    removal = app_context.reading().get(FactorRemoval, said.removal_id)
    return expired_link("used") if removal is None or removal.state != "waiting" else page("keep.html", token=token)


@pages.post("/second-facteur/garder/<token>")
def keep(token: str) -> ResponseReturnValue:
    """Cancel the removal, by whoever has the mail."""
    said = read_keep_factors(app_context.store().keys, token)
    if not isinstance(said, KeepFactors):
        return expired_link(said)
    with app_context.store().writing() as session:
        if not cancel_removal(session, said.removal_id, app_context.now()):
            return expired_link("used")
    flash(say("Rien ne sera retiré. Changez aussi votre mot de passe : quelqu’un le connaît."), "good")
    return redirect(url_for("sign_in.show"), 303)


@pages.post("/securite/perdu/annuler")
def cancel() -> ResponseReturnValue:
    """Cancel the removal, by who is signed in."""
    with app_context.store().writing() as session:
        removal = waiting_removal(session, current_user.consumer_id())
        if removal is not None:
            cancel_removal(session, removal.id, app_context.now())
    flash(say("Rien ne sera retiré. Changez aussi votre mot de passe : quelqu’un le connaît."), "good")
    return redirect(url_for("security.show"), 303)


def _is_good(session: Session, said: LostFactor) -> bool:
    """Returns whether the link was made for the password that is current, and was not used."""
    consumer = session.get(Consumer, said.consumer_id)
    return (
        consumer is not None
        and consumer.session_epoch == said.epoch
        and removals_of(session, said.consumer_id) == said.removals
    )


def _page(*, is_sent: bool) -> str:
    return page("lost_factor.html", is_sent=is_sent, days=app_context.config().lost_factor_days)
