"""The funnel: of the accounts that began in some months, how many came how far, and where the others stopped."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from store.facts.account_journey import STEPS, CameThisFar, reached

_PAPERLESS: Final = STEPS.index("paperless")


class FunnelStep(NamedTuple):
    """A step, how many accounts came as far or further, and how many no further."""

    step: str
    reached: int
    stopped: int


class Funnel(NamedTuple):
    """The steps in their order, and why claims that were begun are not finished: how many by their snag. *waiting*: of
    those who are paperless, for whom ninety days are not over yet."""

    steps: tuple[FunnelStep, ...]
    snags: Mapping[str, int]
    waiting: int

    @property
    def entered(self) -> int:
        """How many accounts began."""
        return self.steps[0].reached


def funnel(session: Session, issuer_ids: Collection[int], first: date, last: date, today: date) -> Funnel:
    """The funnel of the accounts whose first step was in the months from *first* to *last*, as far as they have come
    *today*."""
    return funnel_of(reached(session, issuer_ids, first, last), today)


def funnel_of(counts: Collection[CameThisFar], today: date) -> Funnel:
    """The funnel of these counts."""
    stopped: Counter[int] = Counter()
    snags: Counter[str] = Counter()
    waiting = 0
    for each in counts:
        is_waiting = each.settled > today
        stopped[_PAPERLESS if is_waiting else each.step] += each.number
        waiting += each.number * is_waiting
        if each.snag:
            snags[each.snag] += each.number
    steps = [
        FunnelStep(step, sum(stopped[further] for further in range(n, len(STEPS))), stopped[n])
        for n, step in enumerate(STEPS)
    ]
    return Funnel(tuple(steps), snags, waiting)
