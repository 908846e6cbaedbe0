"""Disputes between people who follow one contract: the earlier has suspended the later, and a named person decides.

An issuer's members decide on their own: only they know whose contract it is. So may an operator.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.suspension import settle
from portal import here, visitor
from portal.row_number import row_number
from portal.staff import scope
from portal.typed import typed
from portal.words import say
from store.account import CustomerAccount
from store.consumer import Consumer, Holding, holdings_of
from store.dispute import Dispute, Verdict, open_disputes

pages = Blueprint("disputes", __name__, url_prefix="/equipe/litiges")

A_PAGE: Final = 20
_VERDICTS: Final[dict[str, Verdict]] = {"tous": "restored", "premier": "removed", "second": "replaced"}
_REPLACED: Final = (
    "L’accès de la personne arrivée en premier a pris fin, celui de l’autre est rétabli ; elles en sont prévenues."
)
_DONE: Final = {
    "restored": "Les deux personnes suivent le contrat ; elles en sont prévenues.",
    "removed": "L’accès de la personne arrivée en second a pris fin ; elle en est prévenue.",
    "replaced": _REPLACED,
}


class Waiting(NamedTuple):
    """A dispute with the two people in it, and everybody on the account in the order they came."""

    dispute: Dispute
    account: CustomerAccount
    earlier: Consumer
    later: Consumer
    holdings: Sequence[Holding]


@pages.get("")
def show_all() -> ResponseReturnValue:
    session, after = here.reading(), row_number(request.args.get("suite", "")) or 0
    found = open_disputes(session, scope.issuer_id(), after, A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "staff/disputes.html",
        waiting=_waiting(session, shown),
        issuers=scope.issuers(),
        first=url_for(".show_all") if after else None,
        following=url_for(".show_all", suite=shown[-1].id) if len(found) > A_PAGE else None,
    )


@pages.post("/<int:dispute_id>/decision")
def decide(dispute_id: int) -> ResponseReturnValue:
    dispute = here.reading().get(Dispute, dispute_id) or abort(404)
    scope.check(dispute.issuer_id)
    verdict, reason = _VERDICTS.get(request.form.get("decision", "")), typed("reason")
    if verdict is None:
        abort(400)
    page = redirect(url_for(".show_all"), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with here.store().writing() as session:
        done = settle(session, dispute.id, verdict, visitor.staff().email, reason, here.now())
    here.store().bell.ring()
    if done:
        flash(say(_DONE[verdict]), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page


def _waiting(session: Session, disputes: Sequence[Dispute]) -> list[Waiting]:
    holdings = holdings_of(session, {each.account_id for each in disputes})
    return [
        Waiting(
            each,
            session.get_one(CustomerAccount, each.account_id),
            session.get_one(Consumer, each.earlier_id),
            session.get_one(Consumer, each.later_id),
            holdings.get(each.account_id, []),
        )
        for each in disputes
    ]
