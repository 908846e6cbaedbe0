"""The fate of a bill: from its number to what became of it, each step with its reason."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import here
from portal.due_words import words_of
from portal.set_off import named, numbers_of, settled_by, settles
from portal.staff import scope, wording
from portal.staff.story import Step, steps_of, told
from store.account import CustomerAccount
from store.account_question import questions_about
from store.amount_due import amount_due_of
from store.bill import BillRow, bills_by_number, stands
from store.conflict import conflicts_about
from store.event import events_of
from store.feed import OUT, Feed, latest_feeds
from store.issuer import Issuer
from store.item import Item

pages = Blueprint("fate", __name__, url_prefix="/equipe/factures")

#: Numbers that became no bill are looked for in so many of the latest feeds.
SEARCHED_FEEDS: Final = 500


@pages.get("")
def search() -> ResponseReturnValue:
    number = " ".join(request.args.get("numero", "").split())[:200]
    session, issuers = here.reading(), scope.issuers()
    bills = _bills(session, number, issuers) if number else []
    if len(bills) == 1:
        return redirect(url_for(".show", bill_id=bills[0].id), 303)
    items = _items(session, number) if number else []
    return render_template(
        "staff/search.html", number=number, bills=bills, items=items, issuers=issuers, wording=wording
    )


@pages.get("/<int:bill_id>")
def show(bill_id: int) -> ResponseReturnValue:
    session = here.reading()
    bill = session.get(BillRow, bill_id)
    feed = session.get(Feed, bill.feed_id) if bill else None
    if bill is None or feed is None or feed.state not in OUT:
        abort(404)
    scope.check(bill.issuer_id)
    steps, content = steps_of(session, bill), bill.bill
    due = amount_due_of(session, bill, here.today())
    known = bills_by_number(session, bill.issuer_id, numbers_of(due, content) | {each.number for each in due.ignored})
    return render_template(
        "staff/fate.html",
        bill=bill,
        content=content,
        due=due,
        words=words_of(due, short=True, is_current=due.is_current(here.today(), bill.issue_date)),
        settled_by=settled_by(due, known, _way),
        settles=settles(content, known, _way),
        ignored=named(due.ignored, known, _way),
        feed=feed,
        issuer=session.get_one(Issuer, bill.issuer_id),
        account=session.get_one(CustomerAccount, bill.account_id),
        items=[(item, where) for item, where in _items(session, bill.number) if where.issuer_id == bill.issuer_id],
        steps=steps,
        told=told(bill, [step.delivery for step in steps]),
        events=events_of(session, "bill", bill.id),
        held=_held(steps),
        conflicts=conflicts_about(session, bill.id),
        questions=questions_about(session, [bill.account_id]),
        wording=wording,
    )


def _way(bill: BillRow) -> str:
    return url_for(".show", bill_id=bill.id)


def _held(steps: Sequence[Step]) -> set[int]:
    """Letters that failed, that no other letter replaces, and that somebody may mend."""
    replaced = {step.delivery.replaces_id for step in steps}
    return {
        step.delivery.id
        for step in steps
        if step.delivery.channel == "paper" and step.delivery.state == "failed" and step.delivery.id not in replaced
    }


def _bills(session: Session, number: str, issuers: dict[int, Issuer]) -> list[BillRow]:
    """The bills that stand under this number and whose feed is out, one an issuer at most."""
    query = (
        select(BillRow)
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(BillRow.issuer_id.in_(issuers), BillRow.number == number, Feed.state.in_(OUT), stands())
    )
    return list(session.scalars(query))


def _items(session: Session, number: str) -> list[tuple[Item, Feed]]:
    """Where this number came in: also what was refused, known already or in conflict."""
    feeds = {feed.id: feed for feed in latest_feeds(session, scope.issuer_id(), SEARCHED_FEEDS)}
    query = select(Item).where(Item.feed_id.in_(feeds), Item.number == number).order_by(Item.feed_id, Item.seq)
    return [(item, feeds[item.feed_id]) for item in session.scalars(query.limit(50))]
