"""An invitation leaves once, says whom it is for and how to get no more, and nothing that fails sends it twice."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest
from sqlalchemy import select

from adoption.campaigns.campaign_life import stop_campaign
from adoption.campaigns.invited_account import followed_invitations, invitations_of
from adoption.campaigns.undisturbed import undisturbed
from bill import PostalAddress
from consumers.paperless_consent import go_paperless
from delivery import ProviderHealth, SmsRoute, run_mail_job
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.sms.sms_provider import Sms
from delivery.feedback.bounces.mail_feedback import MailFeedback
from delivery.feedback.bounces.record_job_feedback import record_with_job, standing_with_job
from delivery.notices.notice_preference import NoticePreference
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.default_notices import accounts_for_default, follow_defaults
from store.accounts.consumer import enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import CampaignLink, read_campaign, read_campaign_stop
from store.accounts.shown_wording import wordings_of
from store.campaigns.campaign import Campaign, CampaignSegment, Lever
from store.campaigns.campaign_wave import WaveCounts, wave_by_day, wave_of_arms
from store.campaigns.invitation_outcomes import campaigns_to_follow, follow_invitations, note_opened
from store.campaigns.stopped_contact import stopped_accounts, stopped_contacts
from store.customers.customer_reference import CustomerReference
from store.job import Job, claim_job
from tests.adoption.campaigns.sample_campaigns import CALENDAR, CLAIRE, MONDAY, CampaignTown, Post

TUESDAY = MONDAY + timedelta(days=1)


class Texts:
    """A provider of SMS that takes what it gets."""

    def __init__(self) -> None:
        self.sent: list[Sms] = []

    def send(self, sms: Sms) -> ProviderReceipt:
        self.sent.append(sms)
        return ProviderReceipt("taken")

    def hang_up(self) -> None:
        """There is nothing to end."""


def text_of(mail: Message) -> str:
    part: Any = mail.get_payload(0)
    return bytes(part.get_payload(decode=True)).decode()


def invited(town: CampaignTown, **terms: Any) -> tuple[Campaign, CustomerAccount]:
    """Alice's account, of which a campaign has planned the invitation."""
    alice = town.account("1", "alice@example.org", phone="+33612345678")
    campaign = town.running(**terms)
    assert town.choose(campaign) == 1
    return campaign, alice


def test_alice_gets_one_mail_that_names_the_issuer_and_how_to_get_no_more(town: CampaignTown) -> None:
    campaign, alice = invited(town)
    post = Post()

    assert town.send(post) == 1

    (to, mail), row = post.sent[0], town.rows(campaign)[alice.id]
    text = text_of(mail)
    stop = mail["List-Unsubscribe"].strip("<>")
    keys = town.store.keys
    assert to == "alice@example.org"
    assert str(make_header(decode_header(mail["Subject"]))) == (
        "Vos factures Lumière de l’Ouest, avec celles de vos autres contrats"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_campaign_stop(keys, stop.rpartition("/")[2]) == CampaignLink(row.id)
    assert stop in text
    page = next(word for word in text.split() if "/invitation/" in word and word != stop)
    assert read_campaign(keys, page.rpartition("/")[2]) == CampaignLink(row.id)
    assert read_campaign(keys, stop.rpartition("/")[2]) == "damaged"  # a link is for one thing
    assert (row.state, row.sent_at) == ("sent", MONDAY)
    with town.store.reading() as session:
        relationship = relationships_of(session, [alice.id], MONDAY)[alice.id]
        assert (relationship.state, relationship.why.code) == ("INVITED", "invited_by_message")
        assert "invite-email-together-1" in wordings_of(session, ["invite-email-together-1"], "fr")
    assert town.send(post) == 0
    assert town.choose(campaign, TUESDAY) == 0


def test_an_sms_ends_with_its_link(town: CampaignTown) -> None:
    campaign, alice = invited(town, lever="sms", wordings=("in-time-1",), unit_cost=Decimal(0))
    texts = Texts()

    town.send(Post(), sms=SmsRoute(texts, Decimal(0), ProviderHealth()))

    sms = texts.sent[0]
    assert sms.to == "+33612345678"
    assert sms.text.startswith("Lumière de l'Ouest : soyez prévenu")
    assert read_campaign(town.store.keys, sms.text.rpartition("/")[2]) == CampaignLink(town.rows(campaign)[alice.id].id)
    assert town.rows(campaign)[alice.id].state == "sent"


@pytest.mark.parametrize(
    ("at", "lever", "until"),
    [  # UTC; Paris is an hour ahead until 29 March 2026, then two
        ("2026-03-02T09:00", "sms", "2026-03-02T09:00"), ("2026-03-02T19:00", "sms", "2026-03-03T09:00"),
        ("2026-03-07T19:30", "sms", "2026-03-09T09:00"), ("2026-03-08T12:00", "sms", "2026-03-09T09:00"),
        ("2026-04-05T10:00", "sms", "2026-04-07T08:00"), ("2026-03-08T23:30", "email", "2026-03-08T23:30"),
    ],
    ids=["by day", "at night", "Saturday night", "Sunday", "Easter", "a mail"],
)  # fmt: skip
def test_an_sms_disturbs_nobody_at_night_nor_on_a_day_of_rest(at: str, lever: Lever, until: str) -> None:
    here = PostalAddress(line1="1 rue Neuve", postcode="44000", city="Nantes")
    moment, expected = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (at, until))
    assert undisturbed(moment, lever, here, CALENDAR) == expected


