"""Loads accounts as a campaign looks at them: a constant number of queries, however many accounts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from adoption.campaigns.department import department_of
from adoption.campaigns.household_contact import HouseholdContact, contacts_of
from adoption.campaigns.judge_candidate import Candidate
from adoption.campaigns.occasion_days import days_of_accounts
from adoption.campaigns.pressure_cap import PressureCap, looked_back
from delivery.calendar.postal_calendar import Calendar
from delivery.relationship.account_relationships import relationships_of
from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation, moments_by_contact, moments_by_household
from store.campaigns.household_arm import AccountArm, HouseholdArm
from store.campaigns.stopped_contact import contact_digest, stopped_accounts, stopped_contacts
from store.customers.customer_reference import CustomerReference, references_of
from store.customers.household import HouseholdMember
from store.db.advisory_locks import HOUSEHOLD, lock_numbers


class LoadedCandidate(NamedTuple):
    """A candidate with its household, and the digest of its contact ("" for a letter)."""

    account_id: int
    household: int
    contact_digest: str
    candidate: Candidate


def accounts_to_consider(session: Session, campaign: Campaign, today: date, limit: int) -> Sequence[int]:
    """The ids of the issuer's accounts that this campaign has not yet looked at, or may look at again, by id after
    those that it has swept; none that is without paper, or was brought in by a person."""
    seen = select(CampaignInvitation.id).where(
        CampaignInvitation.campaign_id == campaign.id, CampaignInvitation.account_id == CustomerAccount.id,
        CampaignInvitation.account_id > campaign.after_account_id,
        CampaignInvitation.state.not_in(["left_out"]) | CampaignInvitation.again_on.is_(None)
        | (CampaignInvitation.again_on > today),
    )  # fmt: skip
    query = select(CustomerAccount.id).where(
        CustomerAccount.issuer_id == campaign.issuer_id, CustomerAccount.id > campaign.after_account_id,
        CustomerAccount.paperless.is_(False), CustomerAccount.term != IMPORTED, ~seen.exists(),
    )  # fmt: skip
    return session.scalars(query.order_by(CustomerAccount.id).limit(limit)).all()


def load_candidates(
    session: Session, campaign: Campaign, account_ids: Collection[int], now: datetime, calendar: Calendar
) -> list[LoadedCandidate]:
    """These accounts, by id. One whose household is still to be found, or has drawn no arm, is left out: it is looked
    at on another day. Locks the households until the transaction ends."""
    homes = _homes(session, account_ids)
    households = {household for household, _ in homes.values()}
    lock_numbers(session, HOUSEHOLD, households)
    accounts = session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(homes))).all()
    references = references_of(session, homes)
    by = _contact_of(campaign)
    contacts = contacts_of(session, homes, references, by) if by else {}
    known = _known_by(session, campaign, homes, references, contacts)
    moments = _moments(session, campaign, homes, contacts, now)
    relationships = relationships_of(session, list(homes), now, calendar)
    days = days_of_accounts(session, campaign.occasion, list(homes), calendar.day_of)
    stopped = _stopped(session, homes, contacts)
    return [
        LoadedCandidate(
            each.id, homes[each.id][0], contact_digest(contacts[each.id].to) if each.id in contacts else "",
            Candidate(
                relationship=relationships[each.id], standing=each.standing,
                department=department_of(each.postal_address), days=days[each.id], arm=homes[each.id][1],
                contact=contacts.get(each.id), known_by=known[each.id], is_stopped=each.id in stopped,
                moments=tuple(moments[each.id]),
            ),
        )
        for each in sorted(accounts, key=lambda account: account.id)
    ]  # fmt: skip


def _contact_of(campaign: Campaign) -> Literal["email", "sms"] | None:
    """What the campaign's lever goes to; None for a letter."""
    match campaign.lever:
        case "email" | "default_on":
            return "email"
        case "sms":
            return "sms"
    return None


def _homes(session: Session, account_ids: Collection[int]) -> dict[int, tuple[int, HouseholdArm]]:
    query = (
        select(HouseholdMember.account_id, HouseholdMember.household_id, AccountArm.arm)
        .join(AccountArm, AccountArm.account_id == HouseholdMember.account_id)
        .where(HouseholdMember.account_id.in_(account_ids), HouseholdMember.household_id.is_not(None))
    )
    return {each: (household, arm) for each, household, arm in session.execute(query) if household is not None}


def _known_by(
    session: Session, campaign: Campaign, homes: Collection[int], references: dict[int, CustomerReference],
    contacts: Mapping[int, HouseholdContact],
) -> dict[int, frozenset[str]]:  # fmt: skip
    """By what each account's customer can be reached, as far as the campaign's segment asks."""
    wanted = campaign.segment.channel
    if not wanted:
        return defaultdict(frozenset)
    by: Literal["email", "sms"] = "email" if wanted == "email" else "sms"
    found = contacts if by == _contact_of(campaign) else contacts_of(session, homes, references, by)
    return {each: frozenset({wanted} if each in found else ()) for each in homes}


def _moments(
    session: Session, campaign: Campaign, homes: Mapping[int, tuple[int, HouseholdArm]],
    contacts: Mapping[int, HouseholdContact], now: datetime,
) -> dict[int, list[datetime]]:  # fmt: skip
    since = now - looked_back(PressureCap(campaign.cap_days, campaign.cap_year))
    of_household = moments_by_household(session, {household for household, _ in homes.values()}, since, now)
    digests = {each: contact_digest(contact.to) for each, contact in contacts.items()}
    of_contact = moments_by_contact(session, set(digests.values()), since, now)
    return {
        each: sorted({*of_household.get(household, ()), *of_contact.get(digests.get(each, ""), ())})
        for each, (household, _) in homes.items()
    }


def _stopped(session: Session, homes: Collection[int], contacts: Mapping[int, HouseholdContact]) -> set[int]:
    by_contact = stopped_contacts(session, {each.to for each in contacts.values()})
    return stopped_accounts(session, homes) | {each for each, found in contacts.items() if found.to in by_contact}
