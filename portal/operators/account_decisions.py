"""One customer's account: what a named person decides about it. The customer has died, has moved, the contract ends, or
its letters are held back.

An issuer's members decide about their own customers; an operator may too.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bill import PostalAddress
from customers.state_closing import state_closing
from delivery.channels.paper.mend_address import AddressGiver, give_address
from delivery.decide_bereavement import decide_bereavement
from delivery.letter_holds import hold_letters_back, let_letters_go
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_text, trail_of
from delivery.stated_moves import MoveDecision, decide_move
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.postal_address_form import LONGEST_LINE, countries, lacking, typed_address
from portal.translation import language, say
from store.accounts.address_suppression import accounts_to_ask
from store.accounts.bereavement_decision import BereavementDecision, BereavementVerdict
from store.accounts.customer_account import CustomerAccount
from store.accounts.letter_hold import holds_of
from store.accounts.stated_move import open_move_of
from store.customers.customer_reference import references_of
from store.issuer import Issuer
from store.last_worked_as_of import business_now
from words import state_names
from words.catalogue import N_

pages = Blueprint("account_decisions", __name__, url_prefix="/equipe/clients/<row(account):account_id>")

_VERDICTS: Final[dict[str, BereavementVerdict]] = {"succession": "estate", "retenir": "held", "vivant": "alive"}
_MOVES: Final[dict[str, MoveDecision]] = {"confirmer": "confirmed", "refuser": "refused"}
_GO_ON: Final = N_("C’est décidé : {count} lettre part.|C’est décidé : {count} lettres partent.")
_STAY: Final = N_("C’est décidé : {count} lettre reste retenue.|C’est décidé : {count} lettres restent retenues.")
_HOLDS: Final[dict[str, tuple[Callable[[Session, int, str, str, datetime], int | None], str]]] = {
    "retenir": (hold_letters_back, _STAY), "laisser": (let_letters_go, _GO_ON),
}  # fmt: skip
_REASON: Final = N_("Écrivez la raison de votre décision : elle reste avec votre nom.")
_BEFORE: Final = N_("Quelqu’un a décidé avant vous.")
_NO_NUMBER: Final = N_("Ce compte n’a pas de numéro à lui : sa fin ne peut être dite ici.")


@pages.get("")
def show(account_id: int) -> ResponseReturnValue:
    return _page(_mine(account_id), "", PostalAddress(country="FR"), {})


@pages.post("/deces")
def bereavement(account_id: int) -> ResponseReturnValue:
    """Decide where the bills of a dead customer go: to who settles the estate, nowhere, or as before."""
    account, reason = _mine(account_id), form_value("reason")
    verdict = _VERDICTS.get(request.form.get("decision", "")) or abort(400)
    address = typed_address()
    wrong = (lacking(address) if verdict == "estate" else {}) | _unreasoned(reason)
    if verdict == "estate" and not form_value("name"):
        wrong["name"] = say("Dites qui règle la succession.")
    if wrong:
        return _page(account, "deces", address, wrong), 422
    who, now = current_user.staff().email, app_context.now()
    to = _estate_address(form_value("name", LONGEST_LINE), address) if verdict == "estate" else None
    decision = BereavementDecision(verdict=verdict, by=who, reason=reason, address=to)
    with app_context.store().writing() as session:
        letters = decide_bereavement(session, account_id, decision, now)
    return _decided(account_id, letters, _STAY if verdict == "held" else _GO_ON)


@pages.post("/demenagement")
def move(account_id: int) -> ResponseReturnValue:
    """Confirm or refuse the address that a holder has given."""
    account, reason = _mine(account_id), form_value("reason")
    decision = _MOVES.get(request.form.get("decision", "")) or abort(400)
    if wrong := _unreasoned(reason):
        return _page(account, "demenagement", PostalAddress(country="FR"), wrong), 422
    with app_context.store().writing() as session:
        letters = decide_move(
            session, account_id, decision, current_user.staff().email, reason, app_context.today(), app_context.now()
        )
    return _decided(account_id, letters, _GO_ON)


@pages.post("/adresse")
def address(account_id: int) -> ResponseReturnValue:
    """Keep another address for the account's letters."""
    account, given, reason = _mine(account_id), typed_address(), form_value("reason")
    if wrong := lacking(given) | _unreasoned(reason):
        return _page(account, "adresse", given, wrong), 422
    with app_context.store().writing() as session:
        giver = AddressGiver(current_user.staff().email)
        letters = give_address(session, account_id, given, giver, reason, app_context.now())
    return _decided(account_id, letters, _GO_ON)


