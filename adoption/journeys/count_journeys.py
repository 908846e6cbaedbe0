"""Keeps journeys up to date: of each account that changed, what it adds to the counts now in place of what it added
before (decision 0032)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any, Final

from sqlalchemy import Date, Select, func, select
from sqlalchemy.orm import Session

from adoption.account_states import ConsentAct, Hold, day_of, held, paperless
from adoption.bill_contribution import BILL_MEASURES
from adoption.day_spans import Day
from adoption.journeys.journey import JourneyPast, PresentedBill, StartedClaim, journey_of
from consumers.claim_start import failure_of
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign_invitation import CampaignInvitation
from store.db.bound_ids import is_among
from store.facts.account_journey import (
    STEPS,
    CameThisFar,
    Journey,
    Stood,
    add_journeys,
    keep_journeys,
    kept_journeys,
)
from store.facts.counted_contribution import CountedAnew, CountedBill, OfBill
from store.issuer import of_issuer

_PRESENTED: Final = 1 << BILL_MEASURES.index("presented")
_READ: Final = 1 << BILL_MEASURES.index("read30")
_OF_JOURNEY: Final = _PRESENTED | _READ
_DIGITAL_BILL: Final = STEPS.index("digital_bill")
#: The snags of a journey: a code that opens nothing is one, whatever it was before.
_SNAGS: Final = {"wrong_code": "wrong_code", "stale_code": "wrong_code", "sign_up": "sign_up"}
_NOTICES: Final = ("invited", "opened_by_link", "claim_started")
#: Queries of many *accounts*, written once: that takes as long as they run.
_ON_BOARD: Final = select(CustomerAccount.id, CustomerAccount.issuer_id).where(
    is_among(CustomerAccount.id, "accounts"), of_issuer(CustomerAccount.issuer_id, None)
)
_CODED: Final = (
    select(CountedBill.account_id, func.min(CountedBill.coded_on, type_=Date))
    .where(is_among(CountedBill.account_id, "accounts"), CountedBill.coded_on.is_not(None))
    .group_by(CountedBill.account_id)
)
_BILLS: Final = select(CountedBill.account_id, CountedBill.day, CountedBill.figures).where(
    is_among(CountedBill.account_id, "accounts"), CountedBill.figures.op("&")(_PRESENTED) != 0
)
_HOLDS: Final = select(Enrolment.account_id, Enrolment.enrolled_at, Enrolment.ended_at).where(
    is_among(Enrolment.account_id, "accounts")
)
_ACTS: Final = select(Consent.account_id, Consent.at, Consent.id, Consent.act).where(
    is_among(Consent.account_id, "accounts")
)
_TOLD: Final = select(AccountNotice.account_id, AccountNotice.kind, AccountNotice.at, AccountNotice.key).where(
    is_among(AccountNotice.account_id, "accounts"), AccountNotice.kind.in_(_NOTICES)
)
_OPENED: Final = select(CampaignInvitation.account_id, CampaignInvitation.opened_at).where(
    is_among(CampaignInvitation.account_id, "accounts"), CampaignInvitation.opened_at.is_not(None)
)


def count_journeys(session: Session, account_ids: Collection[int], zone: tzinfo, until: date) -> None:
    """Count the journeys of these accounts again up to this day, from their bills as last counted."""
    if not account_ids:
        return
    before, now = kept_journeys(session, account_ids), journeys_of(session, account_ids, zone, until)
    changed = {each for each in account_ids if before.get(each) != now.get(each)}
    far: Counter[tuple[int, date, int, date, str]] = Counter()
    cohorts: Counter[tuple[int, date, int]] = Counter()
    for account_id in changed:
        for journey, sign in ((before.get(account_id), -1), (now.get(account_id), 1)):
            if journey is None:
                continue
            far[journey[:5]] += sign
            if journey.claimed is not None:
                cohorts[journey.issuer_id, journey.claimed, journey.held] += sign
    keep_journeys(session, {each: now[each] for each in changed & now.keys()}, changed - now.keys())
    add_journeys(
        session,
        [CameThisFar(*key, number) for key, number in far.items()],
        [Stood(*key, number) for key, number in cohorts.items()],
    )


def moved_by(session: Session, bills: Iterable[CountedAnew]) -> set[int]:
    """The accounts whose journeys these bills changed, if only by days that were looked at already."""
    moved: set[int] = set()
    came: dict[int, list[OfBill]] = defaultdict(list)
    for old, new in bills:
        if _of_journey(old) == _of_journey(new):
            continue
        if new is not None and (old is None or _has_come_further(old, new)):
            came[new.account_id].append(new)
        else:
            moved.update(each.account_id for each in (old, new) if each is not None)
    kept = kept_journeys(session, came.keys() - moved)
    return moved | {each for each, new in came.items() if each not in kept or not waits(kept[each], new)}


def _of_journey(bill: OfBill | None) -> tuple[int, date, int, date | None] | None:
    """What of a counted bill its account's journey follows from; None where it does not."""
    if bill is None or not (bill.coded_on or bill.figures & _OF_JOURNEY):
        return None
    return bill.account_id, bill.day, bill.figures & _OF_JOURNEY, bill.coded_on


