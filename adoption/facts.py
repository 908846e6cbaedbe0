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
* `letters`: bills handed over to the print house; `fallbacks`: of these, bills that had been announced by e-mail to a
  consumer without paper;
* `letters_saved`: bills that were chosen a way, and for which no letter was posted or is owed;
* `bounced`: bills whose notice or reminder came back.
"""

from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from adoption.account_figures import accounts_at_end
from adoption.bill_figures import bills_by_month
from adoption.months import earlier, later
from store import Store
from store.bill import BillRow
from store.fact import facts, keep
from store.feed import Feed

MEASURES: Final = (
    "accounts", "enrolled", "paperless", "bills", "presented", "read7", "letters", "fallbacks", "letters_saved",
    "bounced",
)  # fmt: skip

#: Two years to compare; what is older stays as it was measured.
MEASURED_MONTHS: Final = 25
#: A bill waits ninety days for its letter at most (`delivery.deadline`): months before these are settled, unless a
#: feed that was released lately brought bills of theirs.
UNSETTLED_MONTHS: Final = 5
LATELY: Final = timedelta(days=35)
PARIS: Final = ZoneInfo("Europe/Paris")

Figures = dict[tuple[int, date], dict[str, int]]


def measure(store: Store, now: datetime, zone: tzinfo = PARIS) -> None:
    """Write the facts of every month that may have changed, from the rows. Measuring twice says the same.

    A month ends at midnight in *zone*; of the running month the figures are those of *now*. Counting takes its time,
    so it is done beside the writers; only what came out is written.
    """
    with store.reading() as session:
        figures = count(session, now, zone)
    with store.writing() as session:
        for (issuer_id, month), counted in sorted(figures.items()):
            keep(session, issuer_id, month, dict.fromkeys(MEASURES, 0) | counted)


def count(session: Session, now: datetime, zone: tzinfo = PARIS) -> Figures:
    """The figures of every month that may have changed, by issuer."""
    this_month = now.astimezone(zone).date().replace(day=1)
    month = _oldest_unsettled(session, now, this_month)
    figures = bills_by_month(session, month, later(this_month))
    while month <= this_month:
        for issuer_id, stood in accounts_at_end(session, month, zone).items():
            figures.setdefault((issuer_id, month), {}).update(stood)
        month = later(month)
    return figures


def _oldest_unsettled(session: Session, now: datetime, this_month: date) -> date:
    """From this month on figures may have changed since they were measured last."""
    came = select(func.min(BillRow.issue_date)).join(Feed, Feed.id == BillRow.feed_id)
    if facts(session):
        came = came.where(Feed.released_at >= now - LATELY)
    oldest = session.scalar(came) or this_month
    unsettled = earlier(this_month, UNSETTLED_MONTHS - 1)
    return max(min(oldest.replace(day=1), unsettled), earlier(this_month, MEASURED_MONTHS - 1))
