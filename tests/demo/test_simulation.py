"""The demo's world lives some months on a small scale: everybody plays their part, and nothing is lost."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from demo.demo_credentials import CONSUMER, MEMBER, OPERATOR, PASSWORD
from demo.people.browser_client import Browser
from demo.simulation import Simulation
from demo.summary import DemoSummary
from payments.amounts_due import amounts_due
from pipeline.feed_pipeline import Pipeline
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, accounts_of, consumer_by_email, holders_of
from store.accounts.customer_account import CustomerAccount
from store.adoption_plans.plan_version import PlanVersion
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry
from store.bills.bills_of_consumer import bills_of_consumer
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest
from store.print_batch import PrintBatch

LAST = date(2026, 3, 20)
AFTER = datetime(2026, 3, 20, 20, tzinfo=UTC)


@pytest.fixture
def lived(store: Store, config: Config) -> Store:
    """Four months of nine people."""
    with open_inbox(config.inbox) as url:
        pipeline = Pipeline(store, config, SmtpClient(url, config.sender))
        world = Simulation(store, config, until=LAST, count=9, months=4)
        told: list[tuple[int, int]] = []
        world.prepare()

        def work(now: datetime) -> None:
            if now.weekday() == 0:
                pipeline.periodic.run_now("households", now, pipeline.is_stopping)
                pipeline.periodic.run_now("invite", now, pipeline.is_stopping)
            pipeline.drain(now)

        world.live(work, lambda _words, done, total: told.append((done, total)))
        pipeline.work_until_idle(AFTER)
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)
    return store


def consumer_named(session: Session, email: str) -> Consumer:
    consumer = consumer_by_email(session, email)
    assert consumer is not None
    return consumer


def bills_of(session: Session, name: str) -> list[BillRow]:
    return list(session.scalars(select(BillRow).where(BillRow.buyer_name == name).order_by(BillRow.issue_date)))


def letters_for(session: Session, bills: list[BillRow]) -> list[Delivery]:
    query = select(Delivery).where(Delivery.bill_id.in_([bill.id for bill in bills]), Delivery.channel == "paper")
    return [letter for letter in session.scalars(query) if letter.state in ("sent", "delivered")]


def test_a_small_world(lived: Store, config: Config) -> None:
    assert {name: rows for name, rows in check(lived).invariants.items() if rows} == {}
    with lived.reading() as session:
        asked = session.execute(select(Enquiry.state, Enquiry.disputed_at).order_by(Enquiry.id)).all()
        assert [(state, at is not None) for state, at in asked] == [
            ("closed", False), ("answered", False), ("open", True),
        ]  # fmt: skip
        _alice_does_without_paper_and_reads(session)
        _charlie_gets_every_bill_on_paper(session)
        _odile_forgets_and_is_written_to(session)
        _yves_has_no_mailbox_any_more(session)
        _camille_and_louis_hold_one_account(session)
        _the_issuers_were_taken_at_their_word(session)
        _the_print_house_has_answered(session)
        planned = session.execute(select(PlanVersion.number, PlanVersion.by).order_by(PlanVersion.id)).all()
        assert planned == [(1, MEMBER), (1, OPERATOR)], "the second of Claire's comes later"
        _alice_pays_in_parts_and_signs_a_mandate(session)
        _a_campaign_was_approved_by_another(session)
    _everybody_can_sign_in(lived, config)
    _the_summary_says_it(lived, config)


def _alice_does_without_paper_and_reads(session: Session) -> None:
    alice = consumer_named(session, CONSUMER)
    accounts = accounts_of(session, alice.id)
    assert len(accounts) == 4
    assert all(account.paperless for account in accounts)
    assert any(bill.viewed_at for bill, _ in bills_of_consumer(session, alice.id))
    assert any(bill.said_paid_at for bill, _ in bills_of_consumer(session, alice.id))


def _a_campaign_was_approved_by_another(session: Session) -> None:
    """The first is over by its day, the second runs; it wrote to whose address Lumière knows, and some looked."""
    first, second = session.scalars(select(Campaign).order_by(Campaign.id)).all()
    assert (first.author, first.decided_by) == (MEMBER, OPERATOR)
    assert (first.state, second.state) == ("ended", "running")
    written_to = session.scalars(select(CampaignInvitation).where(CampaignInvitation.campaign_id == second.id)).all()
    assert any(each.sent_at and each.opened_at for each in written_to)
    assert {each.reason.code for each in written_to} >= {"invitation_any_day", "invitation_no_contact"}


def _charlie_gets_every_bill_on_paper(session: Session) -> None:
    assert consumer_by_email(session, "charlie.durand@example.net") is None
    bills = bills_of(session, "Charlie Durand")
    assert bills
    assert len(letters_for(session, bills)) == len(bills)


def _odile_forgets_and_is_written_to(session: Session) -> None:
    """Her bills were announced, she was reminded, and then each was posted: no silent bill."""
    odile = consumer_named(session, "odile.kerboul@example.org")
    announced = session.scalars(
        select(Delivery).where(Delivery.person_id == odile.id, Delivery.purpose == "notify", Delivery.sent_at < AFTER)
    ).all()
    bills = [session.get_one(BillRow, delivery.bill_id) for delivery in announced]
    assert bills
    assert not any(bill.viewed_at for bill in bills)
    overdue = [bill for bill in bills if bill.issue_date < date(2026, 2, 20)]
    assert overdue
    assert len(letters_for(session, overdue)) == len(overdue)


def _yves_has_no_mailbox_any_more(session: Session) -> None:
    yves = consumer_named(session, "bounce.yves.tanguy@example.net")
    assert yves.mail_failed_at is not None
    [bounced, *_] = session.scalars(
        select(BillRow).join(Delivery).where(Delivery.person_id == yves.id, Delivery.state == "failed")
    ).all()
    assert letters_for(session, [bounced])


def _camille_and_louis_hold_one_account(session: Session) -> None:
    account = session.scalars(select(CustomerAccount).where(CustomerAccount.holder == "Camille et Louis Petit")).one()
    assert [each.name for each in holders_of(session, [account.id])[account.id]] == ["Camille Petit", "Louis Petit"]


def _the_issuers_were_taken_at_their_word(session: Session) -> None:
    by_door = dict(session.execute(select(Feed.door, func.count()).group_by(Feed.door)).tuples().all())
    assert set(by_door) == {"api", "cli"}
    assert {feed.state for feed in session.scalars(select(Feed))} <= {"released", "settled"}


def _the_print_house_has_answered(session: Session) -> None:
    states = [batch.state for batch in session.scalars(select(PrintBatch).order_by(PrintBatch.id))]
    assert set(states[:-1]) == {"acknowledged"}


def _alice_pays_in_parts_and_signs_a_mandate(session: Session) -> None:
    alice = consumer_named(session, CONSUMER)
    plans = session.scalars(select(PlanRequest).order_by(PlanRequest.id)).all()
    assert [(each.state, each.consumer_id) for each in plans] == [("granted", alice.id), ("refused", alice.id)]
    bill = session.get_one(BillRow, plans[0].bill_id)
    due = amounts_due(session, [bill], LAST)[bill.id]
    assert (due.is_planned, due.paid, due.left) == (True, plans[0].granted[0].amount, plans[0].granted[1].amount)
    [mandate] = session.scalars(select(DebitMandate))
    assert (mandate.state, mandate.consumer_id) == ("signed", alice.id)
    [endpoint] = session.scalars(select(WebhookEndpoint))
    assert endpoint.state == "disabled"


def _everybody_can_sign_in(store: Store, config: Config) -> None:
    app = make_app(store, config, lambda: AFTER)
    alice = Browser(app, 900)
    alice.fill("/connexion", "/connexion", email=CONSUMER, password=PASSWORD)
    assert "/factures/" in alice.look("/").text
    for place, (email, seen) in enumerate({MEMBER: "Lumière de l’Ouest", OPERATOR: "Mobile+"}.items(), 901):
        staff = Browser(app, place)
        staff.fill("/equipe/connexion", "/equipe/connexion", email=email, password=PASSWORD)
        assert seen in staff.look("/equipe/").text


def _the_summary_says_it(store: Store, config: Config) -> None:
    summary = DemoSummary(config, "fr")
    with store.reading() as session:
        rows = [" ".join(row) for row in summary.rows(session)]
        [letter] = summary.letter(session, store.keys)
    said = "\n".join([*rows, *summary.doors()])
    opened = Browser(make_app(store, config, lambda: AFTER), 904).look("/f/" + letter.rpartition("/f/")[2])
    assert "Voir ma facture" in opened.text
    for words in ("Eaux du Val", "Banque du Port", CONSUMER, MEMBER, OPERATOR, PASSWORD, config.public_url):
        assert words in said
