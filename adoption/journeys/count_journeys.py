"""Keeps journeys up to date: of each account that changed, what it adds to the counts now in place of what it added
before (decision 0032)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, tzinfo
from typing import Final

from sqlalchemy import select
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
from store.facts.account_journey import (
    CameThisFar,
    Journey,
    Stood,
    add_journeys,
    keep_journeys,
    kept_journeys,
)
from store.facts.counted_contribution import CountedBill, OfBill
from store.issuer import of_issuer

_PRESENTED: Final = 1 << BILL_MEASURES.index("presented")
_READ: Final = 1 << BILL_MEASURES.index("read30")
#: The snags of a journey: a code that opens nothing is one, whatever it was before.
_SNAGS: Final = {"wrong_code": "wrong_code", "stale_code": "wrong_code", "sign_up": "sign_up"}
_NOTICES: Final = ("invited", "opened_by_link", "claim_started")


def count_journeys(session: Session, account_ids: Collection[int], zone: tzinfo) -> None:
    """Count the journeys of these accounts again, from their bills as last counted."""
    if not account_ids:
        return
    before, now = kept_journeys(session, account_ids), journeys_of(session, account_ids, zone)
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


def of_bill(bill: OfBill) -> tuple[int, date | None, date | None, int] | None:
    """What of a counted bill its account's journey follows from; None where it does not."""
    figures = bill.figures & (_PRESENTED | _READ)
    if not figures and bill.coded_on is None:
        return None
    return bill.account_id, bill.coded_on, bill.day if figures else None, figures


def journeys_of(session: Session, account_ids: Collection[int], zone: tzinfo) -> dict[int, Journey]:
    """The journeys of these accounts, from the rows as they are. Those of issuers that are not on board have none."""
    coded, bills = _bills_of(session, account_ids)
    holds, acts = _holds_of(session, account_ids), _acts_of(session, account_ids)
    invited, opened, started = _notices_of(session, account_ids, zone)
    mine = (CustomerAccount.id.in_(account_ids), of_issuer(CustomerAccount.issuer_id, None))
    found: dict[int, Journey] = {}
    for account_id, issuer_id in session.execute(select(CustomerAccount.id, CustomerAccount.issuer_id).where(*mine)):
        past = JourneyPast(
            issuer_id, [*coded[account_id], *invited[account_id]], opened[account_id], started[account_id],
            held(holds[account_id], zone), paperless(acts[account_id], zone), bills[account_id],
        )  # fmt: skip
        if (journey := journey_of(past)) is not None:
            found[account_id] = journey
    return found


def _bills_of(
    session: Session, account_ids: Collection[int]
) -> tuple[dict[int, set[Day]], dict[int, list[PresentedBill]]]:
    """The days on which letters with a code left of each account, and its presented bills."""
    query = select(CountedBill.account_id, CountedBill.day, CountedBill.figures, CountedBill.coded_on)
    coded: dict[int, set[Day]] = defaultdict(set)
    bills: dict[int, list[PresentedBill]] = defaultdict(list)
    for account_id, day, figures, coded_on in session.execute(query.where(CountedBill.account_id.in_(account_ids))):
        if coded_on is not None:
            coded[account_id].add(coded_on.toordinal())
        if figures & _PRESENTED:
            bills[account_id].append(PresentedBill(day.toordinal(), bool(figures & _READ)))
    return coded, bills


def _holds_of(session: Session, account_ids: Collection[int]) -> dict[int, list[Hold]]:
    query = select(Enrolment.account_id, Enrolment.enrolled_at, Enrolment.ended_at)
    found: dict[int, list[Hold]] = defaultdict(list)
    for account_id, since, until in session.execute(query.where(Enrolment.account_id.in_(account_ids))):
        found[account_id].append(Hold(since, until))
    return found


def _acts_of(session: Session, account_ids: Collection[int]) -> dict[int, list[ConsentAct]]:
    query = select(Consent.account_id, Consent.at, Consent.id, Consent.act)
    found: dict[int, list[ConsentAct]] = defaultdict(list)
    for account_id, at, n, act in session.execute(query.where(Consent.account_id.in_(account_ids))):
        found[account_id].append(ConsentAct(at, n, act))
    return found


def _notices_of(
    session: Session, account_ids: Collection[int], zone: tzinfo
) -> tuple[dict[int, set[Day]], dict[int, set[Day]], dict[int, set[StartedClaim]]]:
    """The days on which somebody was asked and opened a link, and the claims that were begun. The key of a sign-up
    names the letter whose code or link it had; of a wrong code, who typed it (`consumers.claim_start`)."""
    query = select(AccountNotice.account_id, AccountNotice.kind, AccountNotice.at, AccountNotice.key)
    mine = (AccountNotice.account_id.in_(account_ids), AccountNotice.kind.in_(_NOTICES))
    invited: dict[int, set[Day]] = defaultdict(set)
    opened: dict[int, set[Day]] = defaultdict(set)
    started: dict[int, set[StartedClaim]] = defaultdict(set)
    for account_id, kind, at, key in session.execute(query.where(*mine)):
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
    query = select(CampaignInvitation.account_id, CampaignInvitation.opened_at)
    for account_id, at in session.execute(query.where(CampaignInvitation.account_id.in_(account_ids))):
        if at is not None:
            yield account_id, at
