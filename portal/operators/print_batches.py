"""Routes of print batches: the list with states and letters, a batch's reconciliation, its manifest, and the settling
of a dispute with its print house."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import delivery
from audit.print_reconciliation import reconcile
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.presenters.file_download import download
from portal.public_id_converter import row_of
from portal.translation import say
from store.delivery import count_letters
from store.print_answer import answers_about, stray_answers
from store.print_batch import PrintBatch, batches, batches_with_letters_of
from words import state_names

pages = Blueprint("batches", __name__, url_prefix="/equipe/lots")


#: Print batches on a page.
A_PAGE: Final = 50


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
        is_all=is_all,
        wording=state_names,
    )


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
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with app_context.store().writing() as session:
        who = current_user.staff().email
        is_settled = delivery.settle_dispute(session, batch.id, who, reason, app_context.now())
    if is_settled:
        flash(say("Le lot est tenu pour imprimé, sauf les lettres réimprimées."), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page


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
