"""A campaign as somebody writes it: what may stand in it, and what the issuer must have said for its lever."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, structs
from sqlalchemy.orm import Session

from adoption.campaigns.department import DEPARTMENTS
from adoption.campaigns.judge_candidate import INVITABLE, states_of
from adoption.campaigns.pressure_cap import CAP_DAYS, CAP_YEAR
from adoption.campaigns.wordings import WORDINGS
from delivery.law.sector_law import law_of
from issuers.registry import profile_of
from store.campaigns.campaign import ON_PAPER, Campaign, CampaignSegment, Lever, Occasion, packed_segment
from store.db.event import record
from store.db.state_change import change_state
from store.issuer import Issuer
from words.spoken_error import SpokenError

LONGEST_NAME: Final = 120
MOST_INVITATIONS: Final = 10_000_000
MOST_BUDGET: Final = Decimal(10_000_000)
MOST_UNIT_COST: Final = Decimal(10)
MOST_TENURE_MONTHS: Final = 600
MOST_CAP_DAYS: Final = 3660
_PLACES: Final = 4
_PAPER_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", re.ASCII)


class CampaignRefused(SpokenError):  # noqa: N818
    """A campaign cannot be written, submitted, decided or stopped so."""


class CampaignDraft(Struct, frozen=True, kw_only=True):
    """What an author writes. *budget* and *unit_cost* are in EUR; *paper_code* names an envelope or an insert at the
    print house."""

    name: str
    lever: Lever
    occasion: Occasion
    wordings: tuple[str, ...]
    segment: CampaignSegment
    starts_on: date
    ends_on: date | None
    most_invitations: int
    budget: Decimal
    unit_cost: Decimal
    cap_days: int = CAP_DAYS
    cap_year: int = CAP_YEAR
    paper_code: str = ""


def write_campaign(session: Session, issuer: Issuer, draft: CampaignDraft, author: str, now: datetime) -> Campaign:
    """Keep a new draft. Raises CampaignRefused, which says what to do."""
    check_draft(draft, now.date())
    if issuer.is_test_side:
        raise CampaignRefused("a test side invites nobody")
    campaign = Campaign(issuer_id=issuer.id, state="draft", author=author, **_columns(draft, now))
    session.add(campaign)
    session.flush()
    record(session, "campaign", campaign.id, "draft", now, by=author)
    return campaign


def change_campaign(session: Session, campaign_id: int, draft: CampaignDraft, by: str, now: datetime) -> None:
    """Write a draft anew. Raises CampaignRefused where it is submitted already, or *by* is not its author: whoever
    approves a campaign has written nothing of it."""
    check_draft(draft, now.date())
    mine = (Campaign.author == by,)
    if not change_state(session, Campaign, campaign_id, "draft", "draft", now, *mine, by=by, **_columns(draft, now)):
        raise CampaignRefused("a draft is changed by its author, until it is submitted")


def _columns(draft: CampaignDraft, now: datetime) -> dict[str, Any]:
    """What a draft keeps in its row."""
    given = structs.asdict(draft) | {"name": " ".join(draft.name.split()), "wordings": list(draft.wordings)}
    del given["segment"]
    return given | {"segment_content": packed_segment(draft.segment), "written_at": now}


def check_draft(draft: CampaignDraft, today: date) -> None:
    """Raise CampaignRefused where something of the draft cannot be."""
    name = " ".join(draft.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise CampaignRefused("give the campaign a name of at most {most} characters", most=LONGEST_NAME)
    _check_words(draft)
    _check_segment(draft)
    _check_days(draft, today)
    _check_numbers(draft)


def _check_words(draft: CampaignDraft) -> None:
    if not draft.wordings or len(set(draft.wordings)) < len(draft.wordings):
        raise CampaignRefused("choose at least one wording, each once")
    if any(each not in WORDINGS or draft.lever not in WORDINGS[each].levers for each in draft.wordings):
        raise CampaignRefused("choose wordings that are for this lever")
    needs_code = draft.lever in {"envelope", "insert"}
    if needs_code != bool(draft.paper_code) or (draft.paper_code and not _PAPER_CODE.fullmatch(draft.paper_code)):
        raise CampaignRefused(
            "give the code of the envelope or insert at the print house: letters and digits, at most 20; "
            "other levers have none"
        )


def _check_segment(draft: CampaignDraft) -> None:
    segment = draft.segment
    if unknown := sorted(set(segment.departments) - DEPARTMENTS):
        raise CampaignRefused("{department} is no department: write 44, 2A or 974", department=unknown[0])
    if not set(segment.states) <= set(INVITABLE) or not states_of(segment, draft.lever):
        raise CampaignRefused("choose states in which an account can be invited by this lever")
    if not 0 <= segment.tenure_months <= MOST_TENURE_MONTHS:
        raise CampaignRefused("give a number of months from 0 to {most}", most=MOST_TENURE_MONTHS)
    if draft.lever in ON_PAPER and segment.states == ("CLAIM_STARTED",):
        raise CampaignRefused("a claim that was begun is over before the next letter")


def _check_days(draft: CampaignDraft, today: date) -> None:
    if draft.starts_on < today:
        raise CampaignRefused("a campaign begins today or later")
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise CampaignRefused("the last day is not before the first")


def _check_numbers(draft: CampaignDraft) -> None:
    if not 1 <= draft.most_invitations <= MOST_INVITATIONS:
        raise CampaignRefused("give a number of invitations from 1 to {most}", most=MOST_INVITATIONS)
    for amount, most in ((draft.budget, MOST_BUDGET), (draft.unit_cost, MOST_UNIT_COST)):
        if not amount.is_finite() or not 0 <= amount <= most or amount != round(amount, _PLACES):
            raise CampaignRefused("give an amount in euros from 0 to {most}", most=most)
    if draft.unit_cost > draft.budget:
        raise CampaignRefused("the budget does not pay one invitation")
    if not CAP_DAYS <= draft.cap_days <= MOST_CAP_DAYS or not 1 <= draft.cap_year <= CAP_YEAR:
        raise CampaignRefused(
            "a household gets at most one invitation in {days} days and {year} in a year: a campaign may be stricter, "
            "not laxer",
            days=CAP_DAYS, year=CAP_YEAR,
        )  # fmt: skip


def check_word_of_issuer(issuer: Issuer, lever: Lever) -> None:
    """Raise CampaignRefused unless the issuer's profile and its sector's law let it use this lever."""
    profile = profile_of(issuer)
    if lever in {"email", "sms"} and lever not in profile.invitations.by:
        raise CampaignRefused(
            "the issuer's profile does not say that it may use its customers' addresses so: [invitations] by = {lever}",
            lever=f'["{lever}"]',
        )
    if lever == "default_on" and not law_of(profile.trade).default_on.value:
        raise CampaignRefused("the law of the issuer's sector does not let bills go without paper by default")
