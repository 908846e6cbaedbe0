"""The state in which an account stood on each day, from what was done and said: spans of days. Pure.

The states are those of `delivery.relationship.relationship_state`, by the same order of precedence. What follows from
single bills is left out: an account without paper stands as DIGITAL, be it on trial, settled or at risk, for which of
these it was is kept with each of its bills (`store.bills.channel_choice`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from adoption.day_spans import EVER, NEVER, Day, Span, holds, joined, open_ended, without
from delivery.relationship.months_after import months_after
from delivery.relationship.relationship_state import CHOICE_MONTHS, CLAIM_DAYS, INVITED_DAYS
from store.accounts.legal_basis import CHOSEN_BY_CUSTOMER

#: In the order of their numbers in `store.facts.counted_contribution`: a new one goes last.
STATES: Final = (
    "PAPER", "INVITED", "CLAIM_STARTED", "LINKED_DUAL", "DIGITAL", "PAPER_BY_CHOICE", "EXEMPT", "MOVED",
    "DECEASED_HOLD", "CLOSED",
)  # fmt: skip
#: Kinds of account notices that a state follows from.
NOTICES: Final = (
    "invited", "claim_started", "linked", "left", "objected", "moved", "address_known", "passed_on", "exempt",
)  # fmt: skip
_FORMER: Final = frozenset({"former", "joined"})


class Hold(NamedTuple):
    """A time during which somebody held the account; *until* None: still does."""

    since: datetime
    until: datetime | None


class ConsentAct(NamedTuple):
    """A consent (`paperless`) or its withdrawal; the higher *n* of two at one moment is the later."""

    at: datetime
    n: int
    act: str
    basis: str = "consent"


class SaidNotice(NamedTuple):
    """A notice by its kind and key; the higher *n* of two at one moment is the later."""

    at: datetime
    n: int
    kind: str
    key: str = ""


class SentInvitation(NamedTuple):
    """What a campaign sent to the customer, and its cost in EUR."""

    at: datetime
    cost: Decimal


class Statement(NamedTuple):
    """What is said of an account's customer, and whose its number is."""

    died_on: date | None = None
    closed_on: date | None = None
    paper_by_right: str = ""
    standing: str = "own"
    bereavement: str = ""


class AccountPast(NamedTuple):
    """All that an account's figures follow from. *billed*: the months of its counted bills, by their first days;
    *coded*: the days on which letters with a claim code left; *held_elsewhere*: of holders who had several issuers,
    their hold of this account, and those of each issuer; *invited*: by campaigns."""

    billed: frozenset[date]
    coded: frozenset[date]
    holds: tuple[Hold, ...] = ()
    acts: tuple[ConsentAct, ...] = ()
    notices: tuple[SaidNotice, ...] = ()
    said: Statement = Statement()
    held_elsewhere: tuple[tuple[Hold, tuple[tuple[Hold, ...], ...]], ...] = ()
    invited: tuple[SentInvitation, ...] = ()


def held(past: Iterable[Hold], zone: tzinfo) -> list[Span]:
    """The days at whose end somebody held the account, midnight in *zone*."""
    return joined((day_of(each.since, zone), _end(each.until, zone)) for each in past)


def paperless(acts: Sequence[ConsentAct], zone: tzinfo) -> list[Span]:
    """The days at whose end the last consent was to do without paper."""
    ordered = sorted(acts)
    ends = [day_of(act.at, zone) for act in ordered[1:]] + [NEVER]
    spans = zip(ordered, ends, strict=True) if ordered else ()
    return joined((day_of(act.at, zone), end) for act, end in spans if act.act == "paperless")


def invitations(past: AccountPast, zone: tzinfo) -> list[Day]:
    """The days of all invitations, oldest first: letters with a claim code, and what else asked the customer."""
    asked = (day_of(each.at, zone) for each in past.notices if each.kind == "invited")
    return sorted({*asked, *(day.toordinal() for day in past.coded)})


