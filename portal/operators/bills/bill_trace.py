"""One bill as staff see it: every step of its deliveries with the reason."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import delivery
from delivery.channels.paper.vanished_print_files import LostLetters, lost_letters
from delivery.choosing.choice_inputs import UnknownVersion
from delivery.choosing.explain_choice import explain_choices
from delivery.choosing.risk_score import Risk, risk_weights
from delivery.recall.recall_bill import RECALLABLE
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_text, trail_of
from feeds.conflicts.bill_reached_customer import issuances_of
from payments.amounts_due import amount_due_of
from portal import app_context
from portal.access import current_user, staff_scope
from portal.operators.bills.traced_bill import traced_bill
from portal.operators.presenters.customer_statements import stated_rows
from portal.operators.presenters.delivery_timeline import Step, bill_status, steps_of
from portal.presenters.amount_due_text import amount_due_text
from portal.presenters.credit_links import named, numbers_of, settled_by, settles
from portal.presenters.enquiry_text import state_for_staff, subject_text
from portal.presenters.page_pictures import again_after, kept_pictures
from portal.translation import language
from store.accounts.account_question import questions_about
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_enquiry import enquiries_of_bill
from store.bills.bill_lookup import bills_by_number
from store.customers.customer_reference import references_of
from store.db.event import events_of
from store.feeds.conflict import conflicts_about
from store.feeds.feed import Feed, latest_feeds
from store.feeds.item import Item, findings_of_item, items_under_number
from store.issuer import Issuer
from store.payments.payment_allocation import paid_by_bill
from store.print_batch import PrintBatch
from words import payment_words, state_names

pages = Blueprint("bill_trace", __name__, url_prefix="/equipe/factures")

#: Numbers that became no bill are looked for in so many of the latest feeds.
SEARCHED_FEEDS: Final = 500


@pages.get("/<row(bill):bill_id>")
def show(bill_id: int) -> ResponseReturnValue:
    session = app_context.reading()
    bill, feed = traced_bill(bill_id)
    pictures = kept_pictures(bill) if bill.state in PRESENTABLE else None
    steps, content = steps_of(session, bill), bill.bill
    due = amount_due_of(session, bill, app_context.today())
    known = bills_by_number(session, bill.issuer_id, numbers_of(due, content) | {each.number for each in due.ignored})
    return render_template(
        "operators/bills/bill_trace.html",
        bill=bill,
        content=content,
        due=due,
        words=amount_due_text(due, short=True, is_current=due.is_current(app_context.today(), bill.issue_date)),
        settled_by=settled_by(due, known, _way),
        settles=settles(content, known, _way),
        ignored=named(due.ignored, known, _way),
        feed=feed,
        issuer=session.get_one(Issuer, bill.issuer_id),
        account=session.get_one(CustomerAccount, bill.account_id),
        relationship=relationships_of(session, [bill.account_id], app_context.now(), app_context.calendar())[
            bill.account_id
        ],
        risk=_risk(session, bill),
        at_risk_from=risk_weights().at_risk_from,
        trail=[(each.at, step_text(each, language())) for each in trail_of(session, bill.account_id)],
        stated=_stated(session, bill.account_id),
        items=[(item, where) for item, where in items_under(session, bill.number) if where.issuer_id == bill.issuer_id],
        steps=steps,
        told=bill_status(bill, [step.delivery for step in steps], _lost(session, steps)),
        events=events_of(session, "bill", bill.id),
        findings=findings_of_item(session, feed.id, bill.item_seq),
        chosen=_chosen(steps),
        paid=paid_by_bill(session, [bill.id]).get(bill.id, []),
        enquiries=enquiries_of_bill(session, bill.id),
        pictures=pictures,
        has_pdf=bill.state in PRESENTABLE,
        again=again_after(pictures),
        may_recall=_may_recall(session, bill),
        held=_held(steps),
        to_mend=_to_mend(session, bill, steps),
        batches=_batches(session, steps),
        conflicts=conflicts_about(session, bill.id),
        questions=questions_about(session, [bill.account_id]),
        wording=state_names,
        payment_wording=payment_words,
        subject_text=subject_text,
        enquiry_state=state_for_staff,
    )


def _may_recall(session: Session, bill: BillRow) -> bool:
    """Returns whether the visitor may take the bill back, and it has reached nobody."""
    is_allowed = current_user.staff().has_role("editor") and bill.state in RECALLABLE
    return is_allowed and bill.id not in issuances_of(session, [bill])


def _chosen(steps: Sequence[Step]) -> Step | None:
    """Returns the step that says why the bill goes the way it does: its letter, or its first message."""
    standing = [step for step in steps if step.delivery.state != "cancelled"] or list(steps)
    letters = [step for step in standing if step.delivery.channel == "paper"]
    return next(iter(letters or standing), None)


def _stated(session: Session, account_id: int) -> list[tuple[str, str]]:
    """Returns what the issuer has said of the account's customer, as rows."""
    reference = references_of(session, [account_id]).get(account_id)
    return stated_rows(None if reference is None else reference.known, app_context.today())


def _way(bill: BillRow) -> str:
    return url_for(".show", bill_id=bill.id)


def _lost(session: Session, steps: Sequence[Step]) -> LostLetters:
    """Returns the lost letters of the print batches that hold this bill's letters."""
    return lost_letters(session, app_context.print_houses().outboxes, {step.delivery.batch_id for step in steps})


def _batches(session: Session, steps: Sequence[Step]) -> dict[int, PrintBatch]:
    """Returns the print batches of this bill's letters, by id."""
    ids = {step.delivery.batch_id for step in steps} - {None}
    return {batch_id: session.get_one(PrintBatch, batch_id) for batch_id in ids if batch_id is not None}


def _held(steps: Sequence[Step]) -> set[int]:
    """Returns the ids of letters that failed, were not replaced, and can be printed again."""
    replaced = {step.delivery.replaces_id for step in steps}
    return {
        step.delivery.id
        for step in steps
        if step.delivery.channel == "paper" and step.delivery.state == "failed" and step.delivery.id not in replaced
    }


def _to_mend(session: Session, bill: BillRow, steps: Sequence[Step]) -> set[int]:
    """Returns the ids of held letters whose address can be mended: none of a bill that was seen since."""
    held = delivery.held_letters(session, issuer_id=bill.issuer_id, ids=[step.delivery.id for step in steps])
    return {each.delivery.id for each in held if delivery.awaits_address(each.delivery)}


def items_under(session: Session, number: str) -> list[tuple[Item, Feed]]:
    """Returns the items with this number and their feeds, also those refused, duplicate or in conflict."""
    feeds = {feed.id: feed for feed in latest_feeds(session, staff_scope.issuer_id(), SEARCHED_FEEDS)}
    return [(item, feeds[item.feed_id]) for item in items_under_number(session, feeds, number)]


def _risk(session: Session, bill: BillRow) -> Risk | None:
    """Returns the risk of staying unread that the bill's channel was last chosen by; None where none was asked."""
    try:
        choices = explain_choices(session, bill.id)
    except UnknownVersion:
        return None
    return choices[-1].again.risk if choices else None
