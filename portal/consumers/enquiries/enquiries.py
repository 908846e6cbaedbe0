"""Routes of what a consumer has asked issuers: the list, one question with its answers, a further word, its end."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.enquiries.ask_about_bill import new_form, settle_enquiry, write_again
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.access import current_user
from portal.consumers.enquiries.enquiries_on_bill import EnquiryOnPage, disputed_since, enquiry_on_page
from portal.fetched_by_itself import is_fetched_by_itself
from portal.form_input import form_value, several_lines
from portal.presenters.amount_due_text import figure_of
from portal.presenters.enquiry_text import FAULTS, state_for_asker, subject_text
from portal.presenters.helpline_text import helpline_of
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import accounts_of
from store.bills.bill import BillRow
from store.bills.bill_enquiry import LONGEST_WORDS, Enquiry, enquiries_of, entries_of, see_answer
from store.bills.bills_of_consumer import shown_to
from store.issuer import Issuer

pages = Blueprint("enquiries", __name__, url_prefix="/questions")

A_PAGE: Final = 20
_LONGEST_NAME: Final = 40


class ListedEnquiry(NamedTuple):
    """A question with its bill and issuer; *leads_there*: the visitor still holds the account."""

    shown: EnquiryOnPage
    bill: BillRow
    issuer: Issuer
    leads_there: bool


@pages.get("")
def show_all() -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer_id()
    before = row_of(request.args.get("suite", ""), "cursor")
    found = enquiries_of(session, me, before, A_PAGE + 1)
    held = {each.id for each in accounts_of(session, me)}
    rows = [
        ListedEnquiry(enquiry_on_page(each), bill, session.get_one(Issuer, each.issuer_id), bill.account_id in held)
        for each in found[:A_PAGE]
        for bill in [session.get_one(BillRow, each.bill_id)]
    ]
    return render_template(
        "consumers/enquiries/enquiries.html",
        rows=rows,
        newer=url_for(".show_all") if before else None,
        older=url_for(".show_all", suite=found[A_PAGE - 1].id) if len(found) > A_PAGE else None,
    )


@pages.get("/<row(enquiry):enquiry_id>")
def show(enquiry_id: int) -> ResponseReturnValue:
    enquiry, row, issuer = _mine(enquiry_id)
    if enquiry.is_news and not is_fetched_by_itself():
        with app_context.store().writing() as session:
            see_answer(session, enquiry.id, app_context.now())
    return _page(enquiry, row, issuer, new_form())


@pages.post("/<row(enquiry):enquiry_id>/mot")
def write(enquiry_id: int) -> ResponseReturnValue:
    """Add a word; the same form sent twice adds one."""
    enquiry, row, issuer = _mine(enquiry_id)
    words, once = several_lines("words"), form_value("once", _LONGEST_NAME) or new_form()
    with app_context.store().writing() as session:
        sent = write_again(session, enquiry.id, words, once, app_context.now()).sent
    if sent in {"empty", "long", "many"}:
        return _page(enquiry, row, issuer, once, words, "full" if sent == "many" else sent), 422
    if sent == "sent":
        flash(say("C’est envoyé à {issuer}.", issuer=issuer.name), "good")
    return redirect(url_for(".show", enquiry_id=enquiry.id), 303)


@pages.post("/<row(enquiry):enquiry_id>/reglee")
def settle(enquiry_id: int) -> ResponseReturnValue:
    enquiry, _, _ = _mine(enquiry_id)
    with app_context.store().writing() as session:
        done = settle_enquiry(session, enquiry.id, app_context.now())
    if done:
        flash(say("C’est réglé. Un mot de plus la rouvre."), "good")
    return redirect(url_for(".show", enquiry_id=enquiry.id), 303)


def _page(
    enquiry: Enquiry, row: BillRow, issuer: Issuer, once: str, words: str = "", fault: str = ""
) -> str:  # fmt: skip
    """Returns the page of a question about this bill, which it leads to, or to the bill that has replaced it."""
    session = app_context.reading()
    state, tone = state_for_asker(enquiry)
    shown = shown_to(session, enquiry.consumer_id, issuer.id, [row.number]).get(row.number)
    due = shown and amount_due_of(session, shown, app_context.today())
    return render_template(
        "consumers/enquiries/enquiry.html",
        enquiry=enquiry,
        row=shown or row,
        is_shown=shown is not None,
        issuer=issuer,
        due=due,
        figure=shown and due and figure_of(due, shown.payable),
        entries=entries_of(session, [enquiry.id])[enquiry.id],
        subject=subject_text(enquiry),
        state=state,
        tone=tone,
        disputed_since=disputed_since(session, row.id),
        helpline=helpline_of(profile_of(issuer), app_context.now(), app_context.config().time_zone),
        once=once,
        words=words,
        words_error=say(FAULTS[fault]) if fault else None,
        longest=LONGEST_WORDS,
    )


def _mine(enquiry_id: int) -> tuple[Enquiry, BillRow, Issuer]:
    """Returns a question that the visitor asked about a bill of an account that they hold, whatever became of the bill
    since: who had it replaced is answered, too. Else aborts with 404."""
    session, me = app_context.reading(), current_user.consumer_id()
    enquiry = session.get(Enquiry, enquiry_id)
    if enquiry is None or enquiry.consumer_id != me:
        abort(404)
    row = session.get_one(BillRow, enquiry.bill_id)
    if row.account_id not in {each.id for each in accounts_of(session, me)}:
        abort(404)
    return enquiry, row, session.get_one(Issuer, enquiry.issuer_id)
