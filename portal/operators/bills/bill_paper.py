"""Routes of a bill's paper for staff: its archived PDF, and its pages as pictures beside the trace. That staff have
looked is not that its customer has."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.operators.bills.bill_trace import pages
from portal.operators.bills.traced_bill import archived_bill
from portal.presenters.file_download import download
from portal.presenters.page_pictures import ask_to_draw, picture_file
from store.issuer import Issuer


@pages.get("/<row(bill):bill_id>/pdf")
def pdf(bill_id: int) -> ResponseReturnValue:
    """Returns the archived PDF, bit for bit."""
    bill, session = archived_bill(bill_id), app_context.reading()
    name = f"{session.get_one(Issuer, bill.issuer_id).name} {bill.issue_date} {bill.number}.pdf"
    return download(app_context.store().archive(session).pdf(bill), name, "application/pdf")


@pages.post("/<row(bill):bill_id>/pages")
def draw(bill_id: int) -> ResponseReturnValue:
    """Ask for the pictures of the pages."""
    ask_to_draw(archived_bill(bill_id))
    return redirect(url_for(".show", bill_id=bill_id), 303)


@pages.get("/<row(bill):bill_id>/pages/<int:n>/<size>")
def picture(bill_id: int, n: int, size: str) -> ResponseReturnValue:
    """Returns a page's picture, the pages numbered from 1."""
    return picture_file(archived_bill(bill_id), n, size)
