"""Routes of a bill's pages as pictures: asking for them, the page that shows them, each picture."""

from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.consumers.bills.held_bill import held_bill, note_look
from portal.presenters.page_pictures import again_after, ask_to_draw, kept_pictures, picture_file
from store.delivery import deliveries_of

pages: Final = Blueprint("page_pictures", __name__)


@pages.get("/factures/<uid>/pages")
def show(uid: str) -> ResponseReturnValue:
    """Shows the pages; or that they are being drawn, cannot be drawn, or were not asked for."""
    row, issuer = held_bill(uid)
    pictures = kept_pictures(row)
    note_look(row, deliveries_of(app_context.reading(), row.id))
    return render_template(
        "consumers/bills/page_pictures.html", row=row, issuer=issuer, pictures=pictures, again=again_after(pictures)
    )


@pages.post("/factures/<uid>/pages")
def ask(uid: str) -> ResponseReturnValue:
    """Ask for the pictures."""
    row, _ = held_bill(uid)
    ask_to_draw(row)
    return redirect(url_for(".show", uid=uid), 303)


@pages.get("/factures/<uid>/pages/<int:n>/<size>")
def picture(uid: str, n: int, size: str) -> ResponseReturnValue:
    """Returns a page's picture, the pages numbered from 1."""
    row, _ = held_bill(uid)
    return picture_file(row, n, size)
