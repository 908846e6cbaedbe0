"""Routes of one bill: its page, PDF, attachments, and the consumer's "I paid"."""

import mimetypes
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bill import (
    ZERO,
    AmountDue,
)
from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of, amounts_due
from payments.plans.ask_for_plan import may_ask
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.bill_comparison import SHOWN, Comparison, compare
from portal.consumers.presenters.bill_content import bill_content, parts_left, whole_content
from portal.consumers.presenters.bill_timeline import bill_timeline, looks_of
from portal.fetched_by_itself import is_fetched_by_itself
from portal.form_input import form_value
from portal.presenters.credit_links import is_deducted, numbers_of, settled_by, settles
from portal.presenters.file_download import download
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_before
from store.bills.bills_of_consumer import bill_of_consumer, shown_to
from store.bills.reported_payment import say_paid
from store.delivery import Delivery, deliveries_of
from store.issuer import Issuer
from store.payments.payment_plan import PlanRequest, plan_of_bill

pages = Blueprint("bill", __name__)

#: What a browser may be handed as what it is; anything else is bytes to save.
SAFE_TYPES: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "text/csv"})


@pages.get("/factures/<uid>")
def show(uid: str) -> ResponseReturnValue:
    row, issuer = _mine(uid)
    session, bill, profile = app_context.reading(), row.bill, profile_of(issuer)
    due = amount_due_of(session, row, app_context.today())
    account, deliveries = session.get_one(CustomerAccount, row.account_id), deliveries_of(session, row.id)
    shown = shown_to(session, current_user.consumer_id(), issuer.id, numbers_of(due, bill))
    plan = plan_of_bill(session, row.id)
    names = {each.id: each.name for each in holders_of(session, [row.account_id]).get(row.account_id, [])}
    _note_look(row, deliveries)
    return render_template(
        "consumers/bills/bill.html",
        **bill_content(session, row, issuer, due, app_context.today(), request.args.get("lignes", "")),
        **whole_content(bill, due, profile),
        account=account,
        settled_by=settled_by(due, shown, _way),
        settles=settles(bill, shown, _way),
        is_deducted=is_deducted(row.number, amounts_due(session, shown.values(), app_context.today()).values()),
        plan=plan,
        plan_asker=_other_asker(session, plan),
        may_ask=may_ask(due, profile.plans),
        comparison=_comparison(row, due),
        moments=bill_timeline(row, issuer.name, deliveries, current_user.consumer_id(), due, shown, names),
    )


@pages.get("/factures/<uid>/pdf")
def pdf(uid: str) -> ResponseReturnValue:
    """Returns the archived PDF, bit for bit."""
    row, issuer = _mine(uid)
    content = app_context.store().archive(app_context.reading()).pdf(row)
    _note_look(row, deliveries_of(app_context.reading(), row.id))
    return download(content, f"{issuer.name} {row.issue_date} {row.number}.pdf", "application/pdf")


@pages.get("/factures/<uid>/pieces/<int:n>")
def attachment(uid: str, n: int) -> ResponseReturnValue:
    """Returns an attachment of the bill, numbered from 1. Its name and type are as its sender wrote them."""
    row, _ = _mine(uid)
    attachments = row.bill.attachments
    if not 1 <= n <= len(attachments) or not attachments[n - 1].is_kept:
        abort(404)
    given = attachments[n - 1]
    content = app_context.store().archive(app_context.reading()).attachment(row, n)
    name = given.filename or f"{given.id or n}{mimetypes.guess_extension(given.media_type) or ''}"
    media_type = given.media_type if given.media_type in SAFE_TYPES else "application/octet-stream"
    return download(content, name, media_type)


@pages.post("/factures/<uid>/payee")
def said_paid(uid: str) -> ResponseReturnValue:
    """Record that the consumer says it is paid (all, or the next instalment), or take that back. *left* is how many
    parts the page showed, so that a double click pays one."""
    row, _ = _mine(uid)
    due = amount_due_of(app_context.reading(), row, app_context.today())
    said, now = form_value("paid"), app_context.now()
    if said == "0" and row.said_paid_at is not None:
        word: tuple[datetime | None, Decimal | None] | None = (None, None)
    elif due.is_asking and said == "part" and form_value("left") == str(len(parts_left(due))):
        word = (now, (row.said_paid or ZERO) + parts_left(due)[0].amount)
    else:
        word = (now, None) if due.is_asking and said == "1" else None
    if word is not None:
        with app_context.store().writing() as session:
            say_paid(session, row, *word, now=now, by=f"consumer {current_user.consumer_id()}")
    return redirect(url_for("bill.show", uid=uid), 303)


def _other_asker(session: Session, plan: PlanRequest | None) -> Consumer | None:
    """Returns who asked to pay in several parts, if it is another holder of the account."""
    if plan is None or plan.consumer_id == current_user.consumer_id():
        return None
    return session.get(Consumer, plan.consumer_id)


def _mine(uid: str) -> tuple[BillRow, Issuer]:
    """Returns the bill if the consumer holds its account; else aborts with 404."""
    found = bill_of_consumer(app_context.reading(), current_user.consumer_id(), uid)
    return found or abort(404)


def _note_look(row: BillRow, deliveries: Sequence[Delivery]) -> None:
    """Record this holder's first look at the bill: from the first of all on, no reminder or letter is needed. Nothing
    that a program fetches by itself is a look."""
    me = current_user.consumer_id()
    look = Look("machine" if is_fetched_by_itself() else "holder", me)
    if look.counts and me not in looks_of(deliveries):
        with app_context.store().writing() as session:
            bill_looked_at(session, session.get_one(BillRow, row.id), look, app_context.now(), app_context.calendar())


def _way(row: BillRow) -> str:
    return url_for("bill.show", uid=row.uid)


def _comparison(row: BillRow, due: AmountDue) -> Comparison:
    """Compares with earlier bills of the account, without those credited in full or replaced."""
    session, earlier = app_context.reading(), bills_before(app_context.reading(), row, SHOWN)
    dues = amounts_due(session, earlier, app_context.today())
    return compare(row, [each for each in earlier if _counts(dues[each.id])] if _counts(due) else [])


def _counts(due: AmountDue) -> bool:
    return due.kind not in {"credited", "replaced"}
