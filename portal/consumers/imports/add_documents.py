"""Routes of the page where a consumer adds bills of their own: they choose files, and see what became of each."""

from typing import Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.imports.import_document import LARGEST, MOST_A_DAY, NotTaken, PersonHasLeft, import_document
from portal import app_context
from portal.access import current_user
from portal.presenters.amounts_and_dates import size
from portal.presenters.reason_text import reason_text
from portal.translation import say
from store.bills.bill import BillRow
from store.imports.imported_document import ImportedDocument, documents_of

pages: Final = Blueprint("add_documents", __name__)

#: Files that are sent together.
MOST_FILES: Final = 20
#: Documents that the page tells of.
_TOLD: Final = 30


class DocumentOnPage(NamedTuple):
    """A document with what became of it, in words, and the bill that it is."""

    row: ImportedDocument
    words: str
    bill: BillRow | None


@pages.get("/factures/ajouter")
def show() -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer_id()
    documents = [_on_page(each) for each in documents_of(session, me, limit=_TOLD)]
    return render_template(
        "consumers/imports/add_documents.html",
        asked=[each for each in documents if each.row.state == "asked"],
        others=[each for each in documents if each.row.state != "asked"],
        again=2 if any(each.row.state == "waiting" for each in documents) else None,
        largest=size(LARGEST),
        most=MOST_FILES,
    )


@pages.post("/factures/ajouter")
def add() -> ResponseReturnValue:
    """Take the files in, each for itself: what is wrong with one keeps no other back."""
    store, me, now = app_context.store(), current_user.consumer_id(), app_context.now()
    files = [each for each in request.files.getlist("fichiers") if each.filename][:MOST_FILES]
    if not files:
        flash(say("Choisissez au moins un fichier."), "bad")
    for file in files:
        name = file.filename or ""
        try:
            import_document(store, me, name, file.stream.read(LARGEST + 1), now)
        except NotTaken as refused:
            flash(_refusal(name, refused), "bad")
        except PersonHasLeft:
            break  # in another window, a moment ago
    return redirect(url_for(".show"), 303)


def _refusal(name: str, refused: NotTaken) -> str:
    shown = "".join(c for c in name if c.isprintable())[:100]
    match refused.why:
        case "empty":
            return say("{file} est vide.", file=shown)
        case "too_large":
            return say("{file} dépasse {size} : il n’a pas été pris.", file=shown, size=size(LARGEST))
        case "too_many":
            return say("{file} : vous avez déjà ajouté {count} fichiers aujourd’hui.", file=shown, count=MOST_A_DAY)


def _on_page(row: ImportedDocument) -> DocumentOnPage:
    bill = app_context.reading().get(BillRow, row.bill_id) if row.bill_id and row.state in ("bill", "known") else None
    match row.state:
        case "waiting":
            words = say("lecture en cours")
        case "asked":
            words = say("à compléter")
        case "bill":
            words = say("ajoutée")
        case _:
            words = reason_text(row.reason)
    return DocumentOnPage(row, words, bill)
