"""Routes of holder disputes: an earlier holder suspended a later one, and a named person decides.

An issuer's members decide on their own accounts; an operator may too.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.holder_suspension import settle_dispute
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import Consumer, Holding, holdings_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, DisputeDecision, open_disputes
from words.catalogue import N_

pages = Blueprint("disputes", __name__, url_prefix="/equipe/litiges")

A_PAGE: Final = 20
_VERDICTS: Final[dict[str, DisputeDecision]] = {"tous": "restored", "premier": "removed", "second": "replaced"}
_REPLACED: Final = N_(
    "L’accès de la personne arrivée en premier a pris fin, celui de l’autre est rétabli ; elles en sont prévenues."
)
_DONE: Final = {
    "restored": N_("Les deux personnes suivent le contrat ; elles en sont prévenues."),
    "removed": N_("L’accès de la personne arrivée en second a pris fin ; elle en est prévenue."),
    "replaced": _REPLACED,
}


class OpenDispute(NamedTuple):
    """A dispute, the two people in it, and all holders of the account in the order they came."""

    dispute: Dispute
    account: CustomerAccount
    earlier: Consumer
    later: Consumer
    holdings: Sequence[Holding]


@pages.get("")
def show_all() -> ResponseReturnValue:
    session, after = app_context.reading(), row_of(request.args.get("suite", ""), "cursor") or 0
    found = open_disputes(session, staff_scope.issuer_id(), after, A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "operators/decisions/holder_disputes.html",
        waiting=_waiting(session, shown),
        issuers=staff_scope.issuers(),
        first=url_for(".show_all") if after else None,
        following=url_for(".show_all", suite=shown[-1].id) if len(found) > A_PAGE else None,
    )


@pages.post("/<row(dispute):dispute_id>/decision")
def decide(dispute_id: int) -> ResponseReturnValue:
    dispute = app_context.reading().get(Dispute, dispute_id) or abort(404)
    staff_scope.check(dispute.issuer_id)
    verdict, reason = _VERDICTS.get(request.form.get("decision", "")), form_value("reason")
    if verdict is None:
        abort(400)
    page = redirect(url_for(".show_all"), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with app_context.store().writing() as session:
        done = settle_dispute(session, dispute.id, verdict, current_user.staff().email, reason, app_context.now())
    app_context.store().wake_up.send()
    if done:
        flash(say(_DONE[verdict]), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page


def _waiting(session: Session, disputes: Sequence[Dispute]) -> list[OpenDispute]:
    holdings = holdings_of(session, {each.account_id for each in disputes})
    return [
        OpenDispute(
            each,
            session.get_one(CustomerAccount, each.account_id),
            session.get_one(Consumer, each.earlier_id),
            session.get_one(Consumer, each.later_id),
            holdings.get(each.account_id, []),
        )
        for each in disputes
    ]
