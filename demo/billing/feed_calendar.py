"""The demo's feeds in order of days, with the mishaps that happen to some of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from bill import Bill
from demo.billing.billing_calendar import Billing, billings, billings_after
from demo.billing.feed_file import FeedFile, ending, write
from demo.billing.feed_mishaps import Mishap, all_of, credit_notes, in_cents, sent_again, some_of, wrong_sums
from demo.issuer import ELECTRICITY, TELECOM, WATER, DemoIssuer
from demo.people.contract import Contract


@dataclass(frozen=True)
class _Drop:
    """A file of a billing: days after it, name suffix, change to the bills, share of the file that arrives."""

    after: int = 0
    word: str = "factures"
    change: Mishap = all_of
    whole: float = 1.0  # the share of the file that arrives


#: Issuer and number of its billing -> the files dropped; other billings are one complete file.
_STORIES: Final[dict[tuple[DemoIssuer, int], tuple[_Drop, ...]]] = {
    (ELECTRICITY, 2): (_Drop(), _Drop(1, "factures-bis")),
    (TELECOM, 3): (_Drop(change=wrong_sums), _Drop(3, "reprise", some_of)),
    (ELECTRICITY, 5): (_Drop(whole=0.6), _Drop(1)),
    (WATER, 4): (_Drop(change=wrong_sums), _Drop(4, "reprise", some_of)),
    (ELECTRICITY, 7): (_Drop(), _Drop(7, "avoirs", credit_notes)),
    (TELECOM, 9): (_Drop(), _Drop(2, "complement", sent_again)),
    (ELECTRICITY, 11): (_Drop(), _Drop(7, "avoirs", credit_notes)),
    (TELECOM, 13): (
        _Drop(change=wrong_sums), _Drop(3, "reprise", some_of), _Drop(12, "complement", sent_again),
        _Drop(12, "rectificatif", in_cents),
    ),
    (ELECTRICITY, 13): (_Drop(), _Drop(16, "reprise", some_of, whole=0.5)),
}  # fmt: skip


#: Bills of a billing from which on an unusual file is noticed.
_LARGE: Final = 60
_TUESDAY: Final = 1


def feeds_until(contracts: Sequence[Contract], first: date, last: date) -> list[FeedFile]:
    """Return all feeds that are dropped by *last*, for the months from that of *first* on."""
    feeds = [
        _feed(contracts, billing, drop)
        for billing in billings(first, last)
        for drop in _STORIES.get((billing.issuer, billing.turn), (_Drop(),))
    ]
    return sorted((feed for feed in feeds if feed.day <= last), key=lambda feed: feed.day)


def feeds_after(contracts: Sequence[Contract], first: date, until: date, last: date) -> list[FeedFile]:
    """Return the feeds of bills that are dropped after *until*, by *last*: of the billings since, with a mishap now and
    then, and once a week a corrected file in cents for euros, which waits for a person."""
    since = billings_after(first, until, last)
    feeds = [_feed(contracts, billing, drop) for billing in since for drop in _story_after(billing, contracts)]
    feeds += _weekly_corrections(contracts, [*billings(first, until), *since], until, last)
    return sorted((feed for feed in feeds if feed.day <= last), key=lambda feed: feed.day)


def _story_after(billing: Billing, contracts: Sequence[Contract]) -> tuple[_Drop, ...]:
    """Return the files of a billing after the thirteen months: in even months a telephone company's mishaps, in odd
    months credit notes for electricity."""
    is_large = len(billing.numbers(contracts)) >= _LARGE
    if billing.issuer is TELECOM and billing.day.month % 2 == 0 and is_large:
        return (_Drop(change=wrong_sums), _Drop(3, "reprise", some_of), _Drop(12, "complement", sent_again))
    if billing.issuer is ELECTRICITY and billing.day.month % 2 and is_large:
        return (_Drop(), _Drop(7, "avoirs", credit_notes))
    return (_Drop(),)


def _weekly_corrections(
    contracts: Sequence[Contract], known: Sequence[Billing], until: date, last: date
) -> Iterator[FeedFile]:
    """Yield, for each Tuesday, the latest bills of telephone or water in cents for euros, all but one: each week's
    bytes are others. Smaller worlds have none, because nobody would notice."""
    for day in (until + timedelta(days=n) for n in range(1, (last - until).days + 1)):
        week = day.isocalendar().week
        issuer = (TELECOM, WATER)[week % 2]
        latest = [billing for billing in known if billing.issuer is issuer and billing.day < day]
        if day.weekday() == _TUESDAY and latest and len(latest[-1].numbers(contracts)) >= _LARGE:
            drop = _Drop((day - latest[-1].day).days, f"rectificatif-{week}", partial(_in_cents_but_one, week))
            yield _feed(contracts, latest[-1], drop)


def _in_cents_but_one(place: int, bills: Sequence[Bill]) -> list[Bill]:
    kept = list(bills)
    del kept[place % len(kept)]
    return in_cents(kept)


def _feed(contracts: Sequence[Contract], billing: Billing, drop: _Drop) -> FeedFile:
    name = f"{drop.word}-{billing.day:%Y-%m-%d}.{ending(billing.issuer)}"
    content: Callable[[], bytes] = partial(_content, contracts, billing, drop)
    return FeedFile(billing.day + timedelta(days=drop.after), billing.issuer, name, content)


def _content(contracts: Sequence[Contract], billing: Billing, drop: _Drop) -> bytes:
    content = write(billing.issuer, drop.change(billing.bills(contracts)))
    return content[: int(len(content) * drop.whole)]
