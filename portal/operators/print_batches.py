"""Routes of print batches: the list with states and letters, a batch's reconciliation, its manifest, the settling of a
dispute with its print house; open batches closed before their cut-off, and answers about no lot put aside."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import delivery
from audit.print_reconciliation import reconcile
from delivery.channels.paper.close_early import close_early
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.presenters.amounts_and_dates import number
from portal.presenters.file_download import download
from portal.public_id_converter import row_of
from portal.translation import say
from store.delivery import count_letters
from store.print_answer import PrintAnswer, answers_about, stray_answers
from store.print_batch import PrintBatch, batches, batches_with_letters_of
from words import state_names
from words.catalogue import N_

pages = Blueprint("batches", __name__, url_prefix="/equipe/lots")

#: Print batches on a page.
A_PAGE: Final = 50
_UNREASONED: Final = N_("Écrivez la raison de votre décision : elle reste avec votre nom.")
_LEAVES: Final = N_("{count} lettre part maintenant.|{count} lettres partent maintenant.")


class BatchRow(NamedTuple):
    """A batch and how many of its letters are in the visitor's scope."""

    batch: PrintBatch
    letters: int


@pages.get("")
def show_all() -> ResponseReturnValue:
    session, is_all = app_context.reading(), staff_scope.issuer_id() is None
    before = row_of(request.args.get("suite", ""), "cursor")
    found = latest_batches(session, staff_scope.issuer_id(), A_PAGE + 1, before)
    shown = found[:A_PAGE]
    return render_template(
        "operators/print_batches.html",
        batches=shown,
        first=url_for(".show_all") if before else None,
        following=url_for(".show_all", suite=shown[-1].batch.id) if len(found) > A_PAGE else None,
        strays=stray_answers(session) if is_all and not before else [],
        is_any_open=is_all and any(each.batch.state == "open" and each.letters for each in found),
        is_all=is_all,
        wording=state_names,
    )


@pages.post("/fermeture")
def close() -> ResponseReturnValue:
    """Closes the open batches before their cut-off, for a reason: the worker composes them and hands them over."""
    reason, page = form_value("reason"), redirect(url_for(".show_all"), 303)
    if not reason:
        flash(say(_UNREASONED), "bad")
        return page
    with app_context.store().writing() as session:
        letters = close_early(session, current_user.staff().email, reason, app_context.now())
    app_context.store().wake_up.send()
    if letters:
        flash(say(_LEAVES, n=letters, count=number(letters)), "good")
    else:
        flash(say("Aucune lettre n’attend."), "ask")
    return page


@pages.post("/reponses/<row(print_answer):answer_id>")
def dismiss(answer_id: int) -> ResponseReturnValue:
    """Puts an answer aside that is about no lot of ours, for a reason: somebody has looked into it."""
    answer, reason = app_context.reading().get(PrintAnswer, answer_id) or abort(404), form_value("reason")
    page = redirect(url_for(".show_all"), 303)
    if not reason:
        flash(say(_UNREASONED), "bad")
        return page
    with app_context.store().writing() as session:
        who = current_user.staff().email
        is_settled = delivery.settle_stray_answer(session, answer.id, who, reason, app_context.now())
    _tell(say("La réponse est mise de côté."), is_settled=is_settled)
    return page


@pages.get("/<row(print_batch):batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """A batch with what became of its letters; of an issuer's own letters where a member of its staff asks."""
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    batch = session.get(PrintBatch, batch_id) or abort(404)
    letters = count_letters(session, [batch.id], issuer_id).get(batch.id, 0)
    if not (batch.is_printed if issuer_id is None else letters):
        abort(404)
    return render_template(
        "operators/print_batch.html",
        batch=batch,
        is_all=issuer_id is None,
        is_configured=app_context.print_houses().named(batch.house) is not None,
        letters=letters,
        figures=reconcile(session, batch.id, issuer_id),
        answers=answers_about(session, batch.id) if issuer_id is None else [],
        wording=state_names,
    )


@pages.post("/<row(print_batch):batch_id>/accord")
def settle(batch_id: int) -> ResponseReturnValue:
    """Settles a dispute: what was not sent again counts as printed."""
    batch, reason = app_context.reading().get(PrintBatch, batch_id) or abort(404), form_value("reason")
    page = redirect(url_for(".show", batch_id=batch.id), 303)
    if not reason:
        flash(say(_UNREASONED), "bad")
        return page
    with app_context.store().writing() as session:
        who = current_user.staff().email
        is_settled = delivery.settle_dispute(session, batch.id, who, reason, app_context.now())
    _tell(say("Le lot est tenu pour imprimé, sauf les lettres réimprimées."), is_settled=is_settled)
    return page


def _tell(settled: str, *, is_settled: bool) -> None:
    """Tell that it is *settled*, or that somebody else was quicker."""
    if is_settled:
        flash(settled, "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")


@pages.get("/<row(print_batch):batch_id>/manifeste")
def manifest(batch_id: int) -> ResponseReturnValue:
    """Downloads a batch's manifest. For operators only: a batch holds letters of every issuer."""
    batch = app_context.reading().get(PrintBatch, batch_id)
    outbox = app_context.print_houses().outboxes.get(batch.house) if batch else None
    path = outbox / f"{batch.name}.json" if batch and batch.name and outbox else None
    if path is None or not path.is_file():
        abort(404)
    return download(path, path.name, "application/json")


def latest_batches(
    session: Session, issuer_id: int | None, limit: int, before: int | None = None
) -> list[BatchRow]:  # fmt: skip
    """Returns the latest print batches, newest first; with *issuer_id* those that hold letters of this issuer, and how
    many of it. *before* is the last id of the page before."""
    if issuer_id is None:
        latest = batches(session, limit, before=before)
        waiting = count_letters(session, [batch.id for batch in latest if batch.state == "open"])
        return [BatchRow(batch, waiting.get(batch.id, batch.letters)) for batch in latest]
    latest = batches_with_letters_of(session, issuer_id, limit, before)
    letters = count_letters(session, [batch.id for batch in latest], issuer_id)
    return [BatchRow(batch, letters[batch.id]) for batch in latest]
