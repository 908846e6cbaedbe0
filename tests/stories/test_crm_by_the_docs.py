"""The CRM of Lumière is integrated by the docs alone: Dora reads docs/api.md, and writes what it says.

Her program knows an address, a key and the client; what it may rely on is in docs/api.md and docs/webhooks.md.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from consumers.enquiries.ask_about_bill import ask_about_bill
from facteur.client import CustomerStatement, EventMessage, FacteurClient, ProblemError, ToldPayment, WebhookVerifier
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill_lookup import bill_by_number
from store.outbox.outbox_event import OutboxEvent
from store.staff_member import staff_by_email
from tests.conftest import Clock
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl
from webhooks.event_message import message_body, message_id
from webhooks.signature import signed_headers

pytestmark = pytest.mark.beside_any_database

ROOT = Path(__file__).parents[2]
URL = "http://127.0.0.1:8080"
MARCH = [ubl("M-1"), ubl("M-2", "C-BOB", Decimal(40)), ubl("M-3", "C-CHARLIE")]
MINA = "mina@facteur.example"


@dataclass
class Crm:
    """What Dora wrote: the CRM's own tables, and how they are kept up to date."""

    facteur: FacteurClient
    bills: dict[str, str] = field(default_factory=dict)  # state by number
    letters: dict[str, bool] = field(default_factory=dict)  # whether an account's bills come on paper
    tasks: list[str] = field(default_factory=list)  # for people
    done: int = 0  # the sequence of the last event that was handled

    def bills_of_the_month(self, file: bytes, name: str, count: int) -> None:
        """Drop the month's file; what is wrong with it becomes a task."""
        dropped = self.facteur.feeds.put(file, name, count=count, idempotency_key=f"crm {name}")
        assert dropped.feed is not None
        report = self.facteur.feeds.wait(dropped.feed)
        self.tasks += [f"{each.number}: {each.message}" for each in report.findings if each.severity == "fatal"]
        self.bills |= {bill.number: bill.state for bill in self.facteur.bills.list(feed=report.feed or "")}

    def catch_up(self) -> None:
        """Handle all that happened since the last time."""
        for event in self.facteur.events.after(self.done):
            self.handle(event)

    def handle(self, event: EventMessage) -> None:
        """Handle an event once, however often it comes."""
        assert event.sequence is not None
        if event.sequence <= self.done:
            return
        if event.type in {"bill.recalled", "bill.reported_paid"}:
            number = event.data["bill_number"]
            self.bills[number] = self.facteur.bills.fate(number).state
        elif event.type == "bill.question_asked":
            self.tasks.append(f"{event.data['bill_number']}: {event.data['words']}")
        self.done = event.sequence

    def customers(self) -> None:
        """Learn how each customer gets its bills."""
        self.letters = {each.number: not each.paperless for each in self.facteur.accounts.list()}

    def answer(self, words: str, by: str) -> int:
        """Answer all questions that wait. Returns how many."""
        answered = 0
        for line in self.facteur.enquiries.list():
            self.facteur.enquiries.answer(self.facteur.enquiries.get(line.enquiry), words, by=by, name="Mina R.")
            answered += 1
        return answered

    def take_back(self, number: str, reason: str) -> str:
        """Recall a bill, or say what is to be done instead."""
        try:
            self.bills[number] = self.facteur.bills.recall(number, by="Dora", reason=reason).state
        except ProblemError as problem:
            if problem.name != "already-reached":
                raise
            self.tasks.append(f"{number}: {problem.detail}")
        return self.bills[number]


@pytest.fixture
def office(store: Store, config: Config, clock: Clock) -> Office:
    return Office(store, config, clock).begin()


@pytest.fixture
def app(office: Office, config: Config) -> Flask:
    return make_app(office.store, config, office.clock)


def connected(office: Office, app: Flask) -> FacteurClient:
    """The client with Lumière's key; while it waits, the house works."""
    key = office.keys["lumiere"]["Authorization"].removeprefix("Bearer ")
    facteur = FacteurClient(URL, key, transport=httpx.WSGITransport(app=app))
    facteur.connection.sleep = lambda _: office.pipeline.work_until_idle(office.clock())
    return facteur


@pytest.fixture
def crm(office: Office, app: Flask) -> Iterator[Crm]:
    with connected(office, app) as facteur:
        yield Crm(facteur)


