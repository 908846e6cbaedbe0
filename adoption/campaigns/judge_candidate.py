"""Whether a campaign invites an account, and why, or why not. Pure.

What forbids an invitation comes first: an account that has paper by choice or by right, of somebody who died, moved or
has left, is never invited, whatever a campaign says.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from adoption.campaigns.household_contact import HouseholdContact
from adoption.campaigns.occasion_days import AccountDays, occasion_day
from adoption.campaigns.pressure_cap import PressureCap
from bill import Reason
from bill.frozen_struct import FrozenStruct
from delivery.relationship.months_after import months_after
from delivery.relationship.relationship_state import (
    CHOICE_MONTHS,
    PAPERLESS_STATES,
    AccountRelationship,
    RelationshipState,
)
from store.campaigns.campaign import CampaignSegment, Lever, Occasion
from store.campaigns.campaign_invitation import InvitationState
from store.campaigns.household_arm import HOLDOUT, HouseholdArm

#: States in which an account may be invited: nobody follows it, or it is followed beside paper.
INVITABLE: Final[tuple[RelationshipState, ...]] = ("PAPER", "INVITED", "CLAIM_STARTED", "LINKED_DUAL")
#: Levers that reach a holder alone.
_OF_HOLDERS: Final[dict[Lever, tuple[RelationshipState, ...]]] = {"default_on": ("LINKED_DUAL",)}
#: An account without an address may have one by then.
_ANOTHER_CONTACT_DAYS: Final = 30
_STANDINGS: Final = frozenset({"own", "apart"})


class CampaignTerms(FrozenStruct, frozen=True):
    """What of a campaign an account is judged by."""

    segment: CampaignSegment
    lever: Lever
    occasion: Occasion
    cap: PressureCap


class Candidate(FrozenStruct, frozen=True):
    """An account, as a campaign looks at it. *moments*: when its household, or its contact, was invited lately."""

    relationship: AccountRelationship
    standing: str
    department: str
    days: AccountDays
    arm: HouseholdArm
    contact: HouseholdContact | None = None
    known_by: frozenset[str] = frozenset()  # `email`, `phone`
    is_stopped: bool = False
    moments: tuple[datetime, ...] = ()


class Verdict(NamedTuple):
    """What becomes of a candidate: `planned`, `held_out` or `left_out`, why, and from which day it is looked at again
    (None: never by this campaign)."""

    state: InvitationState
    why: Reason
    again_on: date | None = None


def judge(candidate: Candidate, terms: CampaignTerms, now: datetime, today: date) -> Verdict | None:
    """The verdict; None for an account that is not of the campaign's segment, or whose occasion has not come: it is
    looked at again on another day."""
    relationship = candidate.relationship
    if relationship.state in PAPERLESS_STATES or not _is_in_segment(candidate, terms, today):
        return None
    day = occasion_day(terms.occasion, candidate.days, today)
    if day is None:
        return None
    if relationship.state not in INVITABLE:
        return Verdict("left_out", relationship.why, _end_of_choice(relationship, today))
    if relationship.state not in states_of(terms.segment, terms.lever):
        return None
    return _never(candidate, terms, today) or _not_now(candidate, terms, now) or Verdict(
        "planned", Reason.of(f"invitation_{terms.occasion}", day=day.isoformat())
    )  # fmt: skip


def states_of(segment: CampaignSegment, lever: Lever) -> Collection[str]:
    """The states of the accounts that are invited, of a segment and by a lever."""
    possible = _OF_HOLDERS.get(lever, INVITABLE)
    return [each for each in possible if not segment.states or each in segment.states]


def _is_in_segment(candidate: Candidate, terms: CampaignTerms, today: date) -> bool:
    segment, first = terms.segment, candidate.days.first_bill
    if segment.departments and candidate.department not in segment.departments:
        return False
    if segment.channel and segment.channel not in candidate.known_by:
        return False
    return not segment.tenure_months or (first is not None and months_after(first, segment.tenure_months) <= today)


def _never(candidate: Candidate, terms: CampaignTerms, today: date) -> Verdict | None:
    """Who wants no invitation, cannot get one, or is of the tenth that gets none."""
    if candidate.standing not in _STANDINGS:
        return Verdict("left_out", Reason("account_in_question"), today + timedelta(days=_ANOTHER_CONTACT_DAYS))
    if candidate.is_stopped:
        return Verdict("left_out", Reason("invitation_stopped"))
    if terms.lever in {"email", "sms", "default_on"}:
        later = today + timedelta(days=_ANOTHER_CONTACT_DAYS)
        if candidate.contact is None:
            return Verdict("left_out", Reason("invitation_no_contact"), later)
        if candidate.contact.has_failed:
            return Verdict("left_out", Reason("invitation_contact_failed"), later)
    return Verdict("held_out", Reason("invitation_held_out")) if candidate.arm == HOLDOUT else None


def _not_now(candidate: Candidate, terms: CampaignTerms, now: datetime) -> Verdict | None:
    free_on = terms.cap.free_on(candidate.moments, now)
    if free_on is None:
        return None
    return Verdict("left_out", Reason.of("invitation_cap", day=free_on.isoformat()), free_on)


def _end_of_choice(relationship: AccountRelationship, today: date) -> date | None:
    """The day from which somebody who chose paper may be asked again."""
    if relationship.state != "PAPER_BY_CHOICE" or relationship.since is None:
        return None
    since = relationship.since.date() if isinstance(relationship.since, datetime) else relationship.since
    return max(months_after(since, CHOICE_MONTHS), today + timedelta(days=1))
