"""Routes of one document that a consumer brought in: the form that asks for what it does not say for sure, beside the
pictures of its pages; and taking it away."""

from typing import Final, NamedTuple

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill.document_reading import DocumentReading, Term
from consumers.imports.answer_document import answer_document
from consumers.imports.answered_terms import MAY_LACK, AnsweredTerm, answered, checked_value
from consumers.imports.kept_reading import KeptReading, unpack_reading
from consumers.imports.remove_imports import remove_document
from portal import app_context
from portal.access import current_user
from portal.consumers.imports.asked_terms import CHOSEN, NONE, OTHER, AskedTerm, asked_terms
from portal.form_input import form_value
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.imports.imported_document import ImportedDocument, document_of
from store.vault.encryption import DecryptionFailed
from store.vault.picture_segment import PicturePlace, read_picture

pages: Final = Blueprint("asked_document", __name__, url_prefix="/factures/ajouter/<uid>")

#: The sizes of a picture, as addresses name them.
_SIZES: Final = ("petite", "grande")


class DocumentPage(NamedTuple):
    """A page's two pictures."""

    small: PicturePlace
    large: PicturePlace


@pages.get("")
def show(uid: str) -> ResponseReturnValue:
    """Shows the form; that the document is still being read; or leads to what became of it."""
    document = _mine(uid)
    if document.state == "bill":
        row = app_context.reading().get(BillRow, document.bill_id) or abort(404)
        return redirect(url_for("bill.show", uid=row.uid), 303)
    if document.state not in ("waiting", "asked"):
        return redirect(url_for("add_documents.show"), 303)
    kept = unpack_reading(document.reading)
    return _page(document, kept, asked_terms(kept.reading))


@pages.post("")
def answer(uid: str) -> ResponseReturnValue:
    """Take the answers, and have the document read again with them. What is wrong is said beside each question."""
    document = _mine(uid)
    if document.state != "asked":
        return redirect(url_for(".show", uid=uid), 303)
    kept = unpack_reading(document.reading)
    terms = asked_terms(kept.reading, request.form)
    answers = _answers(kept.reading, terms)
    if answers is None:
        return _page(document, kept, terms), 422
    with app_context.store().writing() as session:
        answer_document(session, document.id, KeptReading(kept.reading, answers, kept.pictures), app_context.now())
    app_context.store().wake_up.send()
    return redirect(url_for(".show", uid=uid), 303)


@pages.post("/retirer")
def remove(uid: str) -> ResponseReturnValue:
    document = _mine(uid)
    if document.state == "bill":
        return redirect(url_for(".show", uid=uid), 303)
    with app_context.store().writing() as session:
        remove_document(session, session.get_one(ImportedDocument, document.id))
    flash(say("{file} est retiré.", file=document.name))
    return redirect(url_for("add_documents.show"), 303)


@pages.get("/pages/<int:n>/<size>")
def picture(uid: str, n: int, size: str) -> ResponseReturnValue:
    """Returns the picture of a page, the pages numbered from 1. No cache keeps it."""
    document = _mine(uid)
    pictures = unpack_reading(document.reading).pictures
    drawn = _pages(unpack_reading(document.reading))
    if pictures is None or size not in _SIZES or not 1 <= n <= len(drawn):
        abort(404)
    store, session = app_context.store(), app_context.reading()
    key = session.get_one(CustomerAccount, document.account_id).encrypted_key
    place = drawn[n - 1][_SIZES.index(size)]
    try:
        # Bound to the document: bills count up from 0, documents down.
        content = read_picture(store.blobs, store.encryptor, key, -document.id, pictures.blob_sha256, place)
    except (BlobMissing, BlobChanged, DecryptionFailed):
        abort(404)
    answer = Response(content, mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return answer


def _mine(uid: str) -> ImportedDocument:
    """Returns the visitor's document; else aborts with 404."""
    return document_of(app_context.reading(), current_user.consumer_id(), uid) or abort(404)


def _page(document: ImportedDocument, kept: KeptReading, terms: list[AskedTerm]) -> str:
    return render_template(
        "consumers/imports/asked_document.html",
        document=document,
        is_waiting=document.state == "waiting",
        terms=terms,
        drawn=_pages(kept),
        pages=kept.pictures.pages if kept.pictures else 0,
        chosen=CHOSEN,
        other=OTHER,
        no_value=NONE,
    )


def _pages(kept: KeptReading) -> list[DocumentPage]:
    if kept.pictures is None:
        return []
    places = [PicturePlace(n, *place) for n, place in enumerate(kept.pictures.places)]
    return [DocumentPage(*pair) for pair in zip(places[::2], places[1::2], strict=True)]


def _answers(reading: DocumentReading, terms: list[AskedTerm]) -> dict[str, AnsweredTerm] | None:
    """The answers by term; None where one is missing or is no such value, which its question says then."""
    found: dict[str, AnsweredTerm] = {}
    for n, asked in enumerate(terms):
        value = _value(asked.term)
        if form_value(asked.term) and form_value(f"{CHOSEN}{asked.term}") not in ("", OTHER):
            terms[n] = asked._replace(error=say("Choisissez ou écrivez, pas les deux."))
        elif value is None:
            terms[n] = asked._replace(error=asked.wrong)
        elif not value and asked.term not in MAY_LACK:
            terms[n] = asked._replace(error=say("Dites-le : c’est ce qu’il faut pour ranger la facture."))
        elif not value and asked.is_needed and form_value(f"{CHOSEN}{asked.term}") != NONE:
            terms[n] = asked._replace(error=say("Dites-le, ou qu’il n’y en a pas."))
        elif value == reading.term(asked.term).sure:
            found[asked.term] = AnsweredTerm(value, "read")
        else:
            found[asked.term] = answered(reading, asked.term, value)
    return None if any(each.error for each in terms) else found


def _value(term: Term) -> str | None:
    """What the visitor chose or typed for a term, as it is stored; "" for nothing, None for what is no such value."""
    chosen = form_value(f"{CHOSEN}{term}")
    if chosen == NONE:
        return ""
    typed = form_value(term) if chosen in ("", OTHER) else chosen
    return checked_value(term, typed)
