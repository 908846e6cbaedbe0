"""« J’ai déménagé »: a holder gives the postal address of a contract's letters; asked for, where the post brought one
back."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bill import PostalAddress
from delivery.stated_moves import state_move
from portal import app_context
from portal.access import current_user
from portal.consumers.notices import kinds_waiting
from portal.postal_address_form import LONGEST_LINE, countries, lacking, typed_address
from portal.translation import say
from store.accounts.address_suppression import accounts_to_ask
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.stated_move import open_move_of, open_moves_of
from store.issuer import Issuer, issuers_by_id
from words.catalogue import N_

pages = Blueprint("new_address", __name__, url_prefix="/contrats/<row(account):account_id>/adresse")

_APPLIED = N_("C’est noté : les lettres de ce contrat vont à cette adresse, et celles qui attendaient partent.")
_OPEN = N_("C’est noté, et transmis à {issuer} : les lettres iront à cette adresse dès sa confirmation.")
_NOT_HERE = N_("Une lettre est revenue de cette adresse-là : donnez-en une autre, ou complétez-la.")


def asked() -> list[tuple[CustomerAccount, Issuer]]:
    """Returns the visitor's contracts whose letters came back, and for which they have given no other address yet."""
    if not kinds_waiting().of_returned_letters:
        return []
    session = app_context.reading()
    held = accounts_of(session, current_user.consumer_id())
    to_ask = accounts_to_ask(session, held)
    stated = open_moves_of(session, to_ask)
    issuers = issuers_by_id(session, {each.issuer_id for each in held})
    return [(each, issuers[each.issuer_id]) for each in held if each.id in to_ask and each.id not in stated]


@pages.get("")
def show(account_id: int) -> ResponseReturnValue:
    account = _mine(account_id)
    country = account.postal_address.country or "FR"
    return _form(account, PostalAddress(country=country), {})


@pages.post("")
def state(account_id: int) -> ResponseReturnValue:
    account, address = _mine(account_id), typed_address()
    if wrong := lacking(address):
        return _form(account, address, wrong), 422
    with app_context.store().writing() as session:
        consumer = session.get_one(Consumer, current_user.consumer_id())
        kept = state_move(session, account_id, consumer, address, app_context.now())
    app_context.store().wake_up.send()
    if kept is None:
        return _form(account, address, {"line1": say(_NOT_HERE)}), 422
    issuer = app_context.reading().get_one(Issuer, account.issuer_id)
    flash(say(_APPLIED) if kept == "applied" else say(_OPEN, issuer=issuer.name), "good")
    return redirect(url_for("accounts.show"), 303)


def _form(account: CustomerAccount, address: PostalAddress, wrong: dict[str, str]) -> str:
    session = app_context.reading()
    return render_template(
        "consumers/accounts/new_address.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        came_back=accounts_to_ask(session, [account]).get(account.id),
        stated=open_move_of(session, account.id),
        address=address,
        countries=countries(address),
        wrong=wrong,
        most=LONGEST_LINE,
    )


def _mine(account_id: int) -> CustomerAccount:
    """Returns the account if this consumer holds it; else aborts with 404."""
    held = {account.id: account for account in accounts_of(app_context.reading(), current_user.consumer_id())}
    return held.get(account_id) or abort(404)
