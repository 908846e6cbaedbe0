"""The heirs of a customer who has died: recorded by an operator on a document, shown to staff alone, and ended."""

from typing import Final, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.heirs.end_heir import end_heir
from consumers.heirs.heir_document import ENDINGS, LARGEST_DOCUMENT, LONGEST_REFERENCE, HeirDocument, NotADocument
from consumers.heirs.record_heir import record_heir
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, typed_email
from portal.translation import language, say
from store.accounts.consumer import Consumer, consumer_by_email
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import has_died
from store.heirs.heir import HEIR_DOCUMENTS, Heir, HeirDocumentKind, heirs_of, read_heir_document
from store.issuer import Issuer
from words import state_names
from words.catalogue import N_

pages = Blueprint("heirs", __name__, url_prefix="/equipe/clients/<row(account):account_id>/heritiers")

_NOBODY: Final = N_("Personne n’a confirmé cette adresse ici : l’héritier s’inscrit d’abord, et confirme son adresse.")
_REFUSED: Final = {
    "not_confirmed": _NOBODY,
    "alive": N_("L’émetteur ne dit pas que ce client est décédé."),
    "holds": N_("Cette personne suit déjà ce contrat."),
    "suspended": N_("L’accès de cette personne à ce contrat est suspendu : décidez d’abord du litige."),
}
_REASON: Final = N_("Écrivez la raison de votre décision : elle reste avec votre nom.")


@pages.get("")
def show(account_id: int) -> ResponseReturnValue:
    return _page(_account(account_id), {})


@pages.post("")
def record(account_id: int) -> ResponseReturnValue:
    """Record an heir on a document."""
    account, given = _account(account_id), request.files.get("document")
    kind = form_value("kind", 12)
    if kind not in HEIR_DOCUMENTS:
        return _page(account, {"kind": say("Choisissez ce qui le prouve.")}), 422
    person = consumer_by_email(app_context.reading(), typed_email())
    if person is None:
        return _page(account, {"email": say(_NOBODY)}), 422
    content = given.stream.read(LARGEST_DOCUMENT + 1) if given is not None else b""
    try:
        document = HeirDocument(cast("HeirDocumentKind", kind), form_value("reference", LONGEST_REFERENCE), content)
    except NotADocument as error:
        return _page(account, {"document": error.spelled(language())}), 422
    store, who = app_context.store(), current_user.staff().email
    with store.writing() as session:
        answer = record_heir(session, store, account.id, person.id, document, who, app_context.now())
    if not isinstance(answer, Heir):
        return _page(account, {"email": say(_REFUSED[answer])}), 422
    store.wake_up.send()
    flash(say("C’est noté : {name} lit ce contrat comme héritier, et en est prévenu.", name=person.name), "good")
    return redirect(url_for(".show", account_id=account.id), 303)


@pages.post("/<row(heir):heir_id>/fin")
def end(account_id: int, heir_id: int) -> ResponseReturnValue:
    account, heir = _heir(account_id, heir_id)
    reason = form_value("reason")
    if not reason:
        return _page(account, {f"reason {heir.id}": say(_REASON)}), 422
    with app_context.store().writing() as session:
        done = end_heir(session, heir.id, current_user.staff().email, reason, app_context.now())
    app_context.store().wake_up.send()
    flash(say("C’est noté : cet accès a pris fin.") if done else say("Quelqu’un a décidé avant vous."), "good")
    return redirect(url_for(".show", account_id=account.id), 303)


@pages.get("/<row(heir):heir_id>/document")
def document(account_id: int, heir_id: int) -> ResponseReturnValue:
    """Answers with the document, as a file to save: a browser shows nothing of it here."""
    _, heir = _heir(account_id, heir_id)
    store = app_context.store()
    content = read_heir_document(app_context.reading(), store.blobs, store.encryptor, heir)
    answer = Response(content, mimetype=heir.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"succession{ENDINGS[heir.media_type]}")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(account: CustomerAccount, wrong: dict[str, str]) -> str:
    session = app_context.reading()
    heirs = heirs_of(session, account.id)
    return render_template(
        "operators/decisions/heirs.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        is_dead=has_died(session, account),
        heirs=[(each, session.get_one(Consumer, each.consumer_id)) for each in heirs],
        kinds=[(kind, say(state_names.HEIR_DOCUMENT[kind])) for kind in HEIR_DOCUMENTS],
        kind_names=state_names.HEIR_DOCUMENT,
        wrong=wrong,
        typed=request.form,
        most=LONGEST_REFERENCE,
    )


def _account(account_id: int) -> CustomerAccount:
    """Returns the account if it is in the visitor's scope; else aborts with 404."""
    account = app_context.reading().get(CustomerAccount, account_id) or abort(404)
    staff_scope.check(account.issuer_id)
    return account


def _heir(account_id: int, heir_id: int) -> tuple[CustomerAccount, Heir]:
    account = _account(account_id)
    heir = app_context.reading().get(Heir, heir_id)
    if heir is None or heir.account_id != account.id:
        abort(404)
    return account, heir
