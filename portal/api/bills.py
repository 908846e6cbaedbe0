"""/v1/bills and /v2/bills: an issuer's program lists its bills, reads one and its fate, recalls or resends it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from bill.json_values import Address, Moment, matching, not_blank, one_of, says
from customers.account_report import account_of_number
from delivery.fate.bill_report import CHANNELS, BillLine, BillReport, bill_lines, bill_report
from delivery.recall.recall_bill import recall_bill as recall
from delivery.sent_again.send_again import Way, send_again
from feeds.conflicts.bill_reached_customer import Issuance
from feeds.conflicts.decide_conflict import Decision
from portal import app_context
from portal.api.bill_cursor import CURSOR, read_cursor, sayable, tell_cursor
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import operation
from portal.api.contract.linked_pages import address_with
from portal.problems import problem
from portal.problems.problem_types import ALREADY_REACHED, CANNOT_GO_AGAIN, CONFLICT, NOT_FOUND, UNREADABLE_PARAMETER
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.bills.issuer_bills import ASKED_STATES, IssuerBillFilter, bills_of_issuer
from store.feeds.feed import feed_of_issuer
from store.row_ids import FeedId
from words.reason_text import reason_text

#: Transactions end in another order than they begin: whoever follows changes asks again for so long.
OVERLAP: Final = timedelta(minutes=1)
#: How each kind of issuance is told.
_HOW: Final = {
    "seen": "its customer has looked at it",
    "posted": "its letter was posted",
    "printing": "its letter is in a print batch that is closed",
    "mailed": "a message about it was sent",
    "presented": "it is in its customer's space",
}
_OF_SAME_LIST: Final = "what `next` of the same list has"
BillNumber = Annotated[str, Meta(max_length=200), says("The bill's number (BT-1), as you wrote it.")]


class BillsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which bills: all parts at once."""

    number: Annotated[BillNumber | None, says("The bill that has this number now.")] = None
    account: Annotated[
        Annotated[str, Meta(max_length=200)] | None, says("Of the account with this number, in any spelling.")
    ] = None
    state: Annotated[str, one_of(ASKED_STATES)] | None = None
    channel: Annotated[str, one_of(CHANNELS)] | None = None
    issued_from: Annotated[date | None, says("Issued on this day or later.")] = None
    issued_to: Annotated[date | None, says("Issued on this day or before.")] = None
    due_from: Annotated[date | None, says("Due on this day or later.")] = None
    due_to: Annotated[date | None, says("Due on this day or before.")] = None
    feed: Annotated[FeedId | None, says("Of this feed, in its order.")] = None
    amount: Annotated[
        Annotated[str, matching(r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$", "an amount, such as 12.50")] | None,
        says("That ask this amount (BT-115), in whatever currency; of a credit note below zero."),
    ] = None
    changed_since: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        says(
            "Of which state, channel, views, posting or payment changed at this moment or later, the first changed "
            "first. Go on from the `cursor` of the last page: nothing is missed, and a bill may come again."
        ),
    ] = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[
        Annotated[str, Meta(max_length=80), matching(CURSOR, _OF_SAME_LIST)] | None,
        says("Bills after this place; `next` has it filled in."),
    ] = None


class BillsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of bills."""

    bills: list[BillLine]
    next: Annotated[
        Address | None,
        says("The next page; null on the last. A page may hold fewer bills than its limit, or none, and lead on."),
    ]
    cursor: Annotated[Moment, says("Where to go on with `changed_since`, once you have read the last page.")]


class BillRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a bill is taken back."""

    reason: Annotated[str, not_blank(500), says("Kept with the bill, for people.")]
    by: Annotated[
        str, not_blank(200), says("The person of yours who decides.")
    ]  # fmt: skip


class BillSentAgain(BillRecall, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a bill is sent again, and why."""

    way: Annotated[Way, says("An e-mail to the holders of its account, or a letter by post.")] = "email"


@pages.get("/bills")
@operation()
def list_bills(query: BillsQuery) -> BillsPage:
    """Your bills that are released from their feeds.

    The latest issued first; of a feed in its order, by due date the first due; with `changed_since` the first changed;
    by number, amount or an uncommon state the last received. Every filter is read along an index: what is left of it
    by the others is looked at some thousand bills a page, so that a page may hold few and still lead on.
    """
    asked_at, session, issuer_id = datetime.now(UTC), app_context.reading(), asking_issuer().id
    only = _filter(query, issuer_id)
    if only is None:
        return BillsPage(bills=[], next=None, cursor=_cursor(query, [], asked_at))
    try:
        after = None if query.after is None else read_cursor(query.after)
        page = bills_of_issuer(session, issuer_id, only, query.limit, after)
    except ValueError:
        problem(UNREADABLE_PARAMETER, f"after: expected {_OF_SAME_LIST}")
    following = None if page.last is None else address_with({"after": tell_cursor(page.last), "limit": query.limit})
    return BillsPage(
        bills=bill_lines(session, page.rows), next=following, cursor=_cursor(query, page.rows, asked_at)
    )  # fmt: skip


def _filter(query: BillsQuery, issuer_id: int) -> IssuerBillFilter | None:
    """Returns what is asked for; None where an account or a feed is asked for that is not there."""
    session, account, amount = app_context.reading(), None, query.amount
    if query.account is not None:
        account = account_of_number(session, issuer_id, query.account)
        if account is None:
            return None
    if query.feed is not None and feed_of_issuer(session, issuer_id, query.feed) is None:
        return None
    try:
        since = None if query.changed_since is None else sayable(query.changed_since)
    except ValueError:
        problem(UNREADABLE_PARAMETER, "changed_since: a moment of RFC 3339, with its offset")
    return IssuerBillFilter(
        number=query.number, account_id=None if account is None else account.id, state=query.state,
        channel=query.channel, issued=(query.issued_from, query.issued_to), due=(query.due_from, query.due_to),
        feed_id=None if query.feed is None else int(query.feed), amount=None if amount is None else Decimal(amount),
        changed_since=since,
    )  # fmt: skip


def _cursor(query: BillsQuery, rows: Sequence[BillRow], asked_at: datetime) -> str:
    """Returns where whoever follows changes goes on: at the last that was read, with an overlap."""
    latest = asked_at - OVERLAP
    changed = rows[-1].changed_at if rows and query.changed_since is not None else None
    return min(latest, changed or latest).isoformat()


@pages.get("/bills/<path:number>")
@operation()
def show_bill(number: BillNumber) -> BillReport:
    """One bill: its terms in short, what is due of it now, and its fate.

    The fate is a list of steps, from the feed that it came in to the letter box: each with its moment, a code, a
    sentence, and the reason; and what is expected next. Customers' addresses are not told.
    """
    return bill_report(app_context.reading(), bill_of(number), app_context.today())


@pages.post("/bills/<path:number>/recall")
@operation(ALREADY_REACHED, CONFLICT)
def recall_bill(number: BillNumber, body: BillRecall) -> BillReport:
    """Recall a bill before it has reached anybody.

    It is never shown, sent or printed, and asks nothing; what was paid of it waits for a person. Its number stays used:
    whatever comes under it is a conflict that you decide. A bill that was recalled before is answered as it is. One
    that has reached its customer is not recalled (409): send a credit note (BT-3 381) or a corrective invoice (384)
    under a number of its own.
    """
    bill = bill_of(number)
    if bill.state != "recalled":
        decision = Decision(body.by.strip(), body.reason.strip(), app_context.now())
        answer = recall(app_context.store(), bill.id, decision)
        if answer.issuance is not None:
            problem(ALREADY_REACHED, _told(answer.issuance))
    with app_context.store().reading() as session:  # the request's own has read the bill as it was before
        now = session.get_one(BillRow, bill.id)
        if now.state != "recalled":
            problem(CONFLICT, f"the bill is {now.state} by now: read it again")
        return bill_report(session, now, app_context.today())


@pages.post("/bills/<path:number>/send-again")
@operation(CANNOT_GO_AGAIN)
def send_bill_again(number: BillNumber, body: BillSentAgain) -> BillReport:
    """Send a bill again, since its customer asks for it.

    By `email` its holders get a message that says that it is the same bill; a `letter` is marked as a duplicate, and
    leaves with the next print batch. Within a day of the last time nothing more is sent by the same way, so that this
    request may be sent twice; a bill goes again five times by one way. Its fate has every sending.
    """
    bill = bill_of(number)
    decision = Decision(body.by.strip(), body.reason.strip(), app_context.now())
    answer = send_again(app_context.store(), bill.id, body.way, decision)
    if answer.result == "refused":
        problem(CANNOT_GO_AGAIN, reason_text(answer.why.code, answer.why.values, "en"))
    with app_context.store().reading() as session:  # the request's own has read the deliveries as they were before
        return bill_report(session, session.get_one(BillRow, bill.id), app_context.today())


def bill_of(number: str) -> BillRow:
    """Returns the issuer's bill with this number; else the problem `not-found`."""
    bill = bill_by_number(app_context.reading(), asking_issuer().id, number)
    return problem(NOT_FOUND, "there is no such bill") if bill is None else bill


def _told(issuance: Issuance) -> str:
    at = "" if issuance.at is None else f" ({issuance.at.isoformat()})"
    return f"{_HOW[issuance.how]}{at}: send a credit note (BT-3 381) or a corrective invoice (384)"
