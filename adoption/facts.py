"""Facts: who went digital, by issuer and month, as it stood when the month ended.

Measures, per issuer and month of business time:

* `accounts`: active accounts, that is with a bill issued in the thirteen months up to the month's end (a yearly bill
  that comes a few weeks late does not close an account);
* `enrolled`: of these, held by at least one consumer when the month ended;
* `paperless`: of these, whose last consent when the month ended was to do without paper. Enrolled is not paperless.

The others follow the bills *issued* in the month, whenever things happen to them:

* `bills`: released bills, without the recalled and the superseded;
* `presented`: bills made viewable to a consumer (a `present` delivery was sent);
* `read7`: of these, seen by somebody who signed in within seven days of being presented. Opened mails are not
  counted: mail programs open mails by themselves;
* `letters`: letters handed over to the print house; `fallbacks`: of these, for bills that had been presented to a
  consumer without paper (a `notify` was sent first);
* `letters_saved`: bills that were chosen a way, and for which no letter was posted or is owed;
* `bounced`: bills whose notice or reminder came back.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, and_, case, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from store.account import CustomerAccount
from store.bill import BillRow
from store.consent import Consent
from store.consumer import Enrolment
from store.delivery import Delivery, Receipt
from store.fact import keep
from store.feed import Feed

MEASURES: Final = (
    "accounts", "enrolled", "paperless", "bills", "presented", "read7", "letters", "fallbacks", "letters_saved",
    "bounced",
)  # fmt: skip

#: Two years to compare; what is older stays as it was measured.
MEASURED_MONTHS: Final = 25
ACTIVE_MONTHS: Final = 13
READ_WITHIN_SECONDS: Final = 7 * 24 * 3600
PARIS: Final = ZoneInfo("Europe/Paris")

_SENT: Final = ("sent", "delivered")
_COUNTED: Final = ("released", "rendered", "chosen", "failed", "erased")

Figures = dict[tuple[int, date], dict[str, int]]


def measure(session: Session, now: datetime, zone: tzinfo = PARIS) -> None:
    """Write the facts of the last months, up to the running one, from the rows. Measuring twice says the same.

    A month ends at midnight in *zone*; of the running month the figures are those of *now*.
    """
    this_month = now.astimezone(zone).date().replace(day=1)
    figures = _bills_by_month(session, earlier(this_month, MEASURED_MONTHS - 1), later(this_month))
    for month in _from_first_to(figures, this_month):
        for issuer_id, stood in _accounts_at_end(session, month, zone).items():
            figures.setdefault((issuer_id, month), {}).update(stood)
    for (issuer_id, month), counted in sorted(figures.items()):
        keep(session, issuer_id, month, dict.fromkeys(MEASURES, 0) | counted)


def earlier(month: date, months: int = 1) -> date:
    """The first day of the month so many months before."""
    years, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, index + 1, 1)


def later(month: date) -> date:
    """The first day of the month after."""
    return earlier(month, -1)


def _from_first_to(figures: Figures, last: date) -> Iterator[date]:
    month = min((month for _, month in figures), default=later(last))
    while month <= last:
        yield month
        month = later(month)


def _bills_by_month(session: Session, first: date, end: date) -> Figures:
    """What became of the bills issued from *first* to before *end*, by issuer and month."""
    presented_at = _sent_at("portal", "present")
    notified_at = _sent_at("email", "notify")
    printed_at = _sent_at("paper", "print")
    seconds_to_view = extract("epoch", BillRow.viewed_at) - extract("epoch", presented_at)
    year, month = extract("year", BillRow.issue_date), extract("month", BillRow.issue_date)
    query = (
        select(
            BillRow.issuer_id,
            year.label("year"),
            month.label("month"),
            func.count().label("bills"),
            _how_many(presented_at.is_not(None)).label("presented"),
            _how_many(seconds_to_view <= READ_WITHIN_SECONDS).label("read7"),
            _how_many(printed_at.is_not(None)).label("letters"),
            _how_many(and_(printed_at.is_not(None), notified_at.is_not(None))).label("fallbacks"),
            _how_many(and_(BillRow.channel.is_not(None), ~_letter_is_owed_or_posted())).label("letters_saved"),
            _how_many(_came_back()).label("bounced"),
        )
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(["released", "settled"]), BillRow.state.in_(_COUNTED))
        .where(BillRow.issue_date >= first, BillRow.issue_date < end)
        .group_by(BillRow.issuer_id, year, month)
    )
    figures: Figures = {}
    for row in session.execute(query).mappings():
        counted = {measure: int(row[measure]) for measure in MEASURES if measure in row}
        figures[row["issuer_id"], date(int(row["year"]), int(row["month"]), 1)] = counted
    return figures


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0, type_=Integer)


def _sent_at(channel: str, purpose: str) -> ColumnElement[datetime | None]:
    """When this was first done for a bill; a letter that came back was posted all the same."""
    return (
        select(func.min(Delivery.sent_at))
        .where(Delivery.bill_id == BillRow.id, Delivery.channel == channel, Delivery.purpose == purpose)
        .correlate(BillRow)
        .scalar_subquery()
    )


def _letter_is_owed_or_posted() -> ColumnElement[bool]:
    """A print that was cancelled before it was handed over is a letter saved."""
    return exists().where(
        Delivery.bill_id == BillRow.id, Delivery.channel == "paper",
        (Delivery.state != "cancelled") | Delivery.sent_at.is_not(None),
    ).correlate(BillRow)  # fmt: skip


def _came_back() -> ColumnElement[bool]:
    return (
        exists()
        .where(Delivery.bill_id == BillRow.id, Receipt.delivery_id == Delivery.id, Receipt.kind == "bounced")
        .correlate(BillRow)
    )


def _accounts_at_end(session: Session, month: date, zone: tzinfo) -> dict[int, dict[str, int]]:
    """Accounts of each issuer as they stood when the month ended."""
    end = datetime.combine(later(month), time.min, zone)
    is_active = (
        exists()
        .where(BillRow.account_id == CustomerAccount.id, BillRow.issue_date < later(month))
        .where(BillRow.issue_date >= earlier(month, ACTIVE_MONTHS - 1), BillRow.state.in_(_COUNTED))
        .where(Feed.id == BillRow.feed_id, Feed.state.in_(["released", "settled"]))
        .correlate(CustomerAccount)
    )
    query = (
        select(
            CustomerAccount.issuer_id,
            func.count().label("accounts"),
            _how_many(_is_held_at(end)).label("enrolled"),
            _how_many(_last_act_before(end) == "paperless").label("paperless"),
        )
        .where(is_active)
        .group_by(CustomerAccount.issuer_id)
    )
    rows: list[dict[str, Any]] = [dict(row) for row in session.execute(query).mappings()]
    return {row.pop("issuer_id"): {measure: int(count) for measure, count in row.items()} for row in rows}


def _is_held_at(end: datetime) -> ColumnElement[bool]:
    return (
        exists()
        .where(Enrolment.account_id == CustomerAccount.id, Enrolment.enrolled_at < end)
        .where(Enrolment.ended_at.is_(None) | (Enrolment.ended_at >= end))
        .correlate(CustomerAccount)
    )


def _last_act_before(end: datetime) -> ColumnElement[str | None]:
    consent = aliased(Consent)
    return (
        select(consent.act)
        .where(consent.account_id == CustomerAccount.id, consent.at < end)
        .order_by(consent.at.desc(), consent.id.desc())
        .limit(1)
        .correlate(CustomerAccount)
        .scalar_subquery()
    )
