"""What a feed is compared with before its release: its figures beside those of its issuer's latest feeds. Pure."""

from collections.abc import Collection, Iterator, Sequence
from statistics import median
from typing import Literal, NamedTuple

from store.feeds.feed_counts_as_read import FeedCounts

FigureKind = Literal["volume", "mean_amount", "new_accounts", "rejects"]


class ComparedFigure(NamedTuple):
    """A figure of a feed (a number, a mean amount in *currency*, a share from 0 to 1) beside the median, the lowest and
    the highest of the feeds before. *is_odd*: the feed is held for it."""

    kind: FigureKind
    currency: str
    now: float
    usual: float
    lowest: float
    highest: float
    is_odd: bool


def compare_feed(read: FeedCounts, before: Sequence[FeedCounts], rules: Collection[str]) -> list[ComparedFigure]:
    """The figures of this feed that can be compared with those of the feeds *before*; none where there are none. It is
    held for *rules*."""
    return list(_compare(read, [each for each in before if each.items], rules)) if read.items else []


def _compare(read: FeedCounts, before: Sequence[FeedCounts], rules: Collection[str]) -> Iterator[ComparedFigure]:
    yield from _figure("volume", "", read.items, [each.items for each in before], "DRIFT-VOLUME" in rules)
    for currency in sorted(read.counts):
        history = [_mean(each, currency) for each in before if each.counts.get(currency)]
        is_odd = "DRIFT-AMOUNT" in rules and bool(history)
        yield from _figure("mean_amount", currency, _mean(read, currency), history, is_odd)
    if read.taken:
        strangers = [each.strangers / each.taken for each in before if each.taken]
        now = read.strangers / read.taken
        yield from _figure("new_accounts", "", now, strangers, "DRIFT-ACCOUNTS" in rules)
    refused = [each.refused / each.items for each in before]
    yield from _figure("rejects", "", read.refused / read.items, refused, "DRIFT-REJECTS" in rules)


def _figure(
    kind: FigureKind, currency: str, now: float, history: Sequence[float], is_odd: bool
) -> Iterator[ComparedFigure]:  # fmt: skip
    if history:
        yield ComparedFigure(kind, currency, now, median(history), min(history), max(history), is_odd)


def _mean(figures: FeedCounts, currency: str) -> float:
    return float(figures.sums[currency] / figures.counts[currency])
