"""A campaign's message reaches people of the demo's later days: who follows it opens its page, signs up, links the
contract by its letter and does without paper; others stay as they were."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from config import Config
from consumers.claim_code import digest, letter_code
from demo.issuer import ELECTRICITY
from demo.people.contract import Contract, contracts
from demo.people.everyday_consumer import EverydayConsumer
from demo.people.invitation_answer import invitation_answer
from demo.people.person import Habit
from demo.people.population import people
from demo.people.simulated_consumer import holding_of
from portal.app import make_app
from store import Store
from store.accounts.consumer import consumer_by_email
from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign_invitation import CampaignInvitation
from tests.adoption.sample_accounts import World
from tests.portal.sample_campaign import run_a_campaign

pytestmark = pytest.mark.beside_any_database

FIRST, UNTIL = date(2025, 2, 1), date(2026, 3, 20)
INVITED = datetime(2026, 5, 4, 10, tzinfo=UTC)


def left_alone(*, follows: bool) -> Contract:
    """A contract for electricity of somebody who would never have linked it of themselves."""
    return next(
        each
        for each in contracts(people(7, 400, FIRST))
        if each.issuer is ELECTRICITY and each.person.habit is Habit.DIGITAL and each.holder == each.person.name
        if holding_of(each.person, each).link_after is None
        if invitation_answer(each.person, each.number).follows == follows
    )


@pytest.mark.parametrize("follows", [True, False])
def test_who_follows_an_invitation_goes_without_paper(store: Store, config: Config, follows: bool) -> None:
    contract, now = left_alone(follows=follows), INVITED
    assert store.public_ids  # made in a transaction of their own
    with store.writing() as session:
        world = World(session)
        issuer = world.issuer(ELECTRICITY.slug, ELECTRICITY.name)
        account = world.account(issuer, contract.number, "BT-12")
        account.holder = contract.holder
        letter = world.letter(world.bill(account, date(2026, 4, 2)), "not known yet", date(2026, 4, 3))
        letter.claim_digest = digest(letter_code(store.keys, letter))
        account_id, issuer_id = account.id, issuer.id
    run_a_campaign(store, issuer_id, INVITED)
    app = make_app(store, config, lambda: now)
    person = EverydayConsumer(contract.person, [contract], app, 2000, store, config, FIRST, UNTIL)
    for day in range(12):
        now = datetime.combine(INVITED.date() + timedelta(days=day), time(18), UTC)
        if person.does_papers(now.date()):
            person.do_papers(now.date())
    with store.reading() as session:
        [invitation] = session.scalars(select(CampaignInvitation).where(CampaignInvitation.account_id == account_id))
        found = session.get_one(CustomerAccount, account_id)
        is_here = consumer_by_email(session, contract.person.email) is not None
    opens = invitation_answer(contract.person, contract.number).opens
    assert (invitation.opened_at is not None, is_here, found.paperless) == (opens, follows, follows)