class AccountStates:
    """The spans of days of each state of one account. Whoever is asked on the day *open_on* is asked for ever, as
    another letter may come."""

    def __init__(self, past: AccountPast, zone: tzinfo, open_on: Day = NEVER) -> None:
        self.held, self.paperless = held(past.holds, zone), paperless(past.acts, zone)
        self.invitations = invitations(past, zone)
        self._first_of = [
            ("DECEASED_HOLD", _dead(past.said)),
            ("CLOSED", _closed(past, zone)),
            ("EXEMPT", _exempt(past, zone)),
            ("MOVED", _moved(past.notices, zone)),
            ("PAPER_BY_CHOICE", _chosen(past, zone)),
        ]
        self._claim_started = _claim_started(past.notices, zone)
        self.invited = open_ended(joined((day, day + INVITED_DAYS) for day in self.invitations), open_on)

    @property
    def spans(self) -> list[Span]:
        """All spans at whose edges the state may change."""
        ended = [span for _, spans in self._first_of for span in spans]
        return [*ended, *self.held, *self.paperless, *self._claim_started, *self.invited]

    def on(self, day: Day) -> str:
        """The state at the end of a day."""
        for state, spans in self._first_of:
            if holds(spans, day):
                return state
        if holds(self.held, day):
            return "DIGITAL" if holds(self.paperless, day) else "LINKED_DUAL"
        if holds(self._claim_started, day):
            return "CLAIM_STARTED"
        return "INVITED" if holds(self.invited, day) else "PAPER"


def day_of(at: datetime, zone: tzinfo) -> Day:
    """The day of a moment in *zone*."""
    return at.astimezone(zone).toordinal()


def _end(until: datetime | None, zone: tzinfo) -> Day:
    return NEVER if until is None else day_of(until, zone)


def _dead(said: Statement) -> list[Span]:
    is_dead = said.died_on is not None and said.bereavement != "alive"
    return [(said.died_on.toordinal(), NEVER)] if is_dead and said.died_on is not None else []


def _closed(past: AccountPast, zone: tzinfo) -> list[Span]:
    spans = [] if past.said.closed_on is None else [(past.said.closed_on.toordinal() + 1, NEVER)]
    if past.said.standing in _FORMER:
        passed_on = [day_of(each.at, zone) for each in past.notices if each.kind == "passed_on"]
        spans.append((max(passed_on, default=EVER), NEVER))
    return joined(spans)


def _exempt(past: AccountPast, zone: tzinfo) -> list[Span]:
    if not past.said.paper_by_right:
        return []
    said = [day_of(each.at, zone) for each in past.notices if each.kind == "exempt"]
    return [(max(said, default=EVER), NEVER)]


def _moved(notices: Sequence[SaidNotice], zone: tzinfo) -> list[Span]:
    """From where letters did not arrive until another address was known; of two at one moment `moved` is the later."""
    known = [each for each in notices if each.kind in {"moved", "address_known"}]
    ordered = sorted(known, key=lambda each: (each.at, each.kind == "moved", each.n))
    ends = [day_of(each.at, zone) for each in ordered[1:]] + [NEVER]
    spans = zip(ordered, ends, strict=True) if ordered else ()
    return joined((day_of(each.at, zone), end) for each, end in spans if each.kind == "moved")


def _chosen(past: AccountPast, zone: tzinfo) -> list[Span]:
    """Twelve months from the latest choice of paper, but for the days on which electronic bills are accepted since."""
    chosen = [each.at for each in past.acts if each.act == "paper" and each.basis in CHOSEN_BY_CUSTOMER]
    chosen = sorted({*chosen, *(each.at for each in past.notices if each.kind == "objected")})
    found: list[Span] = []
    for at, after in zip(chosen, [*chosen[1:], None], strict=False):
        until = min(months_after(at.astimezone(zone).date(), CHOICE_MONTHS).toordinal(), _end(after, zone))
        accepted = paperless([each for each in past.acts if each.at >= at], zone)
        found += without((day_of(at, zone), until), accepted)
    return joined(found)


def _claim_started(notices: Sequence[SaidNotice], zone: tzinfo) -> list[Span]:
    known = sorted(each for each in notices if each.kind in {"claim_started", "linked", "left"})
    ends = [day_of(each.at, zone) for each in known[1:]] + [NEVER]
    spans = zip(known, ends, strict=True) if known else ()
    return joined(
        (start := day_of(each.at, zone), min(end, start + CLAIM_DAYS))
        for each, end in spans
        if each.kind == "claim_started"
    )