def bob_asks(office: Office, words: str) -> None:
    with office.store.writing() as session:
        bill = bill_by_number(session, office.lumiere.id, "M-2")
        assert bill is not None
        bob = session.scalar(select(Consumer).where(Consumer.email == "bob@example.org"))
        if bob is None:
            bob = Consumer(email="bob@example.org", name="Bob Le Goff", password_hash="-",
                           signed_up_at=office.clock(), confirmed_at=office.clock())  # fmt: skip
            session.add(bob)
            session.flush()
            enrol(session, bob.id, bill.account_id, office.clock())
        ask_about_bill(session, bill, bob.id, "amount", words, words, office.clock())
    office.pipeline.work_until_idle(office.clock())


def test_a_month_of_the_crm(crm: Crm, office: Office) -> None:
    crm.bills_of_the_month(batch([*MARCH, ubl("M-4", gross=Decimal(1))]), "mars.xml", 4)
    assert set(crm.bills) == {"M-1", "M-2", "M-3"}
    assert crm.tasks
    assert all(each.startswith("M-4: ") for each in crm.tasks)
    crm.bills_of_the_month(batch([*MARCH, ubl("M-4", gross=Decimal(1))]), "mars.xml", 4)  # the night job ran twice
    assert len(list(crm.facteur.bills.list())) == 3

    assert crm.take_back("M-3", "wrong tariff") == "recalled"
    bob_asks(office, "Pourquoi si cher ?")  # who sees a bill has got it
    assert crm.take_back("M-2", "wrong tariff") == "chosen"
    assert "credit note" in crm.tasks.pop()

    crm.tasks.clear()
    crm.catch_up()
    assert crm.tasks == ["M-2: Pourquoi si cher ?"]
    assert crm.bills["M-3"] == "recalled"
    assert crm.answer("Le relevé était estimé.", MINA) == 1
    assert crm.answer("Le relevé était estimé.", MINA) == 0

    crm.facteur.accounts.put("C-BOB", CustomerStatement(names=["Bob Le Goff"], as_of=office.clock()))
    crm.customers()
    assert crm.letters["C-BOB"] is True
    paid = ToldPayment(
        id="B-1", kind="received", amount=Decimal("48.00"), currency="EUR", date=office.clock().date(),
        references=["M-2"],
    )  # fmt: skip
    [taken] = crm.facteur.payments.tell([paid])
    assert taken.outcome == "matched"
    assert crm.facteur.bills.fate("M-2").due_now.kind == "paid"
    handled = crm.done
    crm.catch_up()
    assert crm.done > handled


def test_messages_are_handled_once(crm: Crm, office: Office) -> None:
    """The CRM's URL gets what was signed for it; a second attempt, and a catching up, change nothing."""
    crm.bills_of_the_month(batch(MARCH), "mars.xml", 3)
    endpoint = crm.facteur.webhook_endpoints.add("https://lumiere.example/facteur", ["bill.question_asked"])
    bob_asks(office, "Pourquoi si cher ?")
    verifier = WebhookVerifier(endpoint.secret, now=lambda: office.clock().timestamp())
    body, headers = message_of(office, endpoint.secret)
    crm.handle(verifier.read(body, headers))
    crm.handle(verifier.read(body, headers))
    crm.catch_up()
    assert crm.tasks == ["M-2: Pourquoi si cher ?"]


def message_of(office: Office, secret: str) -> tuple[bytes, dict[str, str]]:
    """What is posted to the endpoint of the latest event: its bytes and headers."""
    with office.store.reading() as session:
        event = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc()).limit(1)).one()
        body = message_body(event, office.store.public_ids)
        name = message_id(event.id, office.store.public_ids)
    return body, signed_headers(name, office.clock(), body, [b64decode(secret.removeprefix("whsec_"))])


def python_blocks(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [each for each in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if "facteur" in each]


def test_the_programs_of_the_docs_run_as_they_stand(
    office: Office, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "juillet.xml").write_bytes(batch([ubl("F-2026-0701"), ubl("F-2026-0702", "C-BOB")]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("facteur.client.FacteurClient", lambda *_: connected(office, app))
    with office.store.writing() as session:
        mina = staff_by_email(session, MINA)
        assert mina is not None
        mina.email = "claire@lumiere.example"
    guide, following = python_blocks("docs/api.md")
    run(guide)
    told = capsys.readouterr().out
    assert "F-2026-0701 84.00" in told
    office.pipeline.work_until_idle(office.clock())
    run(following)
    assert "F-2026-0702" in capsys.readouterr().out
    assert len(python_blocks("README.md")) == 1


def run(program: str) -> None:
    exec(compile(program, "docs", "exec"), {"API": URL, "KEY": "fct_"})
