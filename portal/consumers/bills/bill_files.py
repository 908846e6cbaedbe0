"""Routes of a bill's files: its PDF, the same as XML (CII, UBL), as JSON, its lines as CSV, and its attachments.

Each is the whole bill again, so whoever saves one has seen the bill, as whoever opens its page has.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from export.cii import facturx_profile_of, write_cii
from export.saved_files.attachment_file import attachment_file
from export.ubl import is_whole, write_ubl
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.consumers.bills.held_bill import held_bill, note_look
from portal.consumers.presenters.bill_page.bill_json import bill_json
from portal.consumers.presenters.bill_page.bill_lines_csv import bill_lines_csv
from portal.presenters.file_download import download
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import deliveries_of
from store.issuer import Issuer


def add_file_routes(pages: Blueprint) -> None:
    """Add these routes to the blueprint of a bill."""
    views: dict[Callable[..., ResponseReturnValue], str] = {
        pdf: "pdf", cii: "cii.xml", ubl: "ubl.xml", json: "json", lines: "lignes.csv", attachment: "pieces/<int:n>",
    }  # fmt: skip
    for view, ending in views.items():
        pages.add_url_rule(f"/factures/<uid>/{ending}", view_func=view)


def pdf(uid: str) -> ResponseReturnValue:
    """Returns the archived PDF, bit for bit."""
    row, issuer = held_bill(uid)
    content = app_context.store().archive(app_context.reading()).pdf(row)
    return _looked_at(row, issuer, content, ".pdf", "application/pdf")


def cii(uid: str) -> ResponseReturnValue:
    """Returns the bill as CII, in the highest profile of Factur-X that it has the terms for."""
    row, issuer = held_bill(uid)
    return _looked_at(row, issuer, write_cii(row.bill, facturx_profile_of(row.bill)), " CII.xml", "application/xml")


def ubl(uid: str) -> ResponseReturnValue:
    """Returns the bill as UBL; not there for a bill that lacks what EN 16931 asks for."""
    row, issuer = held_bill(uid)
    if not is_whole(row.bill):
        abort(404)
    return _looked_at(row, issuer, write_ubl(row.bill), " UBL.xml", "application/xml")


def json(uid: str) -> ResponseReturnValue:
    """Returns the bill and what is due of it today as JSON (docs/bill-json.md)."""
    row, issuer = held_bill(uid)
    session, today = app_context.reading(), app_context.today()
    account = session.get_one(CustomerAccount, row.account_id)
    content = bill_json(row, issuer, account.number, amount_due_of(session, row, today), today)
    return _looked_at(row, issuer, content, ".json", "application/json")


def lines(uid: str) -> ResponseReturnValue:
    """Returns the lines and what is added to them as CSV, for the reader's spreadsheet."""
    row, issuer = held_bill(uid)
    return _looked_at(row, issuer, bill_lines_csv(row.bill, profile_of(issuer).brand.units), ".csv", "text/csv")


def attachment(uid: str, n: int) -> ResponseReturnValue:
    """Returns an attachment of the bill, numbered from 1."""
    row, _ = held_bill(uid)
    attachments = row.bill.attachments
    if not 1 <= n <= len(attachments) or not attachments[n - 1].is_kept:
        abort(404)
    file = attachment_file(attachments[n - 1], n)
    return download(app_context.store().archive(app_context.reading()).attachment(row, n), file.name, file.media_type)


def _looked_at(row: BillRow, issuer: Issuer, content: bytes, ending: str, media_type: str) -> Response:
    """Record the look, and return the file under the name of its issuer, day and number."""
    note_look(row, deliveries_of(app_context.reading(), row.id))
    return download(content, f"{issuer.name} {row.issue_date} {row.number}{ending}", media_type)
