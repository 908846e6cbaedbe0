"""The relationship of an account: one of twelve states, folded from its history. Pure.

The states that end everything else come first, and the first that applies wins: DECEASED_HOLD, CLOSED, EXEMPT, MOVED,
PAPER_BY_CHOICE. Then an account that somebody follows without paper is DIGITAL_TRIAL, DIGITAL or AT_RISK, one that is
followed beside paper LINKED_DUAL; one that nobody follows is CLAIM_STARTED, INVITED or PAPER
(docs/decisions/0058-an-account-is-what-happened.md).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args

from bill import Reason
from consumers.account_claim import CODE_LIFE
from delivery.relationship.account_history import AccountHistory, BillReading, GivenConsent
from delivery.relationship.months_after import months_after
from store.accounts.legal_basis import CHOSEN_BY_CUSTOMER

RelationshipState = Literal[
    "PAPER", "INVITED", "CLAIM_STARTED", "LINKED_DUAL", "DIGITAL_TRIAL", "DIGITAL", "AT_RISK", "PAPER_BY_CHOICE",
    "EXEMPT", "MOVED", "DECEASED_HOLD", "CLOSED",
]  # fmt: skip
RELATIONSHIP_STATES: Final[tuple[RelationshipState, ...]] = get_args(RelationshipState)
#: States of an account that is without paper.
PAPERLESS_STATES: Final = frozenset({"DIGITAL_TRIAL", "DIGITAL", "AT_RISK"})

#: Bills read in time after which the trial is over: one may be curiosity, and one bill never changes how much the
#: account is trusted, in either direction.
TRIAL_READS: Final = 2
#: Unread bills in a row that put an account at risk.
UNREAD_IN_A_ROW: Final = 2
#: For so long after paper was asked for, nobody is invited.
CHOICE_MONTHS: Final = 12
#: A claim that was begun and not finished is forgotten after this. A sign-up's link is valid for three days; people
#: come back to a letter that lies on their desk within two weeks, or not for its sake.
CLAIM_DAYS: Final = 14
#: An invitation lasts as long as the code of a letter opens the account.
INVITED_DAYS: Final = CODE_LIFE.days

#: Why, once a person has decided after a death.
_BEREAVED: Final = {"estate": Reason("letter_to_estate"), "held": Reason("bills_kept_after_death")}
_MOVES: Final = frozenset({"moved", "address_known"})
_ENDS_CLAIM: Final = frozenset({"claim_started", "linked", "left"})


class AccountRelationship(NamedTuple):
    """The state, the channel that bills go by, since when (None: since ever), and why."""

    state: RelationshipState
    channel: Literal["portal", "paper"]
    since: datetime | date | None
    why: Reason


def relationship_of(history: AccountHistory, today: date) -> AccountRelationship:
    """The relationship of an account on this day. What came later is left out; the order in which the history is given
    does not matter."""
    return _ended(history, today) or _by_right(history, today) or _living(history, today)


def _ended(history: AccountHistory, today: date) -> AccountRelationship | None:
    if history.died_on is not None and history.bereavement != "alive":
        return _on_paper("DECEASED_HOLD", history.died_on, _BEREAVED.get(history.bereavement, Reason("holder_died")))
    if history.closed_on is not None and history.closed_on < today:
        why = Reason.of("contract_over", day=history.closed_on.isoformat())
        return AccountRelationship("CLOSED", _channel(history, today), history.closed_on, why)
    if history.standing in {"former", "joined"}:
        return _on_paper("CLOSED", _last_at(history, {"passed_on"}, today), Reason("number_passed_on"))
    return None


def _by_right(history: AccountHistory, today: date) -> AccountRelationship | None:
    if history.paper_by_right:
        return _on_paper("EXEMPT", history.exempt_since, Reason("paper_by_right"))
    if (moved_at := _moved_at(history, today)) is not None:
        why = Reason.of("address_unknown", day=_day(moved_at))
        return AccountRelationship("MOVED", _channel(history, today), moved_at, why)
    chosen_at = _chosen_at(history, today)
    if chosen_at is not None and today < (until := months_after(chosen_at.date(), CHOICE_MONTHS)):
        why = Reason.of("paper_chosen", day=_day(chosen_at), until_day=until.isoformat())
        return _on_paper("PAPER_BY_CHOICE", chosen_at, why)
    return None


def _living(history: AccountHistory, today: date) -> AccountRelationship:
    if not history.holders_since:
        return _unfollowed(history, today)
    last = _last_consent(history, today)
    if last is not None and last.act == "paperless":
        return _without_paper(history, last, today)
    since: list[datetime | date] = [min(history.holders_since)]
    if last is not None:
        since.append(last.at)
    if (chosen_at := _chosen_at(history, today)) is not None:
        since.append(months_after(chosen_at.date(), CHOICE_MONTHS))
    why = Reason("account_in_question" if history.standing == "provisional" else "paper_kept")
    return _on_paper("LINKED_DUAL", max(since, key=_as_day), why)


def _unfollowed(history: AccountHistory, today: date) -> AccountRelationship:
    claims = [each for each in history.notices if each.kind in _ENDS_CLAIM and each.at.date() <= today]
    last = max(claims, key=lambda each: (each.at, each.n), default=None)
    if last is not None and last.kind == "claim_started" and today < last.at.date() + timedelta(days=CLAIM_DAYS):
        return _on_paper("CLAIM_STARTED", last.at, Reason.of("claim_started", day=_day(last.at)))
    if (invited := _invited(history, today)) is not None:
        return invited
    why = Reason("account_in_question" if history.standing == "provisional" else "account_unclaimed")
    consent = _last_consent(history, today)
    turned = [] if consent is None or consent.act != "paper" else [consent.at]
    left_at = _last_at(history, {"left"}, today)
    return _on_paper("PAPER", max([*turned, *([] if left_at is None else [left_at])], default=None), why)


def _invited(history: AccountHistory, today: date) -> AccountRelationship | None:
    """By a message, or by a letter that bears a code: whichever came last."""
    message, letter = _last_at(history, {"invited"}, today), history.invited_at
    by_letter = letter is not None and letter.date() <= today and (message is None or letter >= message)
    at = letter if by_letter else message
    if at is None or today >= at.date() + timedelta(days=INVITED_DAYS):
        return None
    why = Reason.of("invited", day=_day(at)) if by_letter else Reason.of("invited_by_message", day=_day(at))
    return _on_paper("INVITED", at, why)


def _without_paper(history: AccountHistory, consent: GivenConsent, today: date) -> AccountRelationship:
    """Follow the bills of this time without paper, in the order in which each was read or was not. Where no
    message reaches a holder, they go by post meanwhile."""
    since, reads, unread = consent.at, 0, 0
    state: RelationshipState = "DIGITAL_TRIAL"
    for bill in _in_order(history.readings, consent.at, today):
        reads, unread = (reads + 1, 0) if bill.is_read else (reads, unread + 1)
        after: RelationshipState = "DIGITAL" if reads >= TRIAL_READS else "DIGITAL_TRIAL"
        if unread >= UNREAD_IN_A_ROW:
            after = "AT_RISK"
        if after != state:
            state, since = after, bill.at
    if (unreached := history.unreached_since) is not None and unreached.date() <= today:
        return AccountRelationship("AT_RISK", "paper", max(consent.at, unreached), history.unreached_why)
    return AccountRelationship(state, "portal", since, _why_without_paper(state, consent, since))


def _why_without_paper(state: RelationshipState, consent: GivenConsent, since: datetime) -> Reason:
    match state:
        case "AT_RISK":
            return Reason.of("bills_unread", day=_day(since))
        case "DIGITAL":
            return Reason.of("bills_read", day=_day(consent.at))
    if consent.basis == "default_on":
        return Reason.of("paperless_by_default", day=_day(consent.at))
    return Reason.of("paperless_on_trial", day=_day(consent.at))


def _in_order(readings: Iterable[BillReading], since: datetime, today: date) -> list[BillReading]:
    counted = (each for each in readings if each.at >= since and each.at.date() <= today)
    return sorted(counted, key=lambda each: (each.at, each.bill_id))


def _last_consent(history: AccountHistory, today: date) -> GivenConsent | None:
    given = (each for each in history.consents if each.at.date() <= today)
    return max(given, key=lambda each: (each.at, each.n), default=None)


def _channel(history: AccountHistory, today: date) -> Literal["portal", "paper"]:
    """How a bill would go that came today: the last ones of a contract, or those of who has moved."""
    is_reached = history.unreached_since is None or history.unreached_since.date() > today
    return "portal" if _is_paperless(history, today) and history.holders_since and is_reached else "paper"


def _is_paperless(history: AccountHistory, today: date) -> bool:
    last = _last_consent(history, today)
    return last is not None and last.act == "paperless"


def _chosen_at(history: AccountHistory, today: date) -> datetime | None:
    """When paper was last asked for, by withdrawal or objection; None where it never was, or electronic bills were
    accepted since."""
    withdrawn = [each.at for each in history.consents if each.act == "paper" and each.basis in CHOSEN_BY_CUSTOMER]
    objected = [each.at for each in history.notices if each.kind == "objected"]
    chosen_at = max((each for each in (*withdrawn, *objected) if each.date() <= today), default=None)
    last = _last_consent(history, today)
    is_over = chosen_at is None or (last is not None and last.act == "paperless" and last.at >= chosen_at)
    return None if is_over else chosen_at


def _moved_at(history: AccountHistory, today: date) -> datetime | None:
    """Since when letters do not reach the customer; None where an address is known."""
    known = [each for each in history.notices if each.kind in _MOVES and each.at.date() <= today]
    last = max(known, key=lambda each: (each.at, each.kind == "moved", each.n), default=None)
    return last.at if last is not None and last.kind == "moved" else None


def _last_at(history: AccountHistory, kinds: set[str], today: date) -> datetime | None:
    moments = (each.at for each in history.notices if each.kind in kinds and each.at.date() <= today)
    return max(moments, default=None)


def _on_paper(state: RelationshipState, since: datetime | date | None, why: Reason) -> AccountRelationship:
    return AccountRelationship(state, "paper", since, why)


def _as_day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