@pages.post("/fin")
def closing(account_id: int) -> ResponseReturnValue:
    """Keep the contract's last day."""
    account, reason = _mine(account_id), form_value("reason")
    day, wrong = _day(form_value("day", 10)), _unreasoned(reason)
    if day is None:
        wrong["day"] = say("Donnez un jour.")
    if wrong:
        return _page(account, "fin", PostalAddress(country="FR"), wrong), 422
    with app_context.store().writing() as session:
        kept = session.get_one(CustomerAccount, account_id)
        by = f"{current_user.staff().email} ({reason})"
        applied = state_closing(
            session, kept, day, by, app_context.store().encryptor.encrypt_key, app_context.now()
        )  # fmt: skip
    app_context.store().wake_up.send()
    if applied is None:
        flash(say(_NO_NUMBER), "bad")
    else:
        flash(say("C’est noté. Ses factures restent où elles sont, et celles qui viennent partent encore."), "good")
    return redirect(url_for(".show", account_id=account_id), 303)


@pages.post("/lettres")
def letters(account_id: int) -> ResponseReturnValue:
    """Hold the account's letters back, those on their way and those to come, or let them go."""
    account, reason = _mine(account_id), form_value("reason")
    decision = _HOLDS.get(request.form.get("decision", "")) or abort(400)
    if wrong := _unreasoned(reason):
        return _page(account, "lettres", PostalAddress(country="FR"), wrong), 422
    decide, words = decision
    with app_context.store().writing() as session:
        now = business_now(session, app_context.now())
        changed = decide(session, account_id, current_user.staff().email, reason, now)
    return _decided(account_id, changed, words)


def _decided(account_id: int, letters: int | None, words: str) -> ResponseReturnValue:
    app_context.store().wake_up.send()
    flash(
        say(_BEFORE) if letters is None else say(words, n=letters, count=letters), "ask" if letters is None else "good"
    )
    return redirect(url_for(".show", account_id=account_id), 303)


def _page(account: CustomerAccount, tried: str, given: PostalAddress, wrong: dict[str, str]) -> str:
    """*tried* is the form that lacks something: `deces`, `demenagement`, `adresse`, `fin` or `lettres`."""
    session = app_context.reading()
    reference = references_of(session, [account.id]).get(account.id)
    relationship = relationships_of(session, [account.id], app_context.now(), app_context.calendar())[account.id]
    return render_template(
        "operators/decisions/account_decisions.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        relationship=relationship,
        reference=reference,
        came_back=accounts_to_ask(session, [account]).get(account.id),
        stated=open_move_of(session, account.id),
        hold=holds_of(session, [account.id]).get(account.id),
        trail=[
            (each.at, step_text(each, language()), each.words if each.basis == "decision" else "")
            for each in trail_of(session, account.id)
        ],
        wording=state_names,
        tried=tried,
        address=given,
        countries=countries(given),
        wrong=wrong,
        most=LONGEST_LINE,
    )


def _mine(account_id: int) -> CustomerAccount:
    """Returns the account if it is in the visitor's scope; else aborts with 404."""
    account = app_context.reading().get(CustomerAccount, account_id) or abort(404)
    staff_scope.check(account.issuer_id)
    return account


def _unreasoned(reason: str) -> dict[str, str]:
    return {} if reason else {"reason": say(_REASON)}


def _estate_address(name: str, given: PostalAddress) -> PostalAddress:
    """The address as letters of an estate have it: who settles it stands in its first line."""
    complement = ", ".join(part for part in (given.line2, given.line3) if part)
    return PostalAddress(
        line1=name, line2=given.line1, line3=complement, postcode=given.postcode, city=given.city,
        subdivision=given.subdivision, country=given.country,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
