"""A small town with an issuer that may write to its customers, and campaigns to invite them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from email.message import Message
from typing import Any

from sqlalchemy import select

from adoption.campaigns.campaign_draft import CampaignDraft, write_campaign
from adoption.campaigns.campaign_life import approve_campaign, follow_calendar, submit_campaign
from adoption.campaigns.choose_households import choose_households
from adoption.campaigns.household_arms import draw_arms
from adoption.campaigns.send_invitation import INVITATION_JOBS, InvitationRoutes, run_invitation_job
from bill.customer.customer_record import CustomerRecord
from bill.customer.known_customer import KnownCustomer, merge_record
from delivery import ProviderHealth
from delivery.calendar.postal_calendar import Calendar
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign import Campaign, CampaignSegment
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.household_arm import AccountArm
from store.customers.customer_reference import CustomerReference, reference_row
from store.customers.household import HouseholdMember
from store.issuer import Issuer
from store.job import Job, claim_job, is_job_due
from tests.adoption.sample_accounts import World

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALENDAR = Calendar()
URL = "https://facteur.example"
#: Claire writes campaigns, Charlie decides about them.
CLAIRE, CHARLIE = "claire@lumiere.example", "charlie@lumiere.example"
PROFILE = 'trade = "electricity"\n[invitations]\nby = ["email", "sms"]\n'


class Post:
    """A mail server that takes what it gets, or answers as it is told."""

    sender, host = "Facteur <facteur@facteur.example>", "facteur.example"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent: list[tuple[str, Message]] = []

    def send(self, mail: Message, to: str) -> str:
        if self.error is not None:
            raise self.error
        self.sent.append((to, mail))
        return "250 taken"

    def hang_up(self) -> None:
        """There is nothing to end."""


class CampaignTown:
    """The issuer Lumière, its accounts and its campaigns. *session* writes; each step commits."""

    def __init__(self, store: Store, world: World) -> None:
        self.store, self.world, self.session = store, world, world.session
        self.lumiere = world.issuer("lumiere", "Lumière de l’Ouest")
        self.lumiere.profile = PROFILE
        self.session.commit()

    def account(
        self, number: str, email: str = "", *, household: int | None = None, issuer: Issuer | None = None,
        since: date = date(2025, 6, 1), arm: str = "open", **said: Any,
    ) -> CustomerAccount:  # fmt: skip
        """An account with a bill of *since*, in a household (None: of its own) that drew this arm."""
        account = self.world.account(issuer or self.lumiere, number)
        self.world.bill(account, since)
        self.world.add(
            HouseholdMember(account_id=account.id, household_id=household or account.id, address=b"-", as_of=None)
        )
        self.world.add(AccountArm(account_id=account.id, drawn_for=account.id, arm=arm, at=MONDAY))
        if email or said:
            record = CustomerRecord(number=number, email=email or None, **said)
            known = merge_record(KnownCustomer(), record, MONDAY).known
            row = reference_row(account.id, account.issuer_id, known, MONDAY.date())
            self.world.add(CustomerReference(**row))
        self.session.commit()
        return account

    def draft(self, **terms: Any) -> CampaignDraft:
        given: dict[str, Any] = {
            "name": "Printemps", "lever": "email", "occasion": "any_day", "wordings": ("together-1",),
            "segment": CampaignSegment(), "starts_on": MONDAY.date(), "ends_on": None, "most_invitations": 100,
            "budget": Decimal(10), "unit_cost": Decimal("0.002"),
        }  # fmt: skip
        return CampaignDraft(**(given | terms))

    def written(self, issuer: Issuer | None = None, **terms: Any) -> Campaign:
        campaign = write_campaign(self.session, issuer or self.lumiere, self.draft(**terms), CLAIRE, MONDAY)
        self.session.commit()
        return campaign

    def running(self, now: datetime = MONDAY, **terms: Any) -> Campaign:
        """A campaign that Claire wrote and Charlie approved, on its first day."""
        campaign = self.written(**terms)
        submit_campaign(self.session, campaign, CLAIRE, now)
        approve_campaign(self.session, campaign, CHARLIE, now)
        follow_calendar(self.session, campaign, now, now.date())
        self.session.commit()
        return campaign

    def choose(self, campaign: Campaign, now: datetime = MONDAY, limit: int = 250) -> int:
        chosen = choose_households(self.session, campaign.id, self.store.keys, now, CALENDAR, limit)
        self.session.commit()
        return chosen.invited

    def draw(self, now: datetime = MONDAY) -> None:
        draw_arms(self.session, self.store.keys, now, 0, 10_000)
        self.session.commit()

    def send(self, post: Post, now: datetime = MONDAY, relay: ProviderHealth | None = None, sms: Any = None) -> int:
        """Send what waits. Returns how many jobs were worked."""
        done = 0
        while True:
            with self.store.writing() as session:
                job = claim_job(session, now, is_job_due(now, *INVITATION_JOBS))
            if job is None:
                self.session.expire_all()
                return done
            self.send_one(job, post, now, relay, sms)
            done += 1

    def send_one(
        self, job: Job, post: Post, now: datetime = MONDAY, relay: ProviderHealth | None = None, sms: Any = None
    ) -> None:
        routes = InvitationRoutes(post, relay or ProviderHealth(), sms, URL)
        run_invitation_job(self.store, job, routes, now, CALENDAR)

    def rows(self, campaign: Campaign) -> dict[int, CampaignInvitation]:
        """The campaign's rows by account, as they are now."""
        self.session.commit()
        self.session.expire_all()
        query = select(CampaignInvitation).where(CampaignInvitation.campaign_id == campaign.id)
        return {each.account_id: each for each in self.session.scalars(query)}

    def said(self, campaign: Campaign, *accounts: CustomerAccount) -> Sequence[str]:
        """State and reason of each of these accounts in this campaign; "-" where it was passed over."""
        rows = self.rows(campaign)
        return [f"{rows[a.id].state} {rows[a.id].reason.code}" if a.id in rows else "-" for a in accounts]
