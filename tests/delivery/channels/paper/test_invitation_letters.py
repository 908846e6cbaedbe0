"""A campaign's line stands on the next letter of an account, once; the print house is told of envelope and insert."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from store.campaigns.campaign import Campaign, CampaignSegment, Lever
from store.campaigns.campaign_invitation import CampaignInvitation
from store.delivery import Delivery
from store.print_batch import PrintBatch
from tests.delivery.sample_bills import World

MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)
LINE = "Toutes vos factures au même endroit, gratuitement."


def plan(world: World, account_id: int, lever: Lever, paper_code: str = "") -> int:
    """A campaign has chosen this account."""
    with world.store.writing() as session:
        campaign = Campaign(
            issuer_id=world.issuer_id, name="Printemps", state="running", lever=lever, occasion="any_day",
            wordings=["together-1"], segment=CampaignSegment(), starts_on=MARCH.date(), most_invitations=9,
            budget=Decimal(1), unit_cost=Decimal(0), cap_days=60, cap_year=3, paper_code=paper_code, author="claire",
            written_at=MARCH,
        )  # fmt: skip
        session.add(campaign)
        session.flush()
        row = CampaignInvitation(
            campaign_id=campaign.id, account_id=account_id, household_id=account_id, arm="together-1",
            state="planned", chosen_at=MARCH,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def printed(world: World) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The letters that lie in the outbox, and their manifests' pieces."""
    letters = [
        json.loads(line)
        for file in sorted(world.outbox.glob("*.pdf"))
        for line in file.read_bytes().splitlines()
        if line.startswith(b"{")
    ]
    pieces = [
        each for file in sorted(world.outbox.glob("lot-*.json")) for each in json.loads(file.read_bytes())["pieces"]
    ]
    return letters, pieces


@pytest.mark.parametrize(
    ("lever", "code", "told"), [("letter", "", ("", "")), ("envelope", "E7", ("E7", "")), ("insert", "B2", ("", "B2"))]
)
def test_the_next_letter_bears_it_once(world: World, lever: Lever, code: str, told: tuple[str, str]) -> None:
    alice, bob = world.account(), world.account()
    invitation_id = plan(world, alice, lever, code)
    for account in (alice, bob):
        world.bill(account, date(2026, 3, 2), date(2026, 3, 30))
    world.choose(MARCH)
    world.print(MARCH, force=True)
    world.bill(alice, date(2026, 3, 3), date(2026, 3, 30))
    world.choose(MARCH)
    world.print(MARCH, force=True)

    letters, pieces = printed(world)

    assert sorted(each["invitation"] for each in letters) == ["", "", LINE]
    assert sorted((each["envelope_message"], each["insert"]) for each in pieces) == sorted([told, ("", ""), ("", "")])
    with world.store.reading() as session:
        row = session.get_one(CampaignInvitation, invitation_id)
        assert (row.state, row.sent_at) == ("sent", MARCH)
        assert row.delivery_id is not None


def test_a_lot_that_is_composed_again_bears_it_again(world: World) -> None:
    alice = world.account()
    plan(world, alice, "letter")
    world.bill(alice, date(2026, 3, 2), date(2026, 3, 30))
    world.choose(MARCH)
    batch = world.print(MARCH, force=True)
    before = printed(world)
    with world.store.writing() as session:  # its worker died before anything was recorded
        row = session.scalars(select(CampaignInvitation)).one()
        row.state, row.sent_at = "planned", None
    for file in world.outbox.glob("lot-*"):
        file.unlink()
    with world.store.writing() as session:
        session.get_one(PrintBatch, batch).state = "closed"
        for each in session.scalars(select(Delivery).where(Delivery.batch_id == batch)):
            each.state = "attempting"
    assert batch is not None
    world.hand_over(batch, MARCH)

    assert printed(world)[0] == before[0]
