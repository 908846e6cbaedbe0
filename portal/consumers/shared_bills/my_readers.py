"""« Qui voit mes factures »: the holders of each of one's contracts, whom one lets read, who is invited; taking it
back."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.access_grants.end_grants import revoke_grant
from consumers.co_holders import HolderView, holders_seen_by
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.grant_scope import GrantScope, grant_scopes
from portal.translation import say
from store.access_grants.access_grant import open_grants_of_owner
from store.accounts.consumer import accounts_of, holdings_of, names_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer, issuers_by_id

pages: Final = Blueprint("my_readers", __name__, url_prefix="/qui-voit-mes-factures")


class HeldContract(NamedTuple):
    """A contract of the visitor, with its holders as they may see them."""

    account: CustomerAccount
    issuer: Issuer
    holders: list[HolderView]


@pages.get("")
def show() -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer_id()
    scopes = grant_scopes(session, open_grants_of_owner(session, me))
    readers = [each for each in scopes if each.grant.state == "accepted" and _is_in_time(each)]
    return render_template(
        "consumers/shared_bills/my_readers.html",
        readers=readers,
        invited=[each for each in scopes if each.grant.state == "invited" and _is_in_time(each)],
        names=names_of(session, {each.grant.reader_id for each in readers if each.grant.reader_id is not None}),
        contracts=_contracts(me),
    )


def _is_in_time(scope: GrantScope) -> bool:
    until_on = scope.grant.until_on
    return until_on is None or until_on >= app_context.today()


def _contracts(me: int) -> list[HeldContract]:
    session = app_context.reading()
    accounts = accounts_of(session, me)
    holdings = holdings_of(session, [each.id for each in accounts])
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts})
    return [HeldContract(each, issuers[each.issuer_id], holders_seen_by(me, holdings[each.id])) for each in accounts]


@pages.post("/<row(grant):grant_id>/retirer")
def revoke(grant_id: int) -> ResponseReturnValue:
    """End a grant or an invitation, at once."""
    with app_context.store().writing() as session:
        is_mine = revoke_grant(session, grant_id, current_user.consumer_id(), app_context.now())
    if not is_mine:
        abort(404)
    flash(say("C’est fait : cette personne ne voit plus rien de vos factures."), "good")
    return redirect(url_for(".show"), 303)
