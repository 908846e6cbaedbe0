"""What others let the visitor read: invitations to answer, and the people whose bills they read."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.access_grants.answer_invitation import accept_invitation, decline_invitation
from consumers.access_grants.end_grants import give_back_grant
from portal import app_context
from portal.access import current_user
from portal.consumers.notices import kinds_waiting
from portal.consumers.presenters.grant_scope import grant_scopes
from portal.translation import say
from store.access_grants.access_grant import grants_of_reader, invitations_to
from store.accounts.consumer import names_of
from store.accounts.email_address import forms_of

pages: Final = Blueprint("shared_with_me", __name__, url_prefix="/partages")


def has_shared_bills() -> bool:
    """Returns whether there may be something on this page, as home asks; reads nothing more."""
    return kinds_waiting().of_shared_bills


@pages.get("")
def show() -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer()
    now, today = app_context.now(), app_context.today()
    invited = [each for each in invitations_to(session, forms_of(me.email), now, today) if each.owner_id != me.id]
    grants = grants_of_reader(session, me.id, today)
    return render_template(
        "consumers/shared_bills/shared_with_me.html",
        invitations=grant_scopes(session, invited),
        grants=grant_scopes(session, grants),
        names=names_of(session, {each.owner_id for each in (*invited, *grants)}),
        email=me.email,
    )


@pages.post("/<row(grant):grant_id>/accepter")
def accept(grant_id: int) -> ResponseReturnValue:
    me, now = current_user.consumer_id(), app_context.now()
    with app_context.store().writing() as session:
        is_mine = accept_invitation(session, grant_id, me, now, app_context.today())
    if not is_mine:
        abort(404)
    app_context.store().wake_up.send()
    flash(say("C’est fait : ces factures sont ouvertes pour vous."), "good")
    return redirect(url_for("shared_bills.show", grant_id=grant_id), 303)


@pages.post("/<row(grant):grant_id>/refuser")
def decline(grant_id: int) -> ResponseReturnValue:
    me, now = current_user.consumer_id(), app_context.now()
    with app_context.store().writing() as session:
        is_mine = decline_invitation(session, grant_id, me, now, app_context.today())
    if not is_mine:
        abort(404)
    flash(say("C’est noté : vous ne verrez pas ces factures."), "")
    return redirect(url_for(".show"), 303)


@pages.post("/<row(grant):grant_id>/rendre")
def give_back(grant_id: int) -> ResponseReturnValue:
    """The visitor does not want to read these bills any more."""
    with app_context.store().writing() as session:
        is_mine = give_back_grant(session, grant_id, current_user.consumer_id(), app_context.now())
    if not is_mine:
        abort(404)
    flash(say("C’est fait : vous ne voyez plus ces factures."), "")
    return redirect(url_for(".show"), 303)
