"""Routes of one bill: its page, and the consumer's "I paid"."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from export.ubl import is_whole
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of, amounts_due
from payments.plans.ask_for_plan import may_ask
from portal import app_context
from portal.access import current_user
from portal.consumers.bills.bill_files import add_file_routes
from portal.consumers.bills.change import change_values
from portal.consumers.bills.held_bill import held_bill, note_look
from portal.consumers.bills.payment_word import can_undo, noted, payment_word, remember
from portal.consumers.bills.tags_and_notes import tags_and_notes
from portal.consumers.enquiries.enquiries_on_bill import enquiries_on_bill
from portal.consumers.imports.own_words import own_words
from portal.consumers.presenters.bill_page.attachment_rows import attachment_rows
from portal.consumers.presenters.bill_page.bill_content import bill_content, whole_content
from portal.consumers.presenters.bill_page.bill_timeline import bill_timeline
from portal.consumers.presenters.payment_reports import report_entries, said_by
from portal.form_input import form_value
from portal.presenters.amount_due_text import AmountDueText
from portal.presenters.credit_links import is_deducted, numbers_of, settled_by, settles
from portal.translation import say
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import shown_to
from store.bills.page_pictures import pictures_of
from store.bills.reported_payment import payment_reports, say_paid
from store.delivery import deliveries_of
from store.payments.payment_plan import PlanRequest, plan_of_bill

pages = Blueprint("bill", __name__)
add_file_routes(pages)


@pages.get("/factures/<uid>")
def show(uid: str) -> ResponseReturnValue:
    row, issuer = held_bill(uid)
    session, bill, profile = app_context.reading(), row.bill, profile_of(issuer)
    due = amount_due_of(session, row, app_context.today())
    account, deliveries = session.get_one(CustomerAccount, row.account_id), deliveries_of(session, row.id)
    shown = shown_to(session, current_user.consumer_id(), issuer.id, numbers_of(due, bill))
    plan = plan_of_bill(session, row.id)
    names = {each.id: each.name for each in holders_of(session, [row.account_id]).get(row.account_id, [])}
    reports, me = payment_reports(session, row.id), current_user.consumer_id()
    teller = said_by(row, reports, me, names)
    content = bill_content(session, row, issuer, due, app_context.today(), request.args.get("lignes", ""))
    if due.kind == "said_paid" and teller:
        content["words"] = AmountDueText(say("indiquée payée par {name}", name=teller), "good")
    note_look(row, deliveries)
    return render_template(
        "consumers/bills/bill.html",
        **content,
        said_by=teller,
        noted=noted(row, row.currency),
        can_undo=can_undo(row),
        **whole_content(bill, due, profile),
        pictures=pictures_of(session, row.id),
        **tags_and_notes(row),
        account=account,
        is_whole=is_whole(bill),
        attachments=attachment_rows(bill.attachments),
        settled_by=settled_by(due, shown, _way),
        settles=settles(bill, shown, _way),
        is_deducted=is_deducted(row.number, amounts_due(session, shown.values(), app_context.today()).values()),
        plan=plan,
        plan_asker=_other_asker(session, plan),
        may_ask=may_ask(due, profile.plans) and not row.is_imported,
        own_words=own_words(session, row),
        **change_values(row, due, content["unit"]),
        **enquiries_on_bill(session, row, me),
        moments=bill_timeline(row, issuer.name, deliveries, me, due, shown, names, report_entries(reports, me, names)),
    )


@pages.post("/factures/<uid>/payee")
def said_paid(uid: str) -> ResponseReturnValue:
    """Record what the consumer says of its payment. A double click, or a page older than what another holder
    said, changes nothing."""
    row, _ = held_bill(uid)
    due = amount_due_of(app_context.reading(), row, app_context.today())
    said, now = form_value("paid"), app_context.now()
    word = payment_word(said, form_value("left"), row, due, now)
    if word is not None:
        with app_context.store().writing() as session:
            by = f"consumer {current_user.consumer_id()}"
            is_said = say_paid(session, row, *word, now=now, by=by, is_taken_back=said == "undo")
        if is_said:
            remember(row, word, is_undone=said == "undo")
    return redirect(url_for("bill.show", uid=uid), 303)


def _other_asker(session: Session, plan: PlanRequest | None) -> Consumer | None:
    """Returns who asked to pay in several parts, if it is another holder of the account."""
    if plan is None or plan.consumer_id == current_user.consumer_id():
        return None
    return session.get(Consumer, plan.consumer_id)


def _way(row: BillRow) -> str:
    return url_for("bill.show", uid=row.uid)
