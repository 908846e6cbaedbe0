"""Routes of payments that wait for a person: the list, and one with its likely bills, which a named person assigns,
shares out, sets aside, or gives back to the matching.

An issuer's members decide on their own payments; an operator may too.
"""

from decimal import Decimal, InvalidOperation
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import ZERO
from payments.amounts_due import amounts_left
from payments.decide_payment import DecisionOnPayment, assign_payment, ignore_payment, undo_decision
from payments.waiting_payment import waiting_payment
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, one_line
from portal.public_id_converter import row_of
from portal.translation import say
from store.bills.bill import BillRow
from store.payments.payment import PaymentRow, payment_of_issuer, payments_after
from words import payment_words
from words.catalogue import N_

pages = Blueprint("payments", __name__, url_prefix="/equipe/paiements")

A_PAGE: Final = 30
#: The tab of payments that were too much.
TOO_MUCH: Final = "trop"
#: A payment is shared out among so many bills on its page.
MOST_PARTS: Final = 8
_SAID: Final = {
    "done": N_("C’est fait. Les factures disent ce qu’il en reste."),
    "late": N_("Quelqu’un a décidé avant vous."),
    "undecided": N_("Personne n’avait décidé."),
    "unknown_bill": N_("Il n’y a pas de facture de ce numéro chez cet émetteur."),
    "other_currency": N_("Cette facture est dans une autre monnaie."),
    "too_much": N_("Les parts dépassent ce qui est arrivé."),
    "nothing": N_("Écrivez le numéro d’une facture et un montant."),
}


@pages.get("")
def show_all() -> ResponseReturnValue:
    """The payments that wait, that were too much (`trop`), or (`tous`) all of them, newest first."""
    session, before = app_context.reading(), row_of(request.args.get("suite", ""), "cursor")
    outcome = request.args.get("sort", "waiting")
    outcomes = [outcome] if outcome in payment_words.OUTCOME else []
    is_too_much = outcome == TOO_MUCH
    found = payments_after(
        session, staff_scope.issuer_id(), A_PAGE + 1, before, outcomes, is_too_much=is_too_much
    )  # fmt: skip
    shown = found[:A_PAGE]
    return render_template(
        "operators/payments/payments.html",
        payments=shown,
        outcome=outcome if outcomes or is_too_much else "",
        too_much=TOO_MUCH,
        issuers=staff_scope.issuers(),
        wording=payment_words,
        first=url_for(".show_all", sort=outcome) if before else None,
        following=url_for(".show_all", sort=outcome, suite=shown[-1].id) if len(found) > A_PAGE else None,
    )


@pages.get("/<row(payment):payment_id>")
def show(payment_id: int) -> ResponseReturnValue:
    row = _mine(payment_id)
    return render_template(
        "operators/payments/payment.html",
        waiting=waiting_payment(app_context.reading(), row),
        paid_too_much=_paid_too_much(row),
        issuer=staff_scope.issuers()[row.issuer_id],
        wording=payment_words,
        parts_offered=range(MOST_PARTS),
    )


@pages.post("/<row(payment):payment_id>/decision")
def decide(payment_id: int) -> ResponseReturnValue:
    """Record a named person's decision, with its reason."""
    row = _mine(payment_id)
    decision, reason = request.form.get("decision", ""), form_value("reason")
    if decision not in {"attribuer", "ecarter", "reprendre"}:
        abort(400)
    page = redirect(url_for(".show", payment_id=row.id), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    parts = _parts(row) if decision == "attribuer" else {}
    if parts is None:
        flash(say(_SAID["nothing"]), "bad")
        return page
    done = _decide(row, decision, parts, reason)
    app_context.store().wake_up.send()
    flash(say(_SAID[done]), "good" if done == "done" else "ask")
    return page


def _decide(row: PaymentRow, decision: str, parts: dict[str, Decimal], reason: str) -> DecisionOnPayment:
    who, now = current_user.staff().email, app_context.now()
    with app_context.store().writing() as session:
        if decision == "attribuer":
            return assign_payment(session, row.id, parts, who, reason, now)
        if decision == "ecarter":
            return ignore_payment(session, row.id, who, reason, now)
        return undo_decision(session, row.id, who, reason, now)


def _parts(row: PaymentRow) -> dict[str, Decimal] | None:
    """The parts that were typed, by bill number, those of one bill added up; None if one is no amount. One bill without
    an amount has all of it."""
    numbers, amounts = request.form.getlist("numero")[:MOST_PARTS], request.form.getlist("montant")[:MOST_PARTS]
    pairs = zip(map(one_line, numbers), map(one_line, amounts), strict=False)
    typed = [(number, amount) for number, amount in pairs if number]
    if len(typed) == 1 and not typed[0][1]:
        return {typed[0][0]: row.amount}
    parts: dict[str, Decimal] = {}
    for number, said in typed:
        try:
            amount = Decimal("".join(said.split()).replace(",", "."))
        except InvalidOperation:
            return None
        if not amount.is_finite():
            return None
        parts[number] = parts.get(number, ZERO) + amount
    return parts


def _paid_too_much(row: PaymentRow) -> tuple[str, Decimal] | None:
    """The number of the bill of which the payment was too much, with what is still in its customer's favour."""
    if row.rest_of_id is None:
        return None
    session = app_context.reading()
    bill = session.get_one(BillRow, row.rest_of_id)
    return bill.number, amounts_left(session, [bill])[bill.id].overpaid


def _mine(payment_id: int) -> PaymentRow:
    """Returns the payment; aborts with 404 if there is none in the visitor's scope."""
    row = payment_of_issuer(app_context.reading(), staff_scope.issuer_id(), payment_id)
    return row or abort(404)
