"""A campaign of Lumière's that runs: one account invited, one held out, one left out; and its links."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from adoption.campaigns.campaign_draft import CampaignDraft, write_campaign
from bill import Reason
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import campaign_link, campaign_stop_link
from store.campaigns.campaign import Campaign, CampaignSegment
from store.campaigns.campaign_invitation import CampaignInvitation
from store.issuer import Issuer

MINA, OSCAR = "mina@facteur.example", "oscar@facteur.example"


def run_a_campaign(store: Store, issuer_id: int, now: datetime) -> tuple[str, list[str]]:
    """Returns the page of the campaign, and the links of its invitation: to its page, and to get no more."""
    with store.writing() as session:
        campaign = Campaign(
            issuer_id=issuer_id, name="Printemps", state="running", lever="email", occasion="any_day",
            wordings=["together-1"], segment=CampaignSegment(departments=("44",)), starts_on=now.date(), ends_on=None,
            most_invitations=100, budget=Decimal(10), unit_cost=Decimal("0.002"), cap_days=60, cap_year=3, author=MINA,
            written_at=now, decided_by=OSCAR, decided_at=now, began_at=now, invited=1, spent=Decimal("0.002"),
        )  # fmt: skip
        session.add(campaign)
        session.flush()
        query = select(CustomerAccount.id).where(CustomerAccount.issuer_id == issuer_id).order_by(CustomerAccount.id)
        rows = []
        for account_id, said in zip(session.scalars(query.limit(3)), _rows(now), strict=False):
            rows.append(CampaignInvitation(campaign_id=campaign.id, account_id=account_id, household_id=account_id,
                                           chosen_at=now, **said))  # fmt: skip
        session.add_all(rows)
        session.flush()
        keys, invited = store.keys, rows[0].id
        links = [
            "/invitation/", f"/invitation/{campaign_link(keys, invited)}", "/invitation/arreter/",
            f"/invitation/arreter/{campaign_stop_link(keys, invited)}",
        ]  # fmt: skip
        return f"/equipe/campagnes/{store.public_ids.of('campaign', campaign.id)}", links


def draft_a_campaign(store: Store, issuer_id: int, now: datetime) -> None:
    """Mina has written one that she may still change."""
    with store.writing() as session:
        draft = CampaignDraft(
            name="Automne", lever="email", occasion="any_day", wordings=("together-1",), segment=CampaignSegment(),
            starts_on=now.date(), ends_on=None, most_invitations=5, budget=Decimal(0), unit_cost=Decimal(0),
        )  # fmt: skip
        write_campaign(session, session.get_one(Issuer, issuer_id), draft, MINA, now)


def _rows(now: datetime) -> list[dict[str, Any]]:
    day = date(2026, 5, 2).isoformat()
    return [
        {"arm": "together-1", "state": "sent", "reason": Reason.of("invitation_any_day", day=day), "sent_at": now,
         "claimed_at": now},
        {"arm": "holdout", "state": "held_out", "reason": Reason("invitation_held_out")},
        {"arm": "together-1", "state": "left_out", "reason": Reason.of("invitation_cap", day=day)},
    ]  # fmt: skip
