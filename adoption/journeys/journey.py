"""How far an account has come, and how it stood some months after its first claim. Pure.

The steps are those of a funnel, each after the one before: invited (a letter with a claim code left, or somebody
asked), opened (a letter's link was opened), started (somebody signed up with a code, or typed one), claimed, the first
digital bill, paperless (the holder does without paper), stayed (still so ninety days after that). Whoever came further
has passed the steps before, whichever way: a code that is typed opens no link. From the claim on each step needs the
one before it: who does without paper and had no digital bill yet stands at the claim.

No step depends on a clock: who is without paper today has stayed from a day to come on, unless paper comes back before.
How an account stood some months after its claim is looked at on that day.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple

from adoption.calendar_months import later
from adoption.day_spans import Day, Span, holds
from delivery.relationship.months_after import months_after
from store.facts.account_journey import STEPS, Journey
from store.facts.counted_contribution import NEVER_ON

#: Days without paper after which somebody has stayed.
STAYED_AFTER: Final = 90
#: Months after the first claim at which a cohort is looked at.
AGES: Final = (1, 3, 6, 12)
#: What is looked at, a bit each: held by somebody, without paper, the latest bill presented since the claim was read
#: within thirty days, and whether there was one. The bits of an age begin at its place in AGES times four.
ENROLLED, PAPERLESS, READING, BILLED = 1, 2, 4, 8
_BITS: Final = 4


class PresentedBill(NamedTuple):
    """A bill that stood in the portal, by its day of issue; *is_read*: by somebody signed in, within thirty days."""

    day: Day
    is_read: bool


class StartedClaim(NamedTuple):
    """A claim that was begun, and why it was not finished then (`store.facts.account_journey.SNAGS`)."""

    day: Day
    snag: str


class JourneyPast(NamedTuple):
    """All that an account's journey follows from: days, and spans of days."""

    issuer_id: int
    invited: Sequence[Day] = ()
    opened: Collection[Day] = ()
    started: Collection[StartedClaim] = ()
    held: Sequence[Span] = ()
    paperless: Sequence[Span] = ()
    bills: Collection[PresentedBill] = ()


def journey_of(past: JourneyPast, until: date) -> Journey | None:
    """The journey of an account, looked at up to this day; None of one that has not begun any."""
    first = {
        "invited": min(past.invited, default=None),
        "opened": min(past.opened, default=None),
        "started": min((each.day for each in past.started), default=None),
        "claimed": past.held[0][0] if past.held else None,
    }
    known = [day for day in first.values() if day is not None]
    if not known:
        return None
    began = _month(min(known))
    step = max(STEPS.index(each) for each, day in first.items() if day is not None)
    step, settled = (step, began) if first["claimed"] is None else _since_claim(past, began)
    snag = max(past.started).snag if STEPS[step] == "started" else ""
    claimed = first["claimed"]
    if claimed is None:
        return Journey(past.issuer_id, began, step, settled, snag, None, 0, NEVER_ON, NEVER_ON)
    looks = [claimed, *(_look(claimed, age) for age in AGES)]
    looked = max(n for n, day in enumerate(looks) if n == 0 or day <= until.toordinal())
    return Journey(
        past.issuer_id, began, step, settled, snag, _month(claimed), _held(past, claimed, AGES[:looked]),
        date.fromordinal(looks[looked]), date.fromordinal(looks[looked + 1]) if looked < len(AGES) else NEVER_ON,
    )  # fmt: skip


def bit(age: int, what: int) -> int:
    """The bit of *what* at this age, of AGES."""
    return what << _BITS * AGES.index(age)


def _since_claim(past: JourneyPast, began: date) -> tuple[int, date]:
    """The furthest step of an account that was claimed, and from when on it counts."""
    if not past.bills:
        return STEPS.index("claimed"), began
    if not past.paperless:
        return STEPS.index("digital_bill"), began
    long = next((since for since, until in past.paperless if since + STAYED_AFTER < until), None)
    if long is not None:
        return STEPS.index("stayed"), later(_month(long + STAYED_AFTER))
    return STEPS.index("paperless"), began


def _look(claimed: Day, age: int) -> Day:
    """The day on which an account is this old."""
    return months_after(date.fromordinal(claimed), age).toordinal()


def _held(past: JourneyPast, claimed: Day, ages: Sequence[int]) -> int:
    """The bits of how the account stood at each of these ages."""
    bits = 0
    for age in ages:
        day = _look(claimed, age)
        latest = max((each for each in past.bills if claimed <= each.day < day), default=None)
        stood = ENROLLED * holds(past.held, day) + PAPERLESS * holds(past.paperless, day)
        stood += 0 if latest is None else BILLED + READING * latest.is_read
        bits |= bit(age, stood)
    return bits


def _month(day: Day) -> date:
    return date.fromordinal(day).replace(day=1)