def _has_come_further(old: OfBill, new: OfBill) -> bool:
    """Whether nothing that was so of this bill ceased to be so."""
    is_same = (old.account_id, old.day) == (new.account_id, new.day) and old.coded_on in {None, new.coded_on}
    return is_same and not old.figures & ~new.figures & _OF_JOURNEY


def waits(journey: Journey, bills: Iterable[OfBill]) -> bool:
    """Whether these bills change nothing before the account is looked at next: it was asked before, and claimed by
    nobody, or had a digital bill before."""
    return all(
        (each.coded_on is None or each.coded_on >= journey.began)
        and (journey.claimed is None or (journey.step >= _DIGITAL_BILL and each.day >= journey.looked_on))
        for each in bills
    )


def journeys_of(session: Session, account_ids: Collection[int], zone: tzinfo, until: date) -> dict[int, Journey]:
    """The journeys of these accounts up to this day, from the rows as they are. Those of issuers that are not on board
    have none."""
    holds, acts = _holds_of(session, account_ids), _acts_of(session, account_ids)
    coded, bills = _coded(session, account_ids), _presented(session, holds)  # without a claim none counts
    invited, opened, started = _notices_of(session, account_ids, zone)
    found: dict[int, Journey] = {}
    for account_id, issuer_id in _rows(session, _ON_BOARD, account_ids):
        first = [coded[account_id]] if account_id in coded else []
        past = JourneyPast(
            issuer_id, [*first, *invited[account_id]], opened[account_id], started[account_id],
            held(holds[account_id], zone), paperless(acts[account_id], zone), bills[account_id],
        )  # fmt: skip
        if (journey := journey_of(past, until)) is not None:
            found[account_id] = journey
    return found


def _rows(session: Session, query: Select[*tuple[Any, ...]], account_ids: Collection[int]) -> Iterable[Any]:
    """The rows of these *accounts*: read without the ORM, whose rows cost twice as much."""
    return session.connection().execute(query, {"accounts": account_ids})


def _coded(session: Session, account_ids: Collection[int]) -> dict[int, Day]:
    """The first day on which a letter with a code left, of each account that had one."""
    return {account_id: day.toordinal() for account_id, day in _rows(session, _CODED, account_ids)}


def _presented(session: Session, account_ids: Collection[int]) -> dict[int, list[PresentedBill]]:
    """The presented bills of each account."""
    bills: dict[int, list[PresentedBill]] = defaultdict(list)
    for account_id, day, figures in _rows(session, _BILLS, account_ids):
        bills[account_id].append(PresentedBill(day.toordinal(), bool(figures & _READ)))
    return bills


def _holds_of(session: Session, account_ids: Collection[int]) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for account_id, since, until in _rows(session, _HOLDS, account_ids):
        found[account_id].append(Hold(since, until))
    return found


def _acts_of(session: Session, account_ids: Collection[int]) -> dict[int, list[ConsentAct]]:
    found: dict[int, list[ConsentAct]] = defaultdict(list)
    for account_id, at, n, act in _rows(session, _ACTS, account_ids):
        found[account_id].append(ConsentAct(at, n, act))
    return found


def _notices_of(
    session: Session, account_ids: Collection[int], zone: tzinfo
) -> tuple[dict[int, set[Day]], dict[int, set[Day]], dict[int, set[StartedClaim]]]:
    """The days on which somebody was asked and opened a link, and the claims that were begun. The key of a sign-up
    names the letter whose code or link it had; of a wrong code, who typed it (`consumers.claim_start`)."""
    invited: dict[int, set[Day]] = defaultdict(set)
    opened: dict[int, set[Day]] = defaultdict(set)
    started: dict[int, set[StartedClaim]] = defaultdict(set)
    for account_id, kind, at, key in _rows(session, _TOLD, account_ids):
        day = day_of(at, zone)
        if kind == "claim_started":
            started[account_id].add(StartedClaim(day, _SNAGS[failure_of(key)]))
        else:
            (invited if kind == "invited" else opened)[account_id].add(day)
    for account_id, at in _opened_invitations(session, account_ids):
        opened[account_id].add(day_of(at, zone))
    return invited, opened, started


def _opened_invitations(session: Session, account_ids: Collection[int]) -> Iterator[tuple[int, datetime]]:
    """The accounts whose campaign invitation was opened, and when."""
    for account_id, at in _rows(session, _OPENED, account_ids):
        if at is not None:
            yield account_id, at
