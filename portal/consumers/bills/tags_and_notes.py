"""Routes of a reader's own tags and note on a bill. Nobody else sees them, and they are no look at the bill."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.consumers.bills.held_bill import held_bill
from portal.form_input import form_value, several_lines
from portal.presenters.amounts_and_dates import number
from portal.translation import say
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.bills.bill_note import LONGEST_NOTE, note_on, write_note
from store.bills.bill_tag import LONGEST_TAG, MOST_TAGS, tag_bill, tags_of_bill, tags_of_consumer, untag_bill
from store.db.row_locks import ROW_LOCK

pages = Blueprint("tags_and_notes", __name__, url_prefix="/factures/<uid>")


def tags_and_notes(row: BillRow) -> dict[str, Any]:
    """Returns what the bill's page shows of them: the visitor's tags and note on it, and the tags to choose from."""
    session, me = app_context.reading(), current_user.consumer_id()
    mine = tags_of_bill(session, me, row.id)
    others = [name for name in tags_of_consumer(session, me).values() if name not in mine]
    return {
        "tags": mine, "other_tags": others, "note": note_on(session, me, row.id), "longest_tag": LONGEST_TAG,
        "longest_note": LONGEST_NOTE, "may_tag": len(mine) < MOST_TAGS,
    }  # fmt: skip


@pages.post("/etiquettes")
def tag(uid: str) -> ResponseReturnValue:
    """Put tags on the bill: one, or several parted by commas."""
    row, _ = held_bill(uid)
    names = [each for each in (" ".join(each.split()) for each in form_value("etiquette").split(",")) if each]
    if any(len(each) > LONGEST_TAG for each in names):
        flash(say("Une étiquette a {count} caractères au plus.", count=LONGEST_TAG), "bad")
        return _back(uid)
    with app_context.store().writing() as session:
        me = session.get_one(Consumer, current_user.consumer_id(), with_for_update=ROW_LOCK)
        done = [tag_bill(session, me.id, row.id, each, app_context.now()) for each in names]
    if "too_many" in done:
        flash(say("Une facture porte {count} étiquettes au plus.", count=MOST_TAGS), "bad")
    return _back(uid)


@pages.post("/etiquettes/retirer")
def untag(uid: str) -> ResponseReturnValue:
    row, _ = held_bill(uid)
    with app_context.store().writing() as session:
        untag_bill(session, current_user.consumer_id(), row.id, form_value("etiquette"))
    return _back(uid)


@pages.post("/note")
def write(uid: str) -> ResponseReturnValue:
    """Write the note in place of the one before; an empty one takes it away."""
    row, _ = held_bill(uid)
    text = several_lines("note")
    if len(text) > LONGEST_NOTE:
        flash(say("Une note a {count} caractères au plus : elle reste comme avant.", count=number(LONGEST_NOTE)), "bad")
        return _back(uid)
    with app_context.store().writing() as session:
        me = session.get_one(Consumer, current_user.consumer_id(), with_for_update=ROW_LOCK)
        write_note(session, me.id, row.id, text, app_context.now())
    return _back(uid)


def _back(uid: str) -> ResponseReturnValue:
    return redirect(url_for("bill.show", uid=uid, _anchor="etiquettes"), 303)
