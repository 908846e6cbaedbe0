"""Computes on which days an account becomes or stops being active, enrolled, paperless …, and what it did. Pure.

In: an account's past, and a day. Out: its changes up to this day, each under the state that it stood in, and for how
long nothing changes without new rows: an account becomes inactive thirteen months after its last bill, and is no longer
asked when the code of its last letter has run out. Another bill in time puts that off, and changes nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from adoption.account_states import STATES, AccountPast, AccountStates, day_of, held
from adoption.calendar_months import earlier
from adoption.day_spans import NEVER, Day, Span, both, edges, holds, joined, open_ended, shared_by, span_with
from consumers.claim_start import failure_of
from delivery.relationship.relationship_state import INVITED_DAYS
from store.facts.counted_contribution import NEVER_ON, Foreseen

#: A yearly bill that comes a few weeks late does not close an account.
ACTIVE_MONTHS: Final = 13
#: As many issuers change what a person does (docs/adoption.md).
MANY_ISSUERS: Final = 4
#: Days after which a return to paper is counted.
BACK_WITHIN: Final = (30, 90, 365)
#: Longer times until a claim are counted as this many days.
LONGEST_CLAIM: Final = 400

#: Measures that last until they change, in the order of their numbers; new ones go last, of ACTS too.
LEVELS: Final = (
    "accounts", "enrolled", "paperless", "eligible", "invited", "both", "wide", "eligible_enrolled",
    "eligible_paperless",
)  # fmt: skip
#: What is done on a day.
ACTS: Final = (
    "claims", "consents", "back30", "back90", "back365", "invitations", "invitation_cost", "claim_failures:wrong_code",
    "claim_failures:stale_code", "claim_failures:sign_up",
)  # fmt: skip
#: EUR in the unit of `invitation_cost`.
COST_UNIT: Final = Decimal("0.0001")
#: The measure of claims by the days from the invitation, `claim_days:12`.
CLAIM_DAYS: Final = "claim_days:"
#: The measure of claims that failed by their reasons, `consumers.claim_start.ClaimFailure`.
CLAIM_FAILURES: Final = "claim_failures:"
_FIRST_ACT: Final = 20
_FIRST_CLAIM_DAY: Final = 100
#: States in which nobody may be asked to do without paper.
NOT_ELIGIBLE: Final = frozenset({"EXEMPT", "DECEASED_HOLD", "CLOSED"})


class AccountDayChange(NamedTuple):
    """The change of a measure from this day on (of an act: on this day), in this state."""

    day: Day
    state: str
    measure: str
    value: int

    @property
    def date(self) -> date:
        return date.fromordinal(self.day)


def changes_of(past: AccountPast, zone: tzinfo, until: Day) -> list[AccountDayChange]:
    """Return an account's changes up to this day, oldest first, and beyond it those that no bill can put off. Each day
    counts as it stood at its end, midnight in *zone*."""
    states = AccountStates(past, zone, until)
    active = _active(past, until)
    if not active:
        return []
    changes: Counter[tuple[Day, str, str]] = Counter()
    _add_levels(changes, states, active, _wide(past, zone))
    _add_claim(changes, states)
    _add_failures(changes, states, past, zone)
    _add_invitations(changes, states, past, zone)
    _add_consents(changes, states, past, zone)
    return [AccountDayChange(*cell, value) for cell, value in sorted(changes.items()) if value]


@lru_cache(maxsize=4096)
def packed_changes(past: AccountPast, zone: tzinfo, until: Day) -> tuple[bytes, Foreseen]:
    """The changes up to this day of an account with this past, packed, and for how long nothing else is to come. Of a
    feed's accounts most have one past: billed in the same months, invited on the same days, claimed by nobody."""
    changes = changes_of(past, zone, until)
    active = span_with(joined(_active_by(each) for each in past.billed), until)
    invited = span_with(AccountStates(past, zone).invited, until)
    foreseen = Foreseen(*_dates(active), *_dates(invited), _next(changes, until))
    return pack_changes([each for each in changes if each.day <= until]), foreseen


def put_off(foreseen: Foreseen, bills: Iterable[tuple[date, date | None]]) -> Foreseen | None:
    """What is foreseen of an account with these new bills, by their days of issue and the days on which letters with a
    code left; None where they change more than days to come, so that it has to be counted again."""
    active_until, invited_until = foreseen.active_until, foreseen.invited_until
    for issued, coded_on in bills:
        month = issued.replace(day=1)
        if not foreseen.active_since <= month <= active_until:
            return None
        active_until = max(active_until, earlier(month, -ACTIVE_MONTHS))
        if coded_on is not None:
            if not foreseen.invited_since <= coded_on <= invited_until:
                return None
            invited_until = max(invited_until, coded_on + timedelta(days=INVITED_DAYS))
    return foreseen._replace(active_until=active_until, invited_until=invited_until)


def pack_changes(changes: Sequence[AccountDayChange]) -> bytes:
    """Encode changes as MessagePack; the same changes give the same bytes."""
    return _encoder.encode([(each.day, STATES.index(each.state), _number_of(each.measure), each.value)
                            for each in changes])  # fmt: skip


@lru_cache(maxsize=4096)
def unpack_changes(content: bytes) -> tuple[AccountDayChange, ...]:
    """Decode what `pack_changes` encoded."""
    return tuple(
        AccountDayChange(day, STATES[state], _measure_of(measure), value)
        for day, state, measure, value in _decoder.decode(content)
    )


