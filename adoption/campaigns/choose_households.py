"""Goes through the accounts of a campaign, some hundreds in a transaction, and keeps whom it invites, whom it does not,
and why. Killed at any point, nobody is invited twice: each account has one row a campaign.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.orm import Session

from adoption.campaigns.household_arms import wording_of
from adoption.campaigns.judge_candidate import CampaignTerms, Verdict, judge
from adoption.campaigns.load_candidates import LoadedCandidate, accounts_to_consider, load_candidates
from adoption.campaigns.pressure_cap import PressureCap
from delivery.calendar.postal_calendar import Calendar
from store.campaigns.campaign import Campaign, locked_campaign
from store.campaigns.campaign_invitation import CampaignInvitation, considered
from store.campaigns.household_arm import HOLDOUT
from store.job import request_job
from store.vault.key_ring import HOUSEHOLD_ARMS, KeyRing

#: Jobs that send one invitation.
INVITE_BY_MAIL: Final = "invite_by_mail"
INVITE_BY_SMS: Final = "invite_by_sms"
_JOBS: Final = {"email": INVITE_BY_MAIL, "sms": INVITE_BY_SMS}


class Chosen(NamedTuple):
    """How many accounts were looked at, and how many of them are invited."""

    looked_at: int
    invited: int


def choose_households(
    session: Session, campaign_id: int, keys: KeyRing, now: datetime, calendar: Calendar, limit: int
) -> Chosen:
    """Look at the next accounts of a running campaign, at most *limit*, and plan the invitations of those that it is
    for, as long as number and budget last. At the end of the issuer's accounts the day's sweep is over. Send the
    wake-up signal after the commit."""
    campaign = locked_campaign(session, campaign_id)
    today = calendar.day_of(now)
    if campaign.state != "running" or campaign.swept_on == today or _room(campaign) == 0:
        return Chosen(0, 0)
    account_ids = accounts_to_consider(session, campaign, today, limit)
    verdicts, invited, last = [], 0, 0
    loaded = load_candidates(session, campaign, account_ids, now, calendar)
    for each, verdict in _judged(campaign, loaded, now, today):
        if verdict.state == "planned" and invited == _room(campaign):
            break
        invited += verdict.state == "planned"
        verdicts.append((each, verdict))
        last = each.account_id
    else:
        last = account_ids[-1] if account_ids else 0
    _keep(session, campaign, verdicts, keys, now)
    is_over = len(account_ids) < limit and (not account_ids or last == account_ids[-1])
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign.id)
        .values(
            invited=Campaign.invited + invited, spent=Campaign.spent + invited * campaign.unit_cost,
            after_account_id=0 if is_over else last or campaign.after_account_id,
            swept_on=today if is_over else campaign.swept_on,
        )
    )  # fmt: skip
    session.expire(campaign)
    return Chosen(len(account_ids), invited)


def _room(campaign: Campaign) -> int:
    """How many more may be invited."""
    room = campaign.most_invitations - campaign.invited
    if campaign.unit_cost > 0:
        room = min(room, int((campaign.budget - campaign.spent) / campaign.unit_cost))
    return max(room, 0)


def _judged(
    campaign: Campaign, loaded: Sequence[LoadedCandidate], now: datetime, today: date
) -> Iterator[tuple[LoadedCandidate, Verdict]]:
    """Each account that something is kept of, and its verdict: who is invited counts for the next of the same household
    or contact."""
    terms = CampaignTerms(
        segment=campaign.segment, lever=campaign.lever, occasion=campaign.occasion,
        cap=PressureCap(campaign.cap_days, campaign.cap_year),
    )  # fmt: skip
    just_now: dict[int | str, list[datetime]] = defaultdict(list)
    for each in loaded:
        here = (*just_now[each.household], *(just_now[each.contact_digest] if each.contact_digest else ()))
        candidate = replace(each.candidate, moments=(*each.candidate.moments, *here)) if here else each.candidate
        verdict = judge(candidate, terms, now, today)
        if verdict is None:
            continue
        if verdict.state == "planned":
            just_now[each.household] = [now]
            just_now[each.contact_digest] = [now]
        yield each, verdict


def _keep(
    session: Session, campaign: Campaign, verdicts: Sequence[tuple[LoadedCandidate, Verdict]], keys: KeyRing,
    now: datetime,
) -> None:  # fmt: skip
    known = considered(session, campaign.id, [each.account_id for each, _ in verdicts])
    key, planned = keys.key(HOUSEHOLD_ARMS), []
    for each, verdict in verdicts:
        row = known.get(each.account_id) or CampaignInvitation(campaign_id=campaign.id, account_id=each.account_id)
        contact = each.candidate.contact
        row.household_id, row.contact_digest = each.household, each.contact_digest
        row.consumer_id = contact.consumer_id if contact else None
        is_held_out = verdict.state == "held_out"
        row.arm = HOLDOUT if is_held_out else wording_of(key, campaign.id, each.household, campaign.wordings)
        row.state, row.reason, row.again_on, row.chosen_at = verdict.state, verdict.why, verdict.again_on, now
        session.add(row)
        if verdict.state == "planned":
            planned.append(row)
    session.flush()
    if kind := _JOBS.get(campaign.lever):
        for row in planned:
            request_job(session, kind, {"invitation_id": row.id}, now)
