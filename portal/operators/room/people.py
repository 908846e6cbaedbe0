"""People who sign in, for operators: found by e-mail address, name or contract; one person's space with their accounts;
their sessions ended, their space closed, they themselves erased (GDPR, art. 17). Each look is kept in the audit trail.

What concerns one account (address, death, heirs, end of contract) stands on the account's page.
"""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from consumers.leaving.erase_person import rehearse_erasure
from delivery.close_space_to_paper import close_space_to_paper
from portal import app_context
from portal.access import current_user, staff_scope
from portal.fetched_by_itself import is_fetched_by_itself
from portal.form_input import form_value, one_line
from portal.operators.presenters.act_text import told_acts
from portal.page_address import url_for
from portal.translation import say
from store.accounts.consumer import Consumer, accounts_of, holders_of
from store.accounts.phone import phones_of
from store.db.acts import ActFilter, acts
from store.db.event import record, record_all
from store.last_worked_as_of import business_now
from store.leaving.space_closing import closing_of
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import second_factors_of
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of, sessions_of
from store.staff_search.found_people import people_found
from store.staff_search.part_index import SHORTEST
from store.test_sides.side_customer import side_of_address
from words import state_names

pages = Blueprint("people", __name__, url_prefix="/equipe/personnes")

_MOST: Final = 20
_HISTORY: Final = 20


@pages.get("")
def search() -> ResponseReturnValue:
    """*q* is an e-mail address, a name or a contract's number. Whoever is found is told in the audit trail."""
    said = one_line(request.args.get("q", ""), 200)
    found = people_found(app_context.reading(), list(staff_scope.issuers()), said, _MOST) if said else []
    _note([each.id for each in found], "found")
    accounts = {each.id: accounts_of(app_context.reading(), each.id) for each in found}
    return render_template(
        "operators/room/people.html", said=said, found=found, accounts=accounts, issuers=staff_scope.issuers(),
        is_short=len(said.replace(" ", "")) < SHORTEST,
    )  # fmt: skip


@pages.get("/<row(consumer):consumer_id>")
def show(consumer_id: int) -> ResponseReturnValue:
    person = _person(consumer_id)
    _note([person.id], "looked at")
    return _page(person)


@pages.post("/<row(consumer):consumer_id>/sessions")
def end_sessions(consumer_id: int) -> ResponseReturnValue:
    """End the person's sessions on every device, for a reason: somebody else is in, or a device is lost."""
    person, reason = _person(consumer_id), form_value("reason")
    if not reason:
        return _page(person, _unreasoned()), 422
    with app_context.store().writing() as session:
        ended = end_sessions_of(session, SessionOwner.of(person))
        who, now = current_user.staff().email, app_context.now()
        record(session, "consumer", person.id, "sessions ended", now, by=who, why=reason)
    flash(say("{count} session est fermée.|{count} sessions sont fermées.", n=ended, count=ended), "good")
    return redirect(url_for(".show", consumer_id=person.id), 303)


@pages.get("/<row(consumer):consumer_id>/effacer")
def ask_to_erase(consumer_id: int) -> ResponseReturnValue:
    return _question(_person(consumer_id))


@pages.post("/<row(consumer):consumer_id>/effacer")
def erase(consumer_id: int) -> ResponseReturnValue:
    """Close the person's space; a worker erases them as soon as the e-mail that says so has left."""
    person, reason = _person(consumer_id), form_value("reason", 100)
    if not reason:
        return _question(person, _unreasoned()), 422
    by = f"{current_user.staff().email} ({reason})"
    with app_context.store().writing() as session:
        at = business_now(session, app_context.now())
        is_new = close_space_to_paper(session, person.id, at, by, at_once=True)
    app_context.store().wake_up.send()
    if is_new:
        flash(say("L’espace est fermé. La personne est effacée dès que le courriel qui le lui dit est parti."), "good")
    else:
        flash(say("Son espace était déjà fermé : la personne est effacée au plus tôt."), "ask")
    return redirect(url_for(".search"), 303)


def _question(person: Consumer, wrong: str = "") -> str:
    """What would go and what stays, counted by doing it in a transaction that is rolled back."""
    with app_context.store().writing() as session:
        counted = rehearse_erasure(session, person.id, business_now(session, app_context.now()))
        session.rollback()
    return render_template("operators/room/erase_person.html", person=person, rows=sum(counted.values()), wrong=wrong)


def _page(person: Consumer, wrong: str = "") -> str:
    session = app_context.reading()
    accounts = accounts_of(session, person.id)
    of_person = ActFilter(subject="consumer", subject_id=person.id)
    return render_template(
        "operators/room/person.html",
        person=person,
        closing=closing_of(session, person.id),
        accounts=accounts,
        holders=holders_of(session, [each.id for each in accounts]),
        phone=phones_of(session, [person.id]).get(person.id),
        has_second_factor=second_factors_of(session, FactorOwner.of(person)).is_any,
        sessions=len(sessions_of(session, SessionOwner.of(person), app_context.today())),
        acts=told_acts(session, acts(session, of_person, _HISTORY).acts),
        issuers=staff_scope.issuers(),
        wording=state_names,
        wrong=wrong,
    )


def _person(consumer_id: int) -> Consumer:
    """Returns the person. Aborts with 404 where there is nobody, or they were erased, or play on a test side."""
    person = app_context.reading().get(Consumer, consumer_id)
    if person is None or person.is_erased or side_of_address(person.email) is not None:
        abort(404)
    return person


def _note(consumer_ids: list[int], what: str) -> None:
    """Keep in the audit trail that the visitor saw these people; a prefetch sees nobody."""
    if not consumer_ids or is_fetched_by_itself():
        return
    with app_context.store().writing() as session:
        record_all(session, "consumer", consumer_ids, what, app_context.now(), by=current_user.staff().email)


def _unreasoned() -> str:
    return say("Écrivez la raison de votre décision : elle reste avec votre nom.")
