"""Routes of a consumer's own issuers: their names, two that are one, one that has come on board, and taking one away
with its bills. And taking one bill of theirs away."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.imports.mend_private_issuer import LONGEST_NAME, join, offered, rename, stand_for
from consumers.imports.remove_imports import remove_bill, remove_private_issuer
from portal import app_context
from portal.access import current_user
from portal.consumers.bills.held_bill import held_bill
from portal.form_input import form_value
from portal.public_id_converter import row_of
from portal.translation import say
from store.bills.bill import BillRow
from store.imports.private_issuer import PrivateIssuer, bills_by_issuer, private_issuers_of
from store.issuer import Issuer, issuers_by_id

pages: Final = Blueprint("own_issuers", __name__)


class OwnIssuer(NamedTuple):
    """An issuer of the visitor's, how many bills it has, and the one on board that it may be."""

    private: PrivateIssuer
    issuer: Issuer
    bills: int
    may_be: Issuer | None


@pages.get("/emetteurs-ajoutes")
def show() -> ResponseReturnValue:
    return render_template("consumers/imports/own_issuers.html", own=_own(), longest=LONGEST_NAME)


@pages.post("/emetteurs-ajoutes/<row(account):account_id>/nom")
def mend_name(account_id: int) -> ResponseReturnValue:
    mine = _mine(account_id)
    with app_context.store().writing() as session:
        private = session.get_one(PrivateIssuer, mine.private.issuer_id)
        is_named = rename(session, private, form_value("nom"), app_context.now())
    if not is_named:
        flash(say("Donnez un nom."), "bad")
    return redirect(url_for(".show"), 303)


@pages.post("/emetteurs-ajoutes/<row(account):account_id>/reunir")
def join_to(account_id: int) -> ResponseReturnValue:
    """Move all bills of one issuer to another of the visitor's."""
    mine, other = _mine(account_id), _mine(row_of(form_value("avec"), "account") or 0)
    with app_context.store().writing() as session:
        gone, kept = (session.get_one(PrivateIssuer, each.private.issuer_id) for each in (mine, other))
        joined = join(session, gone, kept)
    if joined == "same_numbers":
        flash(say("Les deux ont une facture du même numéro : ils ne peuvent être un seul émetteur."), "bad")
    return redirect(url_for(".show"), 303)


@pages.post("/emetteurs-ajoutes/<row(account):account_id>/est")
def is_on_board(account_id: int) -> ResponseReturnValue:
    """Record that it is the issuer on board that was offered, if it still is."""
    mine = _mine(account_id)
    if mine.may_be is None or mine.may_be.slug != form_value("emetteur"):
        return redirect(url_for(".show"), 303)
    with app_context.store().writing() as session:
        private, issuer = (
            session.get_one(PrivateIssuer, mine.private.issuer_id),
            session.get_one(Issuer, mine.may_be.id),
        )
        stand_for(session, private, issuer, app_context.now())
    flash(say("Vos factures sont rangées sous {issuer}, comme ajoutées par vous.", issuer=mine.may_be.name), "good")
    return redirect(url_for(".show"), 303)


@pages.post("/emetteurs-ajoutes/<row(account):account_id>/retirer")
def remove(account_id: int) -> ResponseReturnValue:
    mine = _mine(account_id)
    with app_context.store().writing() as session:
        private = session.get_one(PrivateIssuer, mine.private.issuer_id)
        remove_private_issuer(session, current_user.consumer_id(), private)
    flash(say("{issuer} et ses factures sont retirés.", issuer=mine.issuer.name))
    return redirect(url_for(".show"), 303)


@pages.get("/factures/<uid>/retirer")
def ask_to_remove(uid: str) -> ResponseReturnValue:
    row, issuer = _own_bill(uid)
    return render_template("consumers/imports/remove_bill.html", row=row, issuer=issuer)


@pages.post("/factures/<uid>/retirer")
def remove_own_bill(uid: str) -> ResponseReturnValue:
    row, _ = _own_bill(uid)
    with app_context.store().writing() as session:
        remove_bill(session, current_user.consumer_id(), session.get_one(BillRow, row.id))
    flash(say("La facture {number} est retirée.", number=row.number))
    return redirect(url_for("home.show"), 303)


def _own() -> list[OwnIssuer]:
    session, me = app_context.reading(), current_user.consumer_id()
    mine = private_issuers_of(session, me)
    own = {each.issuer_id for each in mine}
    shown = [each for each in mine if each.stands_for_id not in own]  # the others were joined to one of these
    issuers, counts = issuers_by_id(session, own), bills_by_issuer(session, own)
    may_be = offered(session, me) if shown else {}
    found = [
        OwnIssuer(each, issuers[each.issuer_id], counts.get(each.issuer_id, 0), may_be.get(each.issuer_id))
        for each in shown
    ]
    return sorted(found, key=lambda each: (each.issuer.name.casefold(), each.issuer.id))


def _mine(account_id: int) -> OwnIssuer:
    """Returns the visitor's own issuer of this account; else aborts with 404."""
    return next((each for each in _own() if each.private.account_id == account_id), None) or abort(404)


def _own_bill(uid: str) -> tuple[BillRow, Issuer]:
    """Returns a bill that the visitor brought in; else aborts with 404."""
    row, issuer = held_bill(uid)
    return (row, issuer) if issuer.private_to == current_user.consumer_id() else abort(404)