def test_an_sms_waits_for_the_day_there_and_in_its_reader_s_own_quiet_hours() -> None:
    """At 17:00 in Paris it is night on La Réunion, three hours ahead; Bob wants nothing before noon."""
    there = PostalAddress(line1="1 rue Neuve", postcode="97400", city="Saint-Denis")
    noon = NoticePreference(quiet_from=time(19), quiet_until=time(12))
    assert undisturbed(MONDAY + timedelta(hours=7), "sms", there, CALENDAR) == MONDAY + timedelta(hours=21)
    assert undisturbed(MONDAY, "email", there, CALENDAR, noon) == MONDAY
    assert undisturbed(MONDAY - timedelta(hours=4), "email", there, CALENDAR, noon) == MONDAY - timedelta(hours=1)


def test_an_invitation_at_night_leaves_in_the_morning(town: CampaignTown) -> None:
    campaign, alice = invited(town, lever="sms", wordings=("in-time-1",), unit_cost=Decimal(0))
    texts = Texts()
    route = SmsRoute(texts, Decimal(0), ProviderHealth())

    assert town.send(Post(), MONDAY + timedelta(hours=11), sms=route) == 1

    job = town.session.get_one(Job, 1)
    assert (texts.sent, job.state, job.attempts, job.due_at) == ([], "todo", 0, TUESDAY)
    assert town.rows(campaign)[alice.id].state == "planned"
    town.send(Post(), TUESDAY, sms=route)
    assert [each.to for each in texts.sent] == ["+33612345678"]


@pytest.mark.parametrize(
    ("kind", "state", "job_state"),
    [
        ("refused", "failed", "done"), ("in_doubt", "in_doubt", "done"), ("down", "planned", "todo"),
        ("busy", "planned", "todo"), ("later", "planned", "todo"),
    ],
)  # fmt: skip
def test_what_a_failure_leaves(town: CampaignTown, kind: Any, state: str, job_state: str) -> None:
    """What may have left is not sent again; an outage costs nothing; an address that is refused is used no more."""
    campaign, alice = invited(town)
    relay = ProviderHealth()

    town.send(Post(DeliveryError(kind, "550 no")), relay=relay)

    assert town.rows(campaign)[alice.id].state == state
    assert town.session.get_one(Job, 1).state == job_state
    assert stopped_contacts(town.session, ["alice@example.org"]) == (
        {"alice@example.org"} if kind == "refused" else set()
    )
    assert not stopped_accounts(town.session, [alice.id])  # a letter may still invite
    post = Post()
    town.send(post, TUESDAY)
    assert len(post.sent) == (job_state == "todo")


def test_a_worker_that_died_while_it_sent_leaves_a_doubt(town: CampaignTown) -> None:
    campaign, alice = invited(town)

    class Killed(BaseException):
        """No exception that anybody catches."""

    with pytest.raises(Killed):
        town.send(Post(Killed()))  # type: ignore[arg-type]
    job = town.session.get_one(Job, 1)
    post = Post()
    town.send_one(job, post, TUESDAY)

    assert post.sent == []
    assert town.rows(campaign)[alice.id].state == "in_doubt"


def _stops(town: CampaignTown, campaign: Campaign, alice: CustomerAccount) -> None:
    stop_campaign(town.session, campaign, CLAIRE, "assez", MONDAY)


def _moves(town: CampaignTown, campaign: Campaign, alice: CustomerAccount) -> None:
    town.session.get_one(CustomerReference, alice.id).email_key = "other@example.org"


def _dies(town: CampaignTown, campaign: Campaign, alice: CustomerAccount) -> None:
    town.session.get_one(CustomerReference, alice.id).died_on = MONDAY.date()


@pytest.mark.parametrize("happens", [_stops, _moves, _dies])
def test_who_is_not_to_be_invited_any_more_is_not(
    town: CampaignTown, happens: Callable[[CampaignTown, Campaign, CustomerAccount], None]
) -> None:
    """Between the choice and the sending much may happen."""
    campaign, alice = invited(town)
    happens(town, campaign, alice)
    town.session.commit()
    post = Post()

    town.send(post)

    assert post.sent == []
    assert town.rows(campaign)[alice.id].state == "cancelled"


