"""Routes of the form by which a consumer asks the issuer about a bill."""

from datetime import date
from typing import Final, cast, get_args

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.enquiries.ask_about_bill import ask_about_bill, new_form
from delivery.reminders.disputed_bills import reminders_wait_until
from issuers.profile import Policy
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value, several_lines
from portal.presenters.amount_due_text import figure_of
from portal.presenters.amounts_and_dates import local
from portal.presenters.enquiry_text import FAULTS, SUBJECTS
from portal.presenters.helpline_text import helpline_of
from portal.translation import say
from store.bills.bill import BillRow
from store.bills.bill_enquiry import LONGEST_WORDS, first_disputes
from store.bills.bills_of_consumer import bill_of_consumer
from store.bills.enquiry_subject import EnquirySubject
from store.issuer import Issuer

pages = Blueprint("ask_issuer", __name__)

#: The choice of who does not only ask about the amount.
DISPUTE: Final = "dispute"
_LONGEST_NAME: Final = 40
#: Issuers of these trades read meters.
_METERED: Final = frozenset({"electricity", "gas", "water"})


@pages.get("/factures/<uid>/question")
def show(uid: str) -> ResponseReturnValue:
    row, issuer = _mine(uid)
    return _form(row, issuer, new_form())


@pages.post("/factures/<uid>/question")
def ask(uid: str) -> ResponseReturnValue:
    """Send the question. The same form sent twice asks once, and leads to what was asked."""
    row, issuer = _mine(uid)
    chosen, words = request.form.get("subject", ""), several_lines("words")
    once = form_value("once", _LONGEST_NAME) or new_form()
    subject = "amount" if chosen == DISPUTE else chosen
    if subject not in get_args(EnquirySubject):
        return _form(row, issuer, once, words, fault="subject"), 422
    me, now = current_user.consumer_id(), app_context.now()
    with app_context.store().writing() as session:
        asked = ask_about_bill(
            session, row, me, cast("EnquirySubject", subject), words, once, now, disputes=chosen == DISPUTE
        )
    if asked.enquiry is None:
        return _form(row, issuer, once, words, chosen, asked.sent), 422
    if asked.sent == "sent":
        flash(say("C’est envoyé. {issuer} vous répond ici, et nous vous en prévenons.", issuer=issuer.name), "good")
    return redirect(url_for("enquiries.show", enquiry_id=asked.enquiry.id), 303)


def _form(
    row: BillRow, issuer: Issuer, once: str, words: str = "", chosen: str = "", fault: str = ""
) -> str:  # fmt: skip
    profile, due = profile_of(issuer), amount_due_of(app_context.reading(), row, app_context.today())
    config = app_context.config()
    return render_template(
        "consumers/enquiries/ask_issuer.html",
        row=row,
        issuer=issuer,
        figure=figure_of(due, row.payable),
        is_due=due.is_asking or due.is_collected,
        subjects={key: each for key, each in SUBJECTS.items() if key != "meter" or profile.trade in _METERED},
        dispute=DISPUTE,
        no_reminder_until=_no_reminder_until(row, profile.policy),
        helpline=helpline_of(profile, app_context.now(), config.time_zone),
        once=once,
        words=words,
        chosen=chosen,
        subject_error=say(FAULTS[fault]) if fault == "subject" else None,
        words_error=say(FAULTS[fault]) if fault and fault != "subject" else None,
        longest=LONGEST_WORDS,
    )


def _no_reminder_until(row: BillRow, policy: Policy) -> date | None:
    """Returns until which day at most the bill is not reminded of if it is disputed now; None if it is all the same."""
    now = app_context.now()
    first = first_disputes(app_context.reading(), [row.id]).get(row.id, now)
    until = reminders_wait_until(policy, first)
    return local(until).date() if until is not None and until > now else None


def _mine(uid: str) -> tuple[BillRow, Issuer]:
    """Returns the bill if the consumer holds its account, and its issuer is on board; else aborts with 404."""
    found = bill_of_consumer(app_context.reading(), current_user.consumer_id(), uid)
    return found if found is not None and not found[0].is_imported else abort(404)
