"""How far feeds have come: what was read of them, and how many of their bills have found their way."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute as Column
from sqlalchemy.orm import Session

from portal.staff.why import why
from store.bill import BillRow
from store.feed import Feed
from store.item import Item

#: States of a bill that the road is done with: it has its deliveries, or has ended, or waits for a person.
_ARRIVED: Final = ("chosen", "failed", "recalled", "superseded", "erased")


class Headway(NamedTuple):
    """A feed and its figures; *done* of *all* is what its bar shows."""

    feed: Feed
    outcomes: dict[str, int]  # items by outcome; those without one are not counted
    done: int
    all: int
    set_apart: int  # bills that could not be rendered
    why: list[str]  # it is held or rejected, a sentence each

    @property
    def refused(self) -> int:
        return self.outcomes.get("rejected", 0)

    @property
    def conflicts(self) -> int:
        return self.outcomes.get("conflict", 0)

    @property
    def is_moving(self) -> bool:
        """Whether the road still has something to do: read it, release it, render and choose for its bills."""
        return self.feed.state in {"received", "reading"} or (self.feed.state == "released" and self.done < self.all)


def headway(session: Session, feeds: Sequence[Feed]) -> list[Headway]:
    """The feeds with their figures, in the same order."""
    ids = [feed.id for feed in feeds]
    outcomes = _counted(session, Item.feed_id, Item.outcome, ids)
    states = _counted(session, BillRow.feed_id, BillRow.state, ids)
    return [_headway(feed, outcomes.get(feed.id, {}), states.get(feed.id, {}), why(session, feed)) for feed in feeds]


def _headway(feed: Feed, outcomes: dict[str | None, int], states: dict[str | None, int], reasons: list[str]) -> Headway:
    known = {outcome: number for outcome, number in outcomes.items() if outcome}
    if feed.state in {"released", "settled"}:
        done, everything = sum(states.get(state, 0) for state in _ARRIVED), sum(states.values())
    else:
        done, everything = feed.released_upto, max(feed.entries, sum(outcomes.values()))
    return Headway(feed, known, done, everything, states.get("failed", 0), reasons)


def _counted(
    session: Session, feed_id: Column[int], kind: Column[str] | Column[str | None], ids: list[int]
) -> dict[int, dict[str | None, int]]:
    query = select(feed_id, kind, func.count()).where(feed_id.in_(ids)).group_by(feed_id, kind)
    counts: dict[int, dict[str | None, int]] = {}
    for each, name, number in session.execute(query):
        counts.setdefault(each, {})[name] = number
    return counts
