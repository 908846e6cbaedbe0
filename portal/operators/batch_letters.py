"""The letters of a print batch, behind each figure of its page; and by the numbers of their mail pieces, letters that
were lost printed again, and letters that a machine has spoiled cut out of the lot's files."""

from io import BytesIO
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from delivery.channels.paper.letters_of_batch import LETTERS_ASKED, LettersAsked, letters_of_batch
from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import manifest_named
from delivery.channels.paper.reprint import NoSuchSet, note_cut_out, places_of_sets, print_sets_again, sets_of
from export.saved_files.extracted_pages import extract_pages
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.page_address import url_for
from portal.presenters.file_download import download
from portal.public_id_converter import row_of
from portal.translation import language, say
from store.delivery import count_letters
from store.print_batch import PrintBatch
from words import state_names
from words.catalogue import N_

pages = Blueprint("batch_letters", __name__, url_prefix="/equipe/lots/<row(print_batch):batch_id>/plis")

A_PAGE: Final = 50
#: Letters that are cut out at once: a lot's file is opened while somebody waits.
MOST_CUT_OUT: Final = 200
#: The lists, by what the query names them.
_LISTS: Final[dict[str, tuple[LettersAsked, str]]] = {
    "": ("all", N_("tous")),
    "remis": ("handed_over", N_("remis")),
    "imprimes": ("printed", N_("imprimés")),
    "manquants": ("missing", N_("non imprimés")),
    "sans-reponse": ("unheard", N_("sans réponse")),
    "revenus": ("returned", N_("revenus")),
}
#: What the query names a figure of `audit.print_reconciliation`.
LIST_OF: Final = {asked: name for name, (asked, _) in _LISTS.items()}
_AGAIN: Final = N_("{count} lettre part avec le prochain lot.|{count} lettres partent avec le prochain lot.")
assert {asked for asked, _ in _LISTS.values()} == set(LETTERS_ASKED)


@pages.get("")
def show(batch_id: int) -> ResponseReturnValue:
    """*etat* is one of the lists, *suite* where it goes on."""
    session, issuer_id, batch = app_context.reading(), staff_scope.issuer_id(), _batch(batch_id)
    name = request.args.get("etat", "")
    asked, _ = _LISTS.get(name) or abort(404)
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = letters_of_batch(session, batch.id, asked, issuer_id, A_PAGE + 1, after)
    shown = found[:A_PAGE]
    return render_template(
        "operators/batch_letters.html",
        batch=batch,
        letters=shown,
        tabs=[(url_for(".show", batch_id=batch.id, etat=each), say(words), each == name) for each, (_, words) in
              _LISTS.items()],
        first=url_for(".show", batch_id=batch.id, etat=name) if after else None,
        following=url_for(".show", batch_id=batch.id, etat=name, suite=shown[-1].delivery.id)
        if len(found) > A_PAGE else None,
        issuers=staff_scope.issuers(),
        is_all=issuer_id is None,
        wording=state_names,
    )  # fmt: skip


@pages.post("/reimpression")
def print_again(batch_id: int) -> ResponseReturnValue:
    """Print the letters of these mail pieces (`12-14,20`) with the next batch, for a reason: they were lost."""
    batch = _batch(batch_id)
    asked = _asked(batch)
    if isinstance(asked, str):
        return _back(batch, asked)
    with app_context.store().writing() as session:
        who, now = current_user.staff().email, app_context.now()
        again = print_sets_again(session, asked.manifest, asked.pieces, who, asked.reason, now)
    app_context.store().wake_up.send()
    if again:
        flash(say(_AGAIN, n=len(again), count=len(again)), "good")
    return _back(batch, say("Les autres étaient déjà remplacées.") if len(again) < len(asked.pieces) else "", "ask")


@pages.post("/decoupe")
def cut_out(batch_id: int) -> ResponseReturnValue:
    """Save these mail pieces (`12-14,20`) as one PDF, for a reason: a machine has spoiled them. They count as printed
    once, as before; who took them is in the trail."""
    batch = _batch(batch_id)
    asked = _asked(batch, MOST_CUT_OUT)
    if isinstance(asked, str):
        return _back(batch, asked)
    outbox, content = app_context.print_houses().outboxes[batch.house], BytesIO()
    try:
        extract_pages(places_of_sets(asked.manifest, outbox, asked.pieces), content)
    except FileNotFoundError:
        return _back(batch, say("Les fichiers de ce lot ne sont plus dans la boîte d’envoi de son imprimeur."))
    with app_context.store().writing() as session:
        who, now = current_user.staff().email, app_context.now()
        note_cut_out(session, batch.id, form_value("plis", 500), who, asked.reason, now)
    return download(content.getvalue(), f"{batch.name}-plis.pdf", "application/pdf")


class _Asked(NamedTuple):
    """Mail pieces of a lot by their numbers, and why they are asked for."""

    manifest: PrintManifest
    pieces: list[int]
    reason: str


def _asked(batch: PrintBatch, most: int | None = None) -> _Asked | str:
    """Returns what the form names, at most *most* mail pieces; or what is wrong with it, in words."""
    reason, manifest = form_value("reason"), _manifest(batch)
    if not reason:
        return say("Écrivez la raison de votre décision : elle reste avec votre nom.")
    if manifest is None:
        return say("Le manifeste de ce lot n’est plus dans la boîte d’envoi de son imprimeur.")
    try:
        pieces = sets_of(form_value("plis", 500), manifest)
    except NoSuchSet as error:
        return error.spelled(language())
    if most is not None and len(pieces) > most:
        return say("Au plus {count} plis à la fois.", count=most)
    return _Asked(manifest, pieces, reason)


def _back(batch: PrintBatch, words: str, tone: str = "bad") -> ResponseReturnValue:
    if words:
        flash(words, tone)
    return redirect(url_for("batches.show", batch_id=batch.id), 303)


def _batch(batch_id: int) -> PrintBatch:
    """Returns the batch if a print house has it, or it holds letters of the visitor's issuer; else aborts with 404."""
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    batch = session.get(PrintBatch, batch_id) or abort(404)
    is_there = batch.is_printed if issuer_id is None else count_letters(session, [batch.id], issuer_id).get(batch.id)
    return batch if is_there else abort(404)


def _manifest(batch: PrintBatch) -> PrintManifest | None:
    outbox = app_context.print_houses().outboxes.get(batch.house)
    return manifest_named(outbox, batch.name) if batch.name and outbox else None