def traces_of(measure: str) -> list[bytes]:
    """Bytes of which the packed changes of an account have one at least, if *measure* (one that ends with `:` stands
    for all that begin with it) is among them; few others have. Who was asked before they claimed did claim."""
    if measure in LEVELS:
        return [bytes((_number_of(measure), 1))]  # it began to be true
    acts = ["claims"] if measure == CLAIM_DAYS else [each for each in ACTS if each.startswith(measure)]
    return [bytes((_number_of(each),)) for each in acts]


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[tuple[int, int, int, int]])


def _number_of(measure: str) -> int:
    if measure.startswith(CLAIM_DAYS):
        return _FIRST_CLAIM_DAY + int(measure.removeprefix(CLAIM_DAYS))
    return LEVELS.index(measure) if measure in LEVELS else _FIRST_ACT + ACTS.index(measure)


def _measure_of(number: int) -> str:
    if number >= _FIRST_CLAIM_DAY:
        return f"{CLAIM_DAYS}{number - _FIRST_CLAIM_DAY}"
    return ACTS[number - _FIRST_ACT] if number >= _FIRST_ACT else LEVELS[number]


def _active(past: AccountPast, until: Day) -> list[Span]:
    """The days on which the account is active: for ever where it still is on this day, as another bill may come."""
    return open_ended(joined(_active_by(issued) for issued in past.billed), until)


def _active_by(issued: date) -> Span:
    month = issued.replace(day=1)
    return month.toordinal(), earlier(month, -ACTIVE_MONTHS).toordinal()


def _dates(span: Span | None) -> tuple[date, date]:
    return (NEVER_ON, NEVER_ON) if span is None else (date.fromordinal(span[0]), date.fromordinal(span[1]))


def _next(changes: Iterable[AccountDayChange], until: Day) -> date:
    return min((each.date for each in changes if each.day > until), default=NEVER_ON)


def _wide(past: AccountPast, zone: tzinfo) -> list[Span]:
    """The days on which one of the holders of that day holds accounts of many issuers."""
    found: list[Span] = []
    for own, issuers in past.held_elsewhere:
        many = shared_by((span for issuer in issuers for span in held(issuer, zone)), MANY_ISSUERS)
        found += both(held([own], zone), many)
    return joined(found)


def _add_levels(
    changes: Counter[tuple[Day, str, str]], states: AccountStates, active: Sequence[Span], wide: Sequence[Span]
) -> None:
    """Add where a measure begins or ends to be true in a state."""
    invited = [(states.invitations[0], NEVER)] if states.invitations else []
    before: set[tuple[str, str]] = set()
    for day in sorted(edges([*active, *states.spans, *invited, *wide]) - {NEVER}):
        now: set[tuple[str, str]] = set()
        if holds(active, day):
            state = states.on(day)
            now = {(state, measure) for measure in _levels_on(day, state, states, invited, wide)}
        for state, measure in now - before:
            changes[day, state, measure] += 1
        for state, measure in before - now:
            changes[day, state, measure] -= 1
        before = now


def _levels_on(day: Day, state: str, states: AccountStates, invited: Sequence[Span], wide: Sequence[Span]) -> set[str]:
    """The lasting measures that are true of an active account on a day."""
    is_held, is_paperless = holds(states.held, day), holds(states.paperless, day)
    is_eligible = state not in NOT_ELIGIBLE
    is_true = (
        True, is_held, is_paperless, is_eligible, holds(invited, day), is_held and not is_paperless,
        is_held and holds(wide, day), is_eligible and is_held, is_eligible and is_paperless,
    )  # fmt: skip
    return {measure for measure, stands in zip(LEVELS, is_true, strict=True) if stands}


def _add_claim(changes: Counter[tuple[Day, str, str]], states: AccountStates) -> None:
    """Add the first claim, and how long after the first invitation it came."""
    if not states.held:
        return
    day = states.held[0][0]
    changes[day, states.on(day), "claims"] += 1
    if states.invitations and states.invitations[0] <= day:
        after = min(day - states.invitations[0], LONGEST_CLAIM)
        changes[day, states.on(day), f"{CLAIM_DAYS}{after}"] += 1


def _add_failures(
    changes: Counter[tuple[Day, str, str]], states: AccountStates, past: AccountPast, zone: tzinfo
) -> None:
    """Add each claim that was begun and failed: a code that opened nothing; a sign-up, unless somebody follows the
    account on that day or later."""
    for each in past.notices:
        if each.kind != "claim_started":
            continue
        day, reason = day_of(each.at, zone), failure_of(each.key)
        if reason != "sign_up" or all(end <= day for _, end in states.held):
            changes[day, states.on(day), f"{CLAIM_FAILURES}{reason}"] += 1


def _add_invitations(
    changes: Counter[tuple[Day, str, str]], states: AccountStates, past: AccountPast, zone: tzinfo
) -> None:
    """Add what campaigns sent, and what that cost."""
    for each in past.invited:
        day = day_of(each.at, zone)
        changes[day, states.on(day), "invitations"] += 1
        changes[day, states.on(day), "invitation_cost"] += int(each.cost / COST_UNIT)


def _add_consents(
    changes: Counter[tuple[Day, str, str]], states: AccountStates, past: AccountPast, zone: tzinfo
) -> None:
    """Add each consent that began a time without paper, and whether it was withdrawn within so many days."""
    ordered = sorted(past.acts)
    for n, act in enumerate(ordered):
        if act.act != "paperless" or (n and ordered[n - 1].act == "paperless"):
            continue
        day = day_of(act.at, zone)
        back = next((day_of(each.at, zone) for each in ordered[n:] if each.act == "paper"), NEVER)
        changes[day, states.on(day), "consents"] += 1
        for days in BACK_WITHIN:
            if back - day <= days:
                changes[day, states.on(day), f"back{days}"] += 1
