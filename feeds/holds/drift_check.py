"""Hold a feed that is unlike its issuer's earlier feeds in volume, mean amount, new accounts or rejects. Pure.

A figure drifts when it is far from the issuer's median (by a ratio, or by points of a share), farther than the issuer's
figures usually are, and outside all values seen lately. Released feeds become part of the history. Medians are used
instead of means, so that one odd feed does not shift the others.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf, log, sqrt
from statistics import median
from typing import Final

from bill import Finding, Value, warning
from issuers.profile import DriftTable
from store.feeds.feed_counts_as_read import FeedCounts

#: Three standard deviations in median absolute deviations, for normally distributed figures.
_FAR: Final = 3 * 1.4826
#: A count varies by chance by about its square root; twice that does not hold a feed.
_NOISE: Final = 2.0
#: The most bills of new accounts, or refused bills, that never hold a feed.
_FEW: Final = 3


def drift_hold_reasons(read: FeedCounts, before: Sequence[FeedCounts], breaker: DriftTable) -> list[Finding]:
    """Reasons why this feed is unlike its issuer's latest ones (*before*), one for each drifting figure; none while
    these are too few or too small."""
    if not breaker.on or len(before) < breaker.least_feeds:
        return []
    if median(each.items for each in before) < breaker.least_bills:
        return []
    return [
        *_volume(read, before, breaker),
        *_mean_amounts(read, before, breaker),
        *_new_accounts(read, before, breaker),
        *_refusals(read, before, breaker),
    ]


def _volume(read: FeedCounts, before: Sequence[FeedCounts], breaker: DriftTable) -> Iterator[Finding]:
    history = [float(each.items) for each in before]
    usual = median(history)
    if abs(read.items - usual) > _NOISE * sqrt(usual) and _is_far(float(read.items), history, breaker.volume):
        change = _signed_percent(read.items / usual - 1)
        yield warning(
            "DRIFT-VOLUME",
            "{count} bills, usually {usual} ({change})",
            count=read.items,
            usual=Decimal(f"{usual:g}"),
            change=change,
        )


def _mean_amounts(read: FeedCounts, before: Sequence[FeedCounts], breaker: DriftTable) -> Iterator[Finding]:
    for currency in sorted(read.counts):
        history = [_mean(each, currency) for each in before if each.counts.get(currency)]
        if len(history) < breaker.least_feeds:
            continue
        now, usual = _mean(read, currency), median(history)
        if _is_far(now, history, breaker.mean_amount):
            yield warning(
                "DRIFT-AMOUNT",
                "mean amount {now} {currency}, usually {usual} {currency}",
                now=Decimal(f"{now:.2f}"),
                usual=Decimal(f"{usual:.2f}"),
                currency=currency,
            )


def _new_accounts(read: FeedCounts, before: Sequence[FeedCounts], breaker: DriftTable) -> Iterator[Finding]:
    shares = _Shares([(each.strangers, each.taken) for each in (*before, read)])
    if shares.is_high(breaker.new_accounts):
        yield warning(
            "DRIFT-ACCOUNTS",
            "{part} of {count} bills are of new accounts ({now}), usually {usual}",
            place="",
            **shares.spelled(read.taken),
        )


def _refusals(read: FeedCounts, before: Sequence[FeedCounts], breaker: DriftTable) -> Iterator[Finding]:
    shares = _Shares([(each.refused, each.items) for each in (*before, read)])
    if shares.is_high(breaker.rejects):
        yield warning(
            "DRIFT-REJECTS",
            "{part} of {count} bills are refused ({now}), usually {usual}",
            place="",
            **shares.spelled(read.items),
        )


class _Shares:
    """A share of a whole (such as new accounts of all bills) in each feed, this feed's last."""

    def __init__(self, parts: Sequence[tuple[int, int]]) -> None:
        *before, (self._number, whole) = parts
        self.now = self._number / whole if whole else 0.0
        self._before = sorted(part / of for part, of in before if of)
        self.usual = median(self._before) if self._before else 0.0

    def spelled(self, count: int) -> dict[str, Value]:
        """This feed's part, whole and share, and the usual share, as message values."""
        return {"part": self._number, "count": count, "now": _percent(self.now), "usual": _percent(self.usual)}

    def is_high(self, points: float) -> bool:
        """Whether this feed's share is more than *points* above the median, and above all earlier shares but the
        highest: an issuer's first feed has only new accounts."""
        if self._number <= _FEW or len(self._before) < 2:
            return False
        usually_off = median(abs(each - self.usual) for each in self._before)
        return self.now > self._before[-2] and self.now - self.usual > max(points, _FAR * usually_off)


def _is_far(now: float, history: Sequence[float], ratio: float) -> bool:
    """Whether a positive figure is more than *ratio* times above or below its median, and unusual for this issuer."""
    if min(history) <= 0:
        return False  # amounts of both signs have no ratio
    logs = [_log(each) for each in history]
    middle = median(logs)
    usually_off = median(abs(each - middle) for each in logs)
    is_unseen = not min(history) <= now <= max(history)
    return is_unseen and abs(_log(now) - middle) > max(log(ratio), _FAR * usually_off)


def _log(figure: float) -> float:
    """The logarithm; minus infinity for zero and negative figures."""
    return log(figure) if figure > 0 else -inf


def _mean(figures: FeedCounts, currency: str) -> float:
    return float(figures.sums[currency] / figures.counts[currency])


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _signed_percent(change: float) -> str:
    return f"{change * 100:+.0f} %"
