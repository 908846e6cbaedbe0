"""The data quality page: rules that an issuer's latest feeds keep breaking, the trend, and what to do about each."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from bill.percentage import percent
from issuers.data_quality_rules import QUALITY_RULES, QualityRule
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters.data_quality_advice import RULES, RuleAdvice
from portal.presenters.amounts_and_dates import local, number
from portal.presenters.svg_charts import bars, ranked
from portal.translation import language, say
from store.feeds.feed import Feed, latest_released_feeds
from store.feeds.item import FindingRow, examples, tallies_of_feeds
from store.issuer import Issuer
from words.relative_dates import spell_day

pages = Blueprint("quality", __name__, url_prefix="/equipe/qualite")

#: So many of an issuer's latest feeds are looked back upon.
SHOWN_FEEDS: Final = 12
#: A share that changed by less than this is as it was.
_STEADY: Final = 0.005
#: So many of them say how it stands.
_RECENT: Final = 3
#: Worth knowing, and nobody's mistake.
_NO_FAULTS: Final[frozenset[QualityRule]] = frozenset({"DQ-BUYER-COMPANY", "DQ-PERSON-TWICE"})


class RuleFailures(NamedTuple):
    """A rule broken in an issuer's latest feeds: the count and the number of bills of each feed (oldest first), advice
    and examples."""

    rule: QualityRule
    words: RuleAdvice
    counts: list[int]
    bills: list[int]
    examples: list[FindingRow]
    labels: list[str]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def share(self) -> float:
        """Returns the share over the last feeds taken together: a feed of three bills says little."""
        return _share(self.counts[-_RECENT:], self.bills[-_RECENT:])

    @property
    def trend(self) -> tuple[str, str]:
        """Returns how the last feeds compare with those before, in words, and the tone of the notice."""
        if len(self.counts) <= _RECENT:
            return "", ""
        change = self.share - _share(self.counts[:-_RECENT], self.bills[:-_RECENT])
        if abs(change) < _STEADY:
            return say("stable"), "plain"
        tone = "plain" if self.rule in _NO_FAULTS else "bad" if change > 0 else "good"
        return say("en hausse") if change > 0 else say("en baisse"), tone

    def chart(self) -> Markup:
        """Returns a chart of the share of each feed's bills with this fault."""
        ticks = [label if label in (self.labels[0], self.labels[-1]) else "" for label in self.labels]
        shares = [_share([count], [bills]) for count, bills in zip(self.counts, self.bills, strict=True)]
        return bars(say("Part des factures, flux par flux"), self.labels, shares, _percent, ticks=ticks)


class DataQualityReport(NamedTuple):
    """An issuer, its latest feeds (oldest first), and the faults found in them, most frequent first."""

    issuer: Issuer
    feeds: list[Feed]
    faults: list[RuleFailures]

    @property
    def bills(self) -> int:
        return sum(feed.entries for feed in self.feeds)

    def chart(self) -> Markup:
        named = [(say(fault.words.found), float(fault.total)) for fault in self.faults]
        return ranked(say("Ce qui revient le plus"), named, lambda count: str(number(int(count))))


@pages.get("")
def show() -> ResponseReturnValue:
    session = app_context.reading()
    reports = [_report(session, issuer) for issuer in staff_scope.issuers().values()]
    return render_template("operators/data_quality.html", reports=[report for report in reports if report.feeds])


def _report(session: Session, issuer: Issuer) -> DataQualityReport:
    feeds = latest_released_feeds(session, issuer.id, SHOWN_FEEDS)
    tallies = tallies_of_feeds(session, [feed.id for feed in feeds], "DQ-")
    labels = [spell_day(local(feed.received_at).date(), language(), year=False, short=True) for feed in feeds]
    bills = [feed.entries for feed in feeds]
    faults = []
    for rule in QUALITY_RULES:
        counts = [tallies.get((rule, feed.id), 0) for feed in feeds]
        if any(counts):
            latest = next(feed.id for feed in reversed(feeds) if tallies.get((rule, feed.id)))
            faults.append(RuleFailures(rule, RULES[rule], counts, bills, examples(session, latest, rule), labels))
    return DataQualityReport(issuer, feeds, sorted(faults, key=lambda fault: -fault.total))


def _share(counts: Sequence[int], bills: Sequence[int]) -> float:
    """Returns findings per bill, at most 1: a bill may have the same fault twice."""
    return min(sum(counts) / sum(bills), 1.0)


def _percent(share: float) -> str:
    return percent(share, language())
