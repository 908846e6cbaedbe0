"""What keeps coming back in the data of an issuer's feeds: how often, whether it gets better, and what it costs."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup
from sqlalchemy.orm import Session

from bill import ZERO
from bill.money import spell_money
from bill.percentage import percent
from issuers.data_quality_costs import Cost, Prices, cost_of, total_cost
from issuers.data_quality_rules import QUALITY_RULES, QualityRule
from issuers.profile import read_profile
from portal.operators.presenters.data_quality_advice import RULES, RuleAdvice
from portal.operators.quality.quality_period import QualityPeriod, quality_periods
from portal.presenters.amounts_and_dates import number
from portal.presenters.svg_charts import Spell, bars, ranked
from portal.translation import language, say
from store.feeds.feed import Feed, released_feeds_since
from store.feeds.finding_channels import paper_share
from store.feeds.item import FindingRow, examples, tallies_of_feeds
from store.issuer import Issuer

#: A year and the month that began it.
_LOOKED_BACK: Final = timedelta(days=366 + 30)
#: A share that changed by less than this is as it was.
_STEADY: Final = 0.005
#: So many of the latest spans say how it stands.
_RECENT: Final = 3
#: The latest feeds tell how bills go out.
_LATEST_FEEDS: Final = 12
#: Worth knowing, and nobody's mistake.
_NO_FAULTS: Final[frozenset[QualityRule]] = frozenset({"DQ-BUYER-COMPANY", "DQ-PERSON-TWICE"})


class RuleFailures(NamedTuple):
    """A rule broken in an issuer's feeds: how often in each span (oldest first), what that cost, advice, examples."""

    rule: QualityRule
    words: RuleAdvice
    counts: list[int]
    costs: list[Cost]
    periods: list[QualityPeriod]
    examples: list[FindingRow]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def cost(self) -> Cost:
        return total_cost(self.costs)

    @property
    def share(self) -> float:
        """Returns the share over the last spans taken together: a feed of three bills says little."""
        return _share(self.counts[-_RECENT:], self._bills[-_RECENT:])

    @property
    def trend(self) -> tuple[str, str]:
        """Returns how the last spans compare with those before, in words, and the tone of the notice."""
        if len(self.counts) <= _RECENT:
            return "", ""
        change = self.share - _share(self.counts[:-_RECENT], self._bills[:-_RECENT])
        if abs(change) < _STEADY:
            return say("stable"), "plain"
        tone = "plain" if self.rule in _NO_FAULTS else "bad" if change > 0 else "good"
        return say("en hausse") if change > 0 else say("en baisse"), tone

    @property
    def _bills(self) -> list[int]:
        return [period.bills for period in self.periods]

    def chart(self) -> Markup:
        """Returns a chart of the share of each span's bills with this fault."""
        shares = [_share([count], [bills]) for count, bills in zip(self.counts, self._bills, strict=True)]
        return _bars(say("Part des factures avec ce constat"), self.periods, shares, _percent)


class DataQualityReport(NamedTuple):
    """An issuer, the spans of its feeds (oldest first; *by_month*: months), the faults found in them, most frequent
    first, and the prices they are reckoned by."""

    issuer: Issuer
    periods: list[QualityPeriod]
    by_month: bool
    feeds: int
    last: Feed | None
    faults: list[RuleFailures]
    prices: Prices

    @property
    def bills(self) -> int:
        return sum(period.bills for period in self.periods)

    @property
    def cost(self) -> Cost:
        return total_cost([fault.cost for fault in self.faults])

    @property
    def costly(self) -> list[RuleFailures]:
        """Returns the faults that cost something, the most first."""
        return sorted((each for each in self.faults if each.cost.amount), key=lambda fault: -fault.cost.amount)

    def chart(self) -> Markup:
        named = [(say(fault.words.found), float(fault.total)) for fault in self.faults]
        return ranked(say("Ce qui revient le plus"), named, lambda count: str(number(int(count))))

    def cost_chart(self) -> Markup:
        """Returns a chart of what all faults cost in each span."""
        sums = [
            sum((fault.costs[n].amount for fault in self.faults), ZERO) for n in range(len(self.periods))
        ]  # fmt: skip
        return _bars(say("Ce que ces constats coûtent"), self.periods, [float(each) for each in sums], _euros)


def quality_report(session: Session, issuer: Issuer, today: date) -> DataQualityReport:
    """Returns the report of an issuer's feeds of the last year."""
    feeds = released_feeds_since(session, issuer.id, today - _LOOKED_BACK)
    periods, by_month = quality_periods(feeds)
    quality, shown = read_profile(issuer.profile).quality, [each for period in periods for each in period.feed_ids]
    prices = Prices(quality.letter_price, quality.minute_price)
    tallies = tallies_of_feeds(session, shown, "DQ-")
    faults = [
        _failures(session, rule, periods, tallies, prices) for rule in QUALITY_RULES if _feeds_of(tallies, rule)
    ]  # fmt: skip
    faults.sort(key=lambda fault: -fault.total)
    return DataQualityReport(issuer, periods, by_month, len(shown), feeds[-1] if feeds else None, faults, prices)


def _failures(
    session: Session, rule: QualityRule, periods: list[QualityPeriod], tallies: dict[tuple[str, int], int],
    prices: Prices,
) -> RuleFailures:  # fmt: skip
    broken_in = _feeds_of(tallies, rule)
    latest = sorted(broken_in)[-_LATEST_FEEDS:]
    share = paper_share(session, latest, rule)
    counts = [sum(tallies.get((rule, each), 0) for each in period.feed_ids) for period in periods]
    costs = [cost_of(rule, count, share, prices) for count in counts]
    return RuleFailures(rule, RULES[rule], counts, costs, periods, examples(session, latest[-1], rule))


def _feeds_of(tallies: dict[tuple[str, int], int], rule: QualityRule) -> list[int]:
    return [feed_id for (broken, feed_id), count in tallies.items() if broken == rule and count]


def _bars(title: str, periods: Sequence[QualityPeriod], values: Sequence[float], spell: Spell) -> Markup:
    labels = [period.label for period in periods]
    ticks = [label if n in (0, len(labels) - 1) else "" for n, label in enumerate(labels)]
    return bars(title, labels, values, spell, ticks=ticks)


def _share(counts: Sequence[int], bills: Sequence[int]) -> float:
    """Returns findings per bill, at most 1: a bill may have the same fault twice."""
    return min(sum(counts) / sum(bills), 1.0)


def _percent(share: float) -> str:
    return percent(share, language())


def _euros(amount: float) -> str:
    return spell_money(Decimal(round(amount)), "EUR", language(), 0)
