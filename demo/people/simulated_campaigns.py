"""Two campaigns of the demo, through the pages: a member of Lumière writes each and submits it, the operator approves.
The first went with letters and ended; the second goes by mail to those whose address Lumière knows, and still runs. A
world that opens after the first ended knows the second alone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from flask import Flask
from sqlalchemy import select

from demo.demo_credentials import MEMBER, OPERATOR
from demo.people.signed_in_browser import STAFF, SignedInBrowser
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import campaign_link
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation

#: Days before the demo's last day on which each is written, and on which the first ends: so long before the second that
#: the households which it invited may be invited again.
_FIRST, _FIRST_ENDS, _SECOND = (timedelta(days=days) for days in (135, 105, 42))
_CAMPAIGN: Final = re.compile(r"/equipe/campagnes/[a-z2-7]{26}")
_FORM: Final = "/equipe/campagnes/nouvelle"
#: What both have in common.
_TERMS: Final = {
    "channel": "", "tenure_months": "", "departments": "", "most_invitations": "5000", "budget": "250",
    "unit_cost": "", "paper_code": "", "cap_days": "60", "cap_year": "3",
}  # fmt: skip


class ReceivedInvitation(NamedTuple):
    """An invitation that came by mail: the contract that it is about, and the page that it leads to."""

    number: str
    page: str


class SimulatedCampaigns:
    """A member and the operator, each with a browser at the portal *app*, from *place* on. *last* is the demo's last
    day."""

    def __init__(self, app: Flask, store: Store, place: int, last: date) -> None:
        self._member = SignedInBrowser(app, place, STAFF, MEMBER)
        self._operator = SignedInBrowser(app, place + 1, STAFF, OPERATOR)
        self._store, self._last = store, last
        self._written: set[str] = set()
        self._brought = datetime.min.replace(tzinfo=UTC)  # when the last mail that was brought had left

    def act(self, today: date) -> None:
        """Do what is due by this day."""
        if self._last - _FIRST <= today <= self._last - _FIRST_ENDS:
            self._write(
                "Toutes vos factures au même endroit", today, lever="letter", occasion="any_day",
                wordings=["together-1", "in-time-1"], ends_on=(self._last - _FIRST_ENDS).isoformat(),
            )  # fmt: skip
        if today >= self._last - _SECOND:
            self._write(
                "Un courriel avant chaque échéance", today, lever="email", occasion="any_day",
                wordings=["together-1", "in-time-1"], ends_on="",
            )  # fmt: skip

    def mails(self, today: date) -> Iterator[ReceivedInvitation]:
        """Yield the invitations whose mail has left since this was asked last."""
        if today < self._last - _SECOND:
            return
        query = (
            select(CampaignInvitation, CustomerAccount)
            .join(Campaign, Campaign.id == CampaignInvitation.campaign_id)
            .join(CustomerAccount, CustomerAccount.id == CampaignInvitation.account_id)
            .where(Campaign.lever == "email", CampaignInvitation.state == "sent")
            .where(CampaignInvitation.sent_at > self._brought)
            .order_by(CampaignInvitation.sent_at, CampaignInvitation.id)
        )
        with self._store.reading() as session:
            rows = session.execute(query).all()
        for invitation, account in rows:
            self._brought = invitation.sent_at or self._brought
            yield ReceivedInvitation(account.number, f"/invitation/{campaign_link(self._store.keys, invitation.id)}")

    def _write(self, name: str, today: date, **terms: str | list[str]) -> None:
        """Write a campaign that begins today, unless it is written, and have it approved."""
        if name in self._written:
            return
        self._written.add(name)
        written = self._member.fill(_FORM, _FORM, name=name, starts_on=today.isoformat(), **_TERMS, **terms)
        found = _CAMPAIGN.search(written.leads_to)
        assert found is not None
        page = found[0]
        self._member.fill(page, page, decision="soumettre")
        self._operator.fill(page, page, decision="approuver", words="")
