"""Hold a feed whose declared control totals differ from what was read.

Refused items count too: the count is of all items read, the sums are of every item whose payable amount is known (as
sent: a credit note's is positive in EN 16931). Items of unknown amount are named in the reason.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from bill import ZERO, ControlTotals, Finding, warning
from store.feeds.feed_counts_as_read import FeedCounts

RULE = "CONTROL-TOTALS"
_SUM = "{said} {currency} are declared ({source}), {found} {currency} were read"
_SUM_AND_UNKNOWN = (
    "{said} {currency} are declared ({source}), {found} {currency} were read, and the amounts of {unknown} items are "
    "unknown"
)


def control_total_hold_reasons(declared: Iterable[ControlTotals], read: FeedCounts) -> list[Finding]:
    """A reason for each declared figure that differs from what was read, with both figures; none if all agree."""
    return [reason for totals in declared for reason in _compare(totals, read)]


def not_declared() -> Finding:
    """The reason for a feed without control totals whose issuer's profile requires them."""
    return warning(RULE, "the profile asks for control totals, and none came with this feed")


def difference(totals: ControlTotals, read: FeedCounts) -> tuple[int | None, dict[str, Decimal]]:
    """Declared less read: the count (None if not declared), and the sums by currency."""
    count = None if totals.count is None else totals.count - read.items
    currencies = sorted({*totals.sums, *read.sums}) if totals.sums else []
    return count, {each: totals.sums.get(each, ZERO) - read.sums.get(each, ZERO) for each in currencies}


def _compare(totals: ControlTotals, read: FeedCounts) -> Iterator[Finding]:
    source = totals.source or "?"
    count, sums = difference(totals, read)
    if count:
        yield warning(
            RULE,
            "{said} bills are declared ({source}), {count} were read",
            said=totals.count or 0,
            source=source,
            count=read.items,
        )
    for currency in [each for each, off in sums.items() if off]:
        said, found = totals.sums.get(currency, ZERO), read.sums.get(currency, ZERO)
        yield warning(
            RULE,
            _SUM_AND_UNKNOWN if read.unknown else _SUM,
            said=said,
            found=found,
            currency=currency,
            source=source,
            unknown=read.unknown,
        )
