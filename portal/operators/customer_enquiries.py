"""Routes of what customers ask about their bills: the list by state and age, one question with its bill beside, the
answer.

Members of the bill's issuer answer, by name; an operator reads.
"""

from datetime import datetime
from typing import Final, NamedTuple, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.enquiries.answer_enquiry import close_enquiry
from consumers.enquiries.ask_about_bill import new_form
from delivery.notices.enquiry_answer import answer_and_tell
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, several_lines
from portal.presenters.amount_due_text import amount_due_text, figure_of
from portal.presenters.enquiry_text import SUBJECTS, state_for_staff, subject_text
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_enquiry import (
    LONGEST_WORDS,
    Enquiry,
    EnquiryState,
    count_enquiries,
    enquiries_in_line,
    entries_of,
    oldest_enquiry_since,
)
from store.bills.enquiry_subject import EnquirySubject
from words.catalogue import N_

pages = Blueprint("customer_enquiries", __name__, url_prefix="/equipe/questions")

A_PAGE: Final = 30
LONGEST_NAME: Final = 80
_LONGEST_FORM_NAME: Final = 40
_DIGITS: Final = 5
#: The states as an address says them.
_STATES: Final[dict[str, EnquiryState]] = {"ouvertes": "open", "repondues": "answered", "fermees": "closed"}
_TABS: Final = {"ouvertes": N_("À répondre"), "repondues": N_("Répondues"), "fermees": N_("Fermées")}
_FAULTS: Final = {
    "empty": N_("Écrivez votre réponse."),
    "long": N_("C’est trop long : 4 000 caractères au plus."),
    "many": N_("Cet échange est très long : fermez la question, la personne peut en poser une autre."),
}


class WaitingEnquiries(NamedTuple):
    """How many questions wait for the issuer, and for how many days the oldest has."""

    number: int
    days: int


class EnquiryRow(NamedTuple):
    """A question in the list: its bill, who asks, and since when it is as it is."""

    enquiry: Enquiry
    bill: BillRow
    asker: str
    subject: str
    at: datetime


@pages.get("")
def show_all() -> ResponseReturnValue:
    """Lists questions; those that wait longest come first."""
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    named = request.args.get("etat", "")
    named = named if named in _STATES else "ouvertes"
    subject = request.args.get("sujet", "")
    subject = subject if subject in SUBJECTS else ""
    after = row_of(request.args.get("suite", ""), "cursor")
    about = cast("EnquirySubject", subject) if subject else None
    found = enquiries_in_line(session, _STATES[named], issuer_id, after, A_PAGE + 1, about)
    shown = found[:A_PAGE]
    more = url_for(".show_all", etat=named, sujet=subject or None, suite=shown[-1].id) if len(found) > A_PAGE else None
    return render_template(
        "operators/customer_enquiries.html",
        rows=[_row(session, each) for each in shown],
        waiting=waiting_enquiries(session, issuer_id),
        state=named,
        subject=subject,
        subjects=SUBJECTS,
        tabs=[(url_for(".show_all", etat=key, sujet=subject or None), say(text), key == named)
              for key, text in _TABS.items()],
        issuers=staff_scope.issuers(),
        first=url_for(".show_all", etat=named, sujet=subject or None) if after else None,
        following=more,
    )  # fmt: skip


@pages.get("/<row(enquiry):enquiry_id>")
def show(enquiry_id: int) -> ResponseReturnValue:
    return _page(_in_scope(enquiry_id), new_form())


@pages.post("/<row(enquiry):enquiry_id>/reponse")
def answer(enquiry_id: int) -> ResponseReturnValue:
    """Answer what was read. If somebody wrote meanwhile, nothing is sent, and the words stay in the form."""
    enquiry, staff = _in_scope(enquiry_id), current_user.staff()
    name, words = form_value("name", LONGEST_NAME), several_lines("words")
    once, read = form_value("once", _LONGEST_FORM_NAME) or new_form(), request.form.get("read", "")
    number = int(read) if read.isascii() and read.isdigit() and len(read) <= _DIGITS else 0
    with app_context.store().writing() as session:
        done = answer_and_tell(session, enquiry.id, staff, name, words, number, once, app_context.now())
    app_context.store().wake_up.send()
    if done == "late":
        app_context.reading().expire_all()
        flash(say("Quelqu’un a écrit entre-temps, ou la question est fermée. Relisez : rien n’est parti."), "ask")
        return _page(_in_scope(enquiry_id), once, name, words), 409
    if done not in {"answered", "again"}:
        return _page(enquiry, once, name, words, done), 422
    flash(say("C’est répondu. La personne en est prévenue."), "good")
    return redirect(url_for(".show", enquiry_id=enquiry_id), 303)


@pages.post("/<row(enquiry):enquiry_id>/fin")
def close(enquiry_id: int) -> ResponseReturnValue:
    enquiry = _in_scope(enquiry_id)
    with app_context.store().writing() as session:
        done = close_enquiry(session, enquiry.id, current_user.staff().email, app_context.now())
    flash(say("C’est fermé.") if done else say("Quelqu’un a décidé avant vous."), "good" if done else "ask")
    return redirect(url_for(".show", enquiry_id=enquiry_id), 303)


def waiting_enquiries(session: Session, issuer_id: int | None) -> WaitingEnquiries:
    """Returns what the dashboard says: how many wait, of one issuer or (None) of all, and how long the oldest has."""
    since = oldest_enquiry_since(session, issuer_id)
    if since is None:
        return WaitingEnquiries(0, 0)
    return WaitingEnquiries(count_enquiries(session, issuer_id), max((app_context.now() - since).days, 0))


def _row(session: Session, enquiry: Enquiry) -> EnquiryRow:
    bill, asker = session.get_one(BillRow, enquiry.bill_id), session.get_one(Consumer, enquiry.consumer_id)
    at = {"answered": enquiry.answered_at, "closed": enquiry.closed_at}.get(enquiry.state) or enquiry.waiting_since
    return EnquiryRow(enquiry, bill, asker.name, subject_text(enquiry), at)


def _in_scope(enquiry_id: int) -> Enquiry:
    """Returns the question. Aborts with 404 if there is none, or it is another issuer's."""
    enquiry = app_context.reading().get(Enquiry, enquiry_id)
    if enquiry is None:
        abort(404)
    staff_scope.check(enquiry.issuer_id)
    return enquiry


def _page(enquiry: Enquiry, once: str, name: str = "", words: str = "", fault: str = "") -> str:
    session, today = app_context.reading(), app_context.today()
    bill, staff = session.get_one(BillRow, enquiry.bill_id), current_user.staff()
    due = amount_due_of(session, bill, today)
    state, tone = state_for_staff(enquiry)
    return render_template(
        "operators/customer_enquiry.html",
        enquiry=enquiry,
        bill=bill,
        issuer=staff_scope.issuers()[enquiry.issuer_id],
        account=session.get_one(CustomerAccount, bill.account_id),
        asker=session.get_one(Consumer, enquiry.consumer_id).name,
        entries=entries_of(session, [enquiry.id])[enquiry.id],
        subject=subject_text(enquiry),
        state=state,
        tone=tone,
        due=due,
        figure=figure_of(due, bill.payable),
        due_words=amount_due_text(due, short=True, is_current=due.is_current(today, bill.issue_date)),
        once=once,
        name=name or staff.name,
        words=words,
        name_error=say("Donnez le nom que la personne lira.") if fault == "nameless" else None,
        words_error=say(_FAULTS[fault]) if fault in _FAULTS else None,
        longest=LONGEST_WORDS,
        longest_name=LONGEST_NAME,
    )
