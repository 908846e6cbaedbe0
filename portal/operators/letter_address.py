"""The form that mends the address of a held letter: an operator's, or its issuer's members'. The letter then goes with
the next batch."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import delivery
from bill import PostalAddress
from delivery.channels.paper.letter_address import letter_address
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.postal_address_form import LONGEST_LINE, countries, lacking, typed_address
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import Issuer
from words.catalogue import N_

pages = Blueprint("letter_address", __name__, url_prefix="/equipe/lettres")


class _Letter(NamedTuple):
    """A letter and the rows that its page shows."""

    delivery: Delivery
    bill: BillRow
    account: CustomerAccount
    issuer: Issuer


@pages.get("/<row(delivery):delivery_id>/adresse")
def show(delivery_id: int) -> ResponseReturnValue:
    letter = _letter(delivery_id)
    address = letter_address(letter.account, letter.issuer, letter.bill, "FR")
    return _form(letter, address, {})


@pages.post("/<row(delivery):delivery_id>/adresse")
def mend(delivery_id: int) -> ResponseReturnValue:
    """Keep the typed address for the account's letters; those that wait for it go with the next batch."""
    letter, reason = _letter(delivery_id), form_value("reason")
    address = typed_address()
    wrong = lacking(address)
    if not reason:
        wrong["reason"] = say("Écrivez la raison de votre décision : elle reste avec votre nom.")
    if wrong:
        return _form(letter, address, wrong), 422
    with app_context.store().writing() as session:
        who, now = current_user.staff().email, app_context.now()
        count = delivery.mend_address(session, letter.delivery.id, address, who, reason, now)
    app_context.store().wake_up.send()
    if count:
        words = N_(
            "L’adresse est corrigée : {count} lettre part avec le prochain lot."
            "|L’adresse est corrigée : {count} lettres partent avec le prochain lot."
        )
        flash(say(words, n=count, count=count), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return redirect(url_for("bill_trace.show", bill_id=letter.bill.id), 303)


def _form(letter: _Letter, address: PostalAddress, wrong: dict[str, str]) -> str:
    return render_template(
        "operators/decisions/letter_address.html",
        letter=letter,
        address=address,
        countries=countries(address),
        reason=request.form.get("reason", ""),
        wrong=wrong,
        most=LONGEST_LINE,
    )


def _letter(delivery_id: int) -> _Letter:
    """Returns a held letter that waits for an address, if it is in the visitor's scope; else aborts with 404."""
    session = app_context.reading()
    found = delivery.held_letters(session, issuer_id=staff_scope.issuer_id(), ids=[delivery_id])
    if not found or not delivery.awaits_address(found[0].delivery):
        abort(404)
    bill = found[0].bill
    account, issuer = session.get_one(CustomerAccount, bill.account_id), session.get_one(Issuer, bill.issuer_id)
    return _Letter(found[0].delivery, bill, account, issuer)
