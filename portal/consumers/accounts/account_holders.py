"""Routes for the holders of an account: say that it is still theirs, accept a join request, suspend a later holder, ask
the issuer to decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.co_holders import HolderView, holders_seen_by
from consumers.confirm_holder import confirm_holder
from consumers.holder_suspension import LONGEST_WORDS, ask_issuer, lift_suspension, may_suspend, suspend_holder
from consumers.join_request import accept_join_request as welcome_asker
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.translation import say
from store.accounts.consumer import accounts_of, holdings_of, suspended_accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, dispute_about, disputes_on
from store.issuer import Issuer

pages = Blueprint("holders", __name__, url_prefix="/contrats/<row(account):account_id>")


class Suspended(NamedTuple):
    """An account on which the visitor is suspended: its issuer, since when, and the state of the dispute. Nothing else
    of the account is shown."""

    account_id: int
    issuer: Issuer
    dispute: Dispute

    @property
    def since(self) -> datetime:
        return self.dispute.settled_at or self.dispute.opened_at


@pages.get("/personnes")
def show(account_id: int) -> ResponseReturnValue:
    session, account = app_context.reading(), _mine(account_id)
    me = current_user.consumer_id()
    seen = holders_seen_by(me, holdings_of(session, [account.id])[account.id])
    mine = {each.later_id for each in disputes_on(session, [account.id]) if each.earlier_id == me}
    return render_template(
        "consumers/accounts/account_holders.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        seen=seen,
        suspendable={each.person_id for each in seen if may_suspend(session, account.id, me, each.person_id)},
        restorable=mine,
    )


@pages.post("/cest-bien-moi")
def confirm(account_id: int) -> ResponseReturnValue:
    """Confirm name and address after they have changed."""
    account = _mine(account_id)
    with app_context.store().writing() as session:
        done = confirm_holder(session, account.id, current_user.consumer(), form_value("digest", 16), app_context.now())
    if done:
        flash(say("Merci, c’est noté : ce nom et cette adresse sont les vôtres."), "good")
    else:
        flash(say("Ce contrat a encore changé : vérifiez de nouveau son nom et son adresse."), "ask")
    return redirect(url_for("accounts.show"), 303)


@pages.post("/personnes/<row(consumer):person_id>/suspendre")
def suspend(account_id: int, person_id: int) -> ResponseReturnValue:
    account = _mine(account_id)
    with app_context.store().writing() as session:
        done = suspend_holder(session, account, current_user.consumer(), person_id, app_context.now())
    if done:
        flash(say("L’accès est suspendu : cette personne ne voit plus rien de ce contrat."), "good")
    else:
        flash(say("Seul l’accès d’une personne arrivée après vous peut être suspendu."), "ask")
    return redirect(url_for(".show", account_id=account.id), 303)


@pages.post("/personnes/<row(consumer):person_id>/retablir")
def lift(account_id: int, person_id: int) -> ResponseReturnValue:
    account = _mine(account_id)
    with app_context.store().writing() as session:
        done = lift_suspension(session, account, current_user.consumer(), person_id, app_context.now())
    app_context.store().wake_up.send()
    if done:
        flash(say("L’accès est rétabli."), "good")
    else:
        flash(say("Cette suspension n’est plus à vous de lever."), "ask")
    return redirect(url_for(".show", account_id=account.id), 303)


@pages.post("/personnes/<row(consumer):person_id>/accueillir")
def welcome(account_id: int, person_id: int) -> ResponseReturnValue:
    """Accept a join request."""
    account = _mine(account_id)
    with app_context.store().writing() as session:
        done = welcome_asker(session, account, current_user.consumer(), person_id, app_context.now())
    app_context.store().wake_up.send()
    if done:
        flash(say("C’est fait : cette personne suit le contrat avec vous."), "good")
    else:
        flash(say("Personne ne le demande plus."), "ask")
    return redirect(url_for(".show", account_id=account.id), 303)


@pages.post("/demande")
def ask(account_id: int) -> ResponseReturnValue:
    """Ask the issuer to decide about the visitor's suspension."""
    if account_id not in [each.id for each in suspended_accounts_of(app_context.reading(), current_user.consumer_id())]:
        abort(404)
    with app_context.store().writing() as session:
        done = ask_issuer(
            session, account_id, current_user.consumer(), form_value("words", LONGEST_WORDS), app_context.now()
        )
    if done:
        flash(
            say("Votre demande est partie. L’émetteur décide, et vous recevez sa réponse ici et par courriel."), "good"
        )
    else:
        flash(say("Cette demande est déjà faite."), "ask")
    return redirect(url_for("accounts.show"), 303)


def suspended(session: Session, consumer_id: int) -> list[Suspended]:
    """Returns the accounts on which this consumer is suspended."""
    found = []
    for account in suspended_accounts_of(session, consumer_id):
        dispute = dispute_about(session, account.id, consumer_id)
        if dispute is not None:  # none for an earlier holder whom the issuer has removed: a notice says so
            found.append(Suspended(account.id, session.get_one(Issuer, account.issuer_id), dispute))
    return found


def shared(session: Session, consumer_id: int, accounts: Sequence[CustomerAccount]) -> dict[int, list[HolderView]]:
    """Returns the other holders of each of these accounts, by account id, as this consumer may see them."""
    holdings = holdings_of(session, [account.id for account in accounts])
    return {
        account_id: [each for each in holders_seen_by(consumer_id, of_account) if not each.is_me]
        for account_id, of_account in holdings.items()
    }


def _mine(account_id: int) -> CustomerAccount:
    """Returns the account if this consumer holds it; else aborts with 404."""
    held = {account.id: account for account in accounts_of(app_context.reading(), current_user.consumer_id())}
    return held.get(account_id) or abort(404)
