"""One bill that a grant opens to the visitor: its page, its PDF, the same as XML. Nothing here acts: no payment, no
choice of paper, no word of its holders."""

from typing import Final

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from consumers.access_grants.grant_trail import is_look_noted, note_look
from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look
from export.cii import facturx_profile_of, write_cii
from export.ubl import is_whole, write_ubl
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.bill_page.bill_content import bill_content
from portal.consumers.presenters.bill_page.bill_parties import bill_parties
from portal.consumers.presenters.bill_page.bill_references import bill_references
from portal.fetched_by_itself import is_fetched_by_itself
from portal.presenters.file_download import download
from store.access_grants.granted_bills import GrantedBill, granted_bill
from store.accounts.consumer import names_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import seen_by

pages: Final = Blueprint("shared_bill", __name__, url_prefix="/partages/<row(grant):grant_id>/factures/<uid>")


@pages.get("")
def show(grant_id: int, uid: str) -> ResponseReturnValue:
    granted = _granted(grant_id, uid)
    session, row, today = app_context.reading(), granted.bill, app_context.today()
    due, profile = amount_due_of(session, row, today), profile_of(granted.issuer)
    content = bill_content(session, row, granted.issuer, due, today, request.args.get("lignes", ""))
    _note_look(granted)
    return render_template(
        "consumers/shared_bills/shared_bill.html",
        **content | {"figure": row.payable},
        parties=bill_parties(row.bill, profile.account_label if profile.account_term in ("", "BT-46") else ""),
        references=bill_references(row.bill),
        grant=granted.grant,
        owner=names_of(session, {granted.grant.owner_id})[granted.grant.owner_id],
        account=session.get_one(CustomerAccount, row.account_id),
        is_whole=is_whole(row.bill),
    )


@pages.get("/pdf")
def pdf(grant_id: int, uid: str) -> ResponseReturnValue:
    """Returns the archived PDF, bit for bit."""
    granted = _granted(grant_id, uid)
    content = app_context.store().archive(app_context.reading()).pdf(granted.bill)
    return _looked_at(granted, content, ".pdf", "application/pdf")


@pages.get("/cii.xml")
def cii(grant_id: int, uid: str) -> ResponseReturnValue:
    """Returns the bill as CII, in the highest profile of Factur-X that it has the terms for."""
    granted = _granted(grant_id, uid)
    bill = granted.bill.bill
    return _looked_at(granted, write_cii(bill, facturx_profile_of(bill)), " CII.xml", "application/xml")


@pages.get("/ubl.xml")
def ubl(grant_id: int, uid: str) -> ResponseReturnValue:
    """Returns the bill as UBL; not there for a bill that lacks what EN 16931 asks for."""
    granted = _granted(grant_id, uid)
    if not is_whole(granted.bill.bill):
        abort(404)
    return _looked_at(granted, write_ubl(granted.bill.bill), " UBL.xml", "application/xml")


def _granted(grant_id: int, uid: str) -> GrantedBill:
    """Returns the bill if the visitor may read it by this grant; else aborts with 404."""
    me, today = current_user.consumer_id(), app_context.today()
    return granted_bill(app_context.reading(), me, grant_id, uid, today) or abort(404)


def _looked_at(granted: GrantedBill, content: bytes, ending: str, media_type: str) -> Response:
    """Record the look, and return the file under the name of its issuer, day and number."""
    _note_look(granted)
    row = granted.bill
    return download(content, f"{granted.issuer.name} {row.issue_date} {row.number}{ending}", media_type)


def _note_look(granted: GrantedBill) -> None:
    """Record the look: in the contract's trail once a day, and as the owner's where the reader looks for them. Nothing
    that a program fetches by itself is a look."""
    if is_fetched_by_itself():
        return
    grant, reading, now, today = granted.grant, app_context.reading(), app_context.now(), app_context.today()
    look = Look(
        "looks_for_holder" if grant.looks_for_owner else "reads_only", grant.reader_id, holder_id=grant.owner_id
    )
    is_news = look.counts and granted.bill.id not in seen_by(reading, grant.owner_id, [granted.bill.id])
    if not is_news and is_look_noted(reading, granted, today):
        return
    with app_context.store().writing() as session:
        note_look(session, granted, now, today)
        if is_news:
            bill = session.get_one(BillRow, granted.bill.id)
            bill_looked_at(session, bill, look, now, app_context.calendar())
