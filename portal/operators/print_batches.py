"""Routes of print batches: the list with states and letters, and a batch's manifest."""

from typing import NamedTuple

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.access import staff_scope
from portal.presenters.file_download import download
from store.delivery import count_letters
from store.print_batch import PrintBatch, batches
from words import state_names

pages = Blueprint("batches", __name__, url_prefix="/equipe/lots")


class BatchRow(NamedTuple):
    """A batch and how many of its letters are in the visitor's scope."""

    batch: PrintBatch
    letters: int


@pages.get("")
def show_all() -> ResponseReturnValue:
    shown = latest_batches(app_context.reading(), staff_scope.issuer_id(), 50)
    return render_template(
        "operators/print_batches.html", batches=shown, is_all=staff_scope.issuer_id() is None, wording=state_names
    )


@pages.get("/<row(print_batch):batch_id>/manifeste")
def manifest(batch_id: int) -> ResponseReturnValue:
    """Downloads a batch's manifest. For operators only: a batch holds letters of every issuer."""
    batch = app_context.reading().get(PrintBatch, batch_id)
    outbox = app_context.print_houses().outboxes.get(batch.house) if batch else None
    path = outbox / f"{batch.name}.json" if batch and batch.name and outbox else None
    if path is None or not path.is_file():
        abort(404)
    return download(path, path.name, "application/json")


def latest_batches(session: Session, issuer_id: int | None, limit: int) -> list[BatchRow]:
    """Returns the latest print batches, newest first; with *issuer_id* those that hold letters of this issuer."""
    latest = batches(session, limit)
    if issuer_id is None:
        waiting = count_letters(session, [batch.id for batch in latest if batch.state == "open"])
        return [BatchRow(batch, waiting.get(batch.id, batch.letters)) for batch in latest]
    letters = count_letters(session, [batch.id for batch in latest], issuer_id)
    return [BatchRow(batch, letters[batch.id]) for batch in latest if batch.id in letters]
