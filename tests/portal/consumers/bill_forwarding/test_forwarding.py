"""Alice's new bills go to her accountant Charlie too: he is asked, accepts by a button, and may stop them himself."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from bill import Reason
from config import Config
from delivery import run_forward_job, run_mail_job
from delivery.bill_forwarding import send_forwarded_bill
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.mail_origin import MailOrigin
from delivery.feedback.bounces.mail_feedback import MailFeedback
from delivery.feedback.bounces.record_mail_feedback import record_feedback
from store import Store
from store.accounts.consumer import Enrolment, end_holding
from store.bill_forwarding.forward_address import ForwardAddress, confirm_forward, forwards_of
from store.bill_forwarding.forwarded_bill import FORWARD_BILL, ForwardedBill, queue_forwards
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.job import Job, claim_job
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import World, a_bill

NewBrowser = Callable[[], Browser]
CHARLIE = "charlie@comptable.example"


class Forwarding:
    """Alice, her two contracts, and the mails that go out."""

    def __init__(self, world: World, config: Config, clock: Clock) -> None:
        self.world, self.store, self.config, self.clock = world, world.store, config, clock
        self.lumiere, self.eaux = world.issuer("lumiere", "Lumière de l’Ouest"), world.issuer("eaux", "Eaux du Val")
        old = world.today - timedelta(days=20)
        world.drop(self.lumiere, [a_bill("LO-OLD", "C-1", old)])
        world.drop(self.eaux, [a_bill("EV-OLD", "E-1", old)])
        self.alice = world.consumer("Alice Martin", holds={self.lumiere: "C-1", self.eaux: "E-1"})
        self.mailbox = Mailbox()

    def arrives(self, issuer_id: int, number: str, account: str) -> BillRow:
        row = self.world.drop(issuer_id, [a_bill(number, account, self.world.today)])[number]
        with self.store.writing() as session:
            session.execute(update(BillRow).where(BillRow.id == row.id).values(received_at=self.now))
        return row

    @property
    def now(self) -> datetime:
        return self.clock() + timedelta(minutes=1)

    def run(self, mailbox: Mailbox | None = None) -> list[tuple[str, Message]]:
        """Queue what is new and do all jobs; the mails that went out."""
        post, before = mailbox or self.mailbox, len(self.mailbox.mails)
        with self.store.writing() as session:
            queue_forwards(session, self.now, 100)
        while True:
            with self.store.writing() as session:
                job = claim_job(session, self.now)
            if job is None:
                return self.mailbox.mails[before:]
            if job.kind == FORWARD_BILL:
                run_forward_job(self.store, job, post, self.config.public_url, self.now)
            else:
                run_mail_job(self.store, job, post, self.config.public_url, self.now)

    def ask(self, browser: Browser, email: str = CHARLIE, account: str = "all") -> str:
        browser.sign_in(self.alice)
        browser.get("/transfert")
        return browser.post("/transfert", email=email, account=account).text

    def confirmed(self) -> ForwardAddress:
        with self.store.writing() as session:
            forward = ForwardAddress(consumer_id=self.alice.id, email=CHARLIE, asked_at=self.clock())
            session.add(forward)
            session.flush()
            confirm_forward(session, forward.id, self.clock())
        return forward

    def forwards(self) -> list[ForwardAddress]:
        with self.store.reading() as session:
            return forwards_of(session, self.alice.id)


@pytest.fixture
def town(world: World, config: Config, clock: Clock) -> Forwarding:
    return Forwarding(world, config, clock)


def text_of(mail: Message) -> str:
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def subject_of(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def test_charlie_is_asked_accepts_and_gets_new_bills_only(town: Forwarding, browser: NewBrowser) -> None:
    assert "pas encore accepté" in town.ask(browser())
    town.arrives(town.lumiere, "LO-BEFORE", "C-1")
    [(to, question)] = town.run()
    assert to == CHARLIE
    assert "alice@exemple.fr" in text_of(question)
    assert "Alice Martin" not in str(question)  # a name is a text of hers
    link = town.mailbox.link_to(CHARLIE)
    his = browser()
    assert "Accepter ces factures" in his.get(link).text
    assert town.forwards()[0].state == "asked"  # a scanner that opens links accepts nothing
    town.clock.now = town.clock() + timedelta(hours=1)
    assert "C’est accepté" in his.post(link).text
    assert "C’est accepté" in his.post(link).text
    row = town.arrives(town.lumiere, "LO-NEW", "C-1")
    [(to, mail)] = town.run()
    assert to == CHARLIE
    assert subject_of(mail) == "Lumière de l’Ouest : facture n° LO-NEW, 84,00 €"
    [pdf] = [each for each in mail.walk() if each.get_content_type() == "application/pdf"]
    with town.store.reading() as session:
        assert pdf.get_payload(decode=True) == town.store.archive(session).pdf(session.get_one(BillRow, row.id))
        assert session.get_one(BillRow, row.id).viewed_at is None
        assert session.scalars(select(Delivery).where(Delivery.bill_id == row.id)).all() == []
    assert pdf.get_filename() == "Lumière de l’Ouest LO-NEW.pdf"
    assert town.run() == []  # at most once


def test_a_feed_that_was_held_is_new_when_it_is_released(town: Forwarding) -> None:
    row = town.world.drop(town.lumiere, [a_bill("LO-2", "C-1", town.world.today - timedelta(days=9))])["LO-2"]
    town.confirmed()
    assert town.run() == []
    with town.store.writing() as session:
        session.execute(update(Feed).where(Feed.id == row.feed_id).values(released_at=town.now))
    with town.store.writing() as session:  # nothing before the contract was hers
        enrolled = session.get_one(Enrolment, (town.alice.id, row.account_id))
        enrolled.enrolled_at = town.now + timedelta(minutes=1)
    assert town.run() == []
    with town.store.writing() as session:
        session.get_one(Enrolment, (town.alice.id, row.account_id)).enrolled_at = town.clock()
    assert [to for to, _ in town.run()] == [CHARLIE]


def test_of_one_contract_alone(town: Forwarding, browser: NewBrowser) -> None:
    hers = browser()
    account_id = town.world.account_id(town.eaux, "E-1")
    town.ask(hers, account=town.store.public_ids.of("account", account_id))
    [forward] = town.forwards()
    with town.store.writing() as session:
        confirm_forward(session, forward.id, town.clock())
    town.run()
    town.arrives(town.lumiere, "LO-2", "C-1")
    town.arrives(town.eaux, "EV-2", "E-1")
    assert ["EV-2" in subject_of(mail) for _, mail in town.run()] == [True]
    with town.store.writing() as session:
        end_holding(session, town.alice.id, account_id, town.clock())
    assert town.forwards() == []


def test_he_stops_it_by_one_press_and_alice_is_told(town: Forwarding, browser: NewBrowser) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    [(_, mail)] = town.run()
    url = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(url).path
    assert "Ne plus recevoir ces factures" in browser().get(path).text
    assert town.forwards()  # opening it changes nothing
    for _ in range(2):
        answer = browser().client.post(path, data=b"List-Unsubscribe=One-Click")
        assert (answer.status_code, answer.data) == (200, b"")
    assert town.forwards() == []
    town.arrives(town.lumiere, "LO-3", "C-1")
    [(to, told)] = town.run()
    assert to == "alice@exemple.fr"
    assert CHARLIE in text_of(told)
    assert "Plus rien n’est envoyé" in browser().get(path).text


def test_alice_ends_it_while_a_mail_waits(town: Forwarding, browser: NewBrowser) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    with town.store.writing() as session:
        assert queue_forwards(session, town.now, 100) == 1
        assert queue_forwards(session, town.now, 100) == 0
    hers = browser()
    hers.sign_in(town.alice)
    path = re.search(r'action="(/transfert/[^"]+/fin)"', hers.get("/transfert").text)
    assert path is not None
    assert "plus rien ne part" in hers.post(path[1]).text
    assert town.run() == []


def test_a_bounce_ends_it_and_tells_alice(town: Forwarding) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    [(_, mail)] = town.run()
    job_id = int(re.match(r"<e(\d+)@", mail["Message-ID"])[1])
    bounce = MailFeedback(kind="gone", words="550 5.1.1 no such user", message_ids=(mail["Message-ID"],))
    with town.store.writing() as session:
        assert record_feedback(session, bounce, MailOrigin("job", job_id), "d" * 64, "hook", town.now) == "recorded"
    assert town.forwards() == []
    assert [to for to, _ in town.run()] == ["alice@exemple.fr"]
    with town.store.reading() as session:
        assert session.get_one(type(town.alice), town.alice.id).mail_failed_at is None


class Refusing(Mailbox):
    def __init__(self, error: DeliveryError, then: Mailbox) -> None:
        super().__init__()
        self.error, self.then = error, then

    def send(self, mail: Message, to: str) -> str:
        if to == CHARLIE:
            raise self.error
        return self.then.send(mail, to)


def test_an_address_that_is_refused_at_once(town: Forwarding) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    assert [to for to, _ in town.run(Refusing(DeliveryError("refused", "550 5.1.1 unknown"), town.mailbox))] == [
        "alice@exemple.fr"
    ]
    assert town.forwards() == []


def test_a_server_that_is_down_loses_nothing(town: Forwarding) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    assert town.run(Refusing(DeliveryError("down", "421 closing"), town.mailbox)) == []
    with town.store.reading() as session:
        [job] = session.scalars(select(Job).where(Job.kind == FORWARD_BILL)).all()
    assert (job.state, job.attempts) == ("todo", 0)
    town.clock.now = town.clock() + timedelta(minutes=5)
    assert [to for to, _ in town.run()] == [CHARLIE]


def test_a_pdf_that_is_too_large_is_not_left_out_silently(town: Forwarding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_forwarded_bill, "LARGEST_ATTACHED", 10)
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    [(_, mail)] = town.run()
    assert "trop lourde pour un courriel" in text_of(mail)
    assert not [each for each in mail.walk() if each.get_content_type() == "application/pdf"]


def test_others_addresses_look_like_none(town: Forwarding, browser: NewBrowser) -> None:
    forward = town.confirmed()
    bob = town.world.consumer("Bob Martin")
    his = browser()
    his.sign_in(bob)
    his.get("/transfert")
    name = town.store.public_ids.of("forward", forward.id)
    nothing = town.store.public_ids.of("forward", 4711)
    assert CHARLIE not in his.get("/transfert").text
    answers = []
    for each in (name, nothing):
        his.get("/transfert")
        answers.append(his.post(f"/transfert/{each}/fin"))
    assert {(each.status_code, each.text) for each in answers} == {(404, answers[0].text)}
    assert town.forwards()


@pytest.mark.parametrize("path", ["/transfert/accepter/", "/transfert/arreter/x.y.z", "/transfert/accepter/x"])
def test_a_link_that_is_not_whole(browser: NewBrowser, path: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 404
    assert "Ce lien ne sert plus" in answer.text


def test_nobody_is_asked_again_and_again(town: Forwarding, browser: NewBrowser) -> None:
    hers = browser()
    town.ask(hers)
    assert "déjà demandé" in town.ask(hers)
    assert "lettres accentuées" in town.ask(hers, email="é@exemple.fr")
    assert "Écrivez une adresse" in town.ask(hers, email="charlie")
    for n in range(4):
        town.ask(hers, email=f"c{n}@comptable.example")
    assert "retirez-en une" in town.ask(hers, email="c9@comptable.example")


def test_a_row_names_the_mail(town: Forwarding, store: Store) -> None:
    town.confirmed()
    town.arrives(town.lumiere, "LO-2", "C-1")
    town.run()
    with store.reading() as session:
        [kept] = session.scalars(select(ForwardedBill)).all()
        job = session.get_one(Job, kept.job_id)
    assert (job.state, job.attempts, job.reason, job.answer) == ("done", 1, Reason(), "250 OK")
    assert job.sent_at is not None