@pytest.mark.parametrize(
    ("kind", "state", "account"), [("gone", "failed", False), ("complaint", "sent", True), ("full", "sent", None)]
)
def test_what_comes_back_of_an_invitation(town: CampaignTown, kind: Any, state: str, account: bool | None) -> None:
    campaign, alice = invited(town)
    town.send(Post())
    feedback = MailFeedback(kind=kind, words="550 5.1.1", message_ids=("<e1@facteur.example>",))
    job = town.session.get_one(Job, 1)

    standing = standing_with_job(town.session, feedback, job, TUESDAY)

    assert standing == ("ignored" if kind == "full" else "recorded")
    if standing == "recorded":
        assert record_with_job(town.session, feedback, job, TUESDAY)
        assert not record_with_job(town.session, feedback, job, TUESDAY)
    town.session.commit()
    assert bool(stopped_accounts(town.session, [alice.id])) is bool(account)
    assert bool(stopped_contacts(town.session, ["alice@example.org"])) is (account is not None)
    assert town.rows(campaign)[alice.id].state == state


def test_what_became_of_it_is_noted_of_both_arms(town: CampaignTown) -> None:
    """Alice is invited and Bob is held out; both come, and both go without paper."""
    campaign, alice = invited(town)
    bob = town.account("2", "bob@example.org", arm="holdout")
    town.choose(campaign, TUESDAY)
    town.send(Post(), TUESDAY)
    later = MONDAY + timedelta(days=10)
    row = town.rows(campaign)[alice.id]
    assert note_opened(town.session, row.id, later)
    assert not note_opened(town.session, row.id, later + timedelta(days=1))
    for account, name in ((alice, "Alice"), (bob, "Bob")):
        reader = town.world.consumer(name)
        enrol(town.session, reader.id, account.id, later)
        go_paperless(town.session, account, reader, later + timedelta(days=7))
    town.session.commit()

    assert campaigns_to_follow(town.session, later + timedelta(days=8)) == [campaign.id]
    follow_invitations(town.session, campaign.id, later + timedelta(days=8))
    town.session.commit()

    assert wave_of_arms(town.session, campaign.id) == {
        "together-1": WaveCounts(1, 1, 1, 1), "holdout": WaveCounts(1, 0, 1, 1)
    }  # fmt: skip
    by_day = wave_by_day(town.session, campaign.id, is_holdout=False)
    assert by_day == {
        TUESDAY.date(): WaveCounts(invited=1), later.date(): WaveCounts(opened=1, claimed=1),
        (later + timedelta(days=7)).date(): WaveCounts(paperless=1),
    }  # fmt: skip
    assert [each.campaign_id for each in invitations_of(town.session, alice.id)] == [campaign.id]
    claims = [(alice.id, later), (bob.id, later), (alice.id, TUESDAY + timedelta(days=91))]
    assert list(followed_invitations(town.session, claims)) == [(alice.id, later)]


def test_whoever_follows_the_contract_is_asked_by_name_to_go_without_paper(town: CampaignTown) -> None:
    account = town.account("1")
    reader = town.world.consumer("Alice")
    enrol(town.session, reader.id, account.id, datetime(2026, 1, 6, tzinfo=UTC))
    town.session.commit()
    campaign = town.running()
    post = Post()

    assert town.choose(campaign) == 1
    town.send(post)

    to, mail = post.sent[0]
    assert to == reader.email
    assert "Bonjour Alice," in text_of(mail)
    assert "Recevoir ces factures sans papier" in text_of(mail)
    assert town.rows(campaign)[account.id].consumer_id == reader.id


def test_a_campaign_starts_the_default_for_its_segment_and_nobody_else(town: CampaignTown) -> None:
    """Alice and Bob follow their contracts beside paper; the campaign is for departement 44, where Alice is."""
    accounts = []
    for name, postcode in (("Alice", b"44000"), ("Bob", b"59000")):
        account = town.account(name)
        account.address = account.address.replace(b"44000", postcode)
        enrol(town.session, town.world.consumer(name).id, account.id, datetime(2026, 1, 6, tzinfo=UTC))
        accounts.append(account.id)
    town.session.commit()
    campaign = town.running(
        lever="default_on", wordings=("default-on-1",), segment=CampaignSegment(departments=("44",))
    )
    assert town.choose(campaign) == 1

    asked = accounts_for_default(town.session, town.lumiere, TUESDAY, 0, 10)
    done = follow_defaults(town.session, town.lumiere, accounts, TUESDAY, CALENDAR)
    town.session.commit()
    job = town.session.scalars(select(Job).where(Job.kind == "default_notice")).one()
    with town.store.writing() as session:
        claim_job(session, TUESDAY, Job.id == job.id)
    run_mail_job(town.store, job, Post(), "https://facteur.example", TUESDAY)

    assert (asked, done.planned) == ([accounts[0]], 1)
    row = town.rows(campaign)[accounts[0]]
    assert (row.state, row.sent_at) == ("sent", TUESDAY)
    stop_campaign(town.session, campaign, CLAIRE, "assez", TUESDAY)
    assert follow_defaults(town.session, town.lumiere, accounts, TUESDAY + timedelta(days=120), CALENDAR) == (0, 0)
