"""The spans of time that a trend of data quality goes through: months, or single feeds while there are few."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from portal.presenters.amounts_and_dates import local
from portal.translation import language
from store.feeds.feed import Feed
from words.relative_dates import spell_day, spell_month

#: So many spans are looked back upon.
MOST: Final = 12
#: Feeds of fewer months than these are shown one by one.
_LEAST_MONTHS: Final = 4


class QualityPeriod(NamedTuple):
    """A month, or the day of a feed, in words; the feeds of bills that were received then, and how many bills."""

    label: str
    feed_ids: list[int]
    bills: int


def quality_periods(feeds: Sequence[Feed]) -> tuple[list[QualityPeriod], bool]:
    """Returns the spans of these feeds, oldest first as they are, and whether they are months."""
    months: dict[date, list[Feed]] = {}
    for feed in feeds:
        months.setdefault(local(feed.received_at).date().replace(day=1), []).append(feed)
    if len(months) < _LEAST_MONTHS:
        return [_period(_day(feed), [feed]) for feed in feeds[-MOST:]], False
    shown = list(months.items())[-MOST:]
    return [_period(spell_month(month, language(), year=False, short=True), of) for month, of in shown], True


def _period(label: str, feeds: list[Feed]) -> QualityPeriod:
    return QualityPeriod(label, [feed.id for feed in feeds], sum(feed.entries for feed in feeds))


def _day(feed: Feed) -> str:
    return spell_day(local(feed.received_at).date(), language(), year=False, short=True)
