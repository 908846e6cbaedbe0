"""`facteur campaign`: Olga approves what Claire wrote; Claire cannot."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adoption.campaigns.campaign_draft import CampaignDraft, write_campaign
from cli.open_store import opened_store
from issuers.registry import add_issuer
from store.campaigns.campaign import CampaignSegment
from tests.cli.conftest import Run, lines


def test_a_campaign_is_approved_by_another_and_stopped(
    facteur: Run, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    now = datetime.now(UTC)
    draft = CampaignDraft(
        name="Printemps", lever="email", occasion="any_day", wordings=("together-1",), segment=CampaignSegment(),
        starts_on=now.date() + timedelta(days=1), ends_on=None, most_invitations=5, budget=Decimal(1),
        unit_cost=Decimal("0.002"),
    )  # fmt: skip
    with opened_store() as (store, _), store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", now, '[invitations]\nby = ["email"]\n')
        campaign = str(write_campaign(session, issuer, draft, "claire", now).id)

    facteur("campaign", "approve", campaign, "--by", "olga", expect=1)  # nobody asked yet
    facteur("campaign", "submit", campaign, "--by", "claire")
    refused = facteur("campaign", "approve", campaign, "--by", "claire", expect=1)
    facteur("campaign", "approve", campaign, "--by", "olga")
    [listed] = lines(facteur("campaign", "list", "--issuer", "lumiere", "--json"))
    facteur("campaign", "stop", campaign, "--by", "claire", "--reason", "a wrong word")
    [shown] = lines(facteur("campaign", "show", campaign, "--json"))

    assert "somebody else does" in refused.stderr
    assert (listed["name"], listed["state"]) == ("Printemps", "approved")
    assert (shown["state"], shown["decided_by"], shown["words"]) == ("stopped", "olga", "a wrong word")
    assert shown["wave"] == {}
    facteur("campaign", "refuse", campaign, "--by", "olga", "--reason", "late", expect=1)
    facteur("campaign", "show", "4711", expect=1)
