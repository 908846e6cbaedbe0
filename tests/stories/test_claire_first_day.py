"""Claire's first day at the desk of Eaux du Lac, which has just signed: a key, a sample, a profile, the first feed, a
correction, a question.

She does by the console what people do, and lets a program do the rest by the API; nobody of the house helps her.
"""

import re
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from io import BytesIO
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import list_mails, open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from facteur.client import FacteurClient, FeedReport, ProblemError
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import KEPT, PASSWORD
from tests.sample_layouts import TABLE

CLAIRE = "claire@eaux.example"
HERS = "la pluie tombe sur le lac"
#: A profile as an operator leaves it for a new issuer.
PROFILE = 'trade = "water"\n[breaker]\non = false\n'
#: Her software's columns, in the order of the table.
LINE = (
    "{number};{date};12/12/2026;C{account};{who};{account} rue du Lac;35200;Rennes;;Eau;3;{net};5,5;{payable};"
    "FR7630006000011234567890189\n"
)
DAY = "22/11/2026"
#: In the first file: a bill of which the day was typed by hand.
WRONG = LINE.format(number="F-3", date="31/11/2026", account=9, who="Charlie Petit", net="30,00", payable="31,65")


class Day:
    """The house on that day: its pages, its mails, and a worker that is always awake."""

    def __init__(self, store: Store, config: Config, clock: Clock, post: SmtpClient) -> None:
        self.store, self.config, self.clock = store, config, clock
        self.pipeline = Pipeline(store, config, post)
        self.app: Flask = make_app(store, config, clock)
        with store.writing() as session:
            self.eaux = add_issuer(session, "eaux", "Eaux du Lac", clock(), PROFILE)
            session.add(Staff(email="oscar@facteur.example", password_hash=KEPT, added_at=clock()))

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def work(self) -> None:
        self.pipeline.work_until_idle(self.clock())

    def later(self, minutes: int) -> None:
        """Time goes by, and the worker does what is due."""
        self.clock.forward(minutes=minutes)
        self.work()

    def program(self, key: str) -> FacteurClient:
        """A program of Eaux with this key; while it waits, the worker works."""
        client = FacteurClient("http://127.0.0.1:8080", key, transport=httpx.WSGITransport(app=self.app))
        client.connection.sleep = lambda _: self.work()
        return client

    def link_to(self, email: str) -> str:
        """The path of the link in the latest mail to somebody."""
        latest = [mail for mail in list_mails(self.config.inbox) if email in mail.to][-1]
        return urlsplit(latest.links[0]).path

    def bill(self, number: str) -> BillRow:
        with self.store.reading() as session:
            found = bill_by_number(session, self.eaux.id, number)
        assert found is not None
        return found


@pytest.fixture
def day(store: Store, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    monkeypatch.setattr(import_module("portal.issuers.profile_studio.studio_sample"), "PATIENCE", 0)
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Day(store, config, clock, post)
        post.hang_up()


def words(answer: object) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.text, flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def link(page: object, under: str) -> str:
    """Where the only link to something under this address leads."""
    [found] = set(re.findall(rf'href="({under}(?:\w+/)?[a-z2-7]{{26}})"', page.text))  # type: ignore[attr-defined]
    return str(found)


def outcomes(report: FeedReport) -> dict[str, int]:
    return {outcome: number for outcome, number in report.counts.items() if number}


def field(page: object, name: str) -> str:
    """The value of a hidden field."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0]  # type: ignore[attr-defined]


def is_invited(day: Day) -> Browser:
    """Oscar invites Claire as the first of her team; she follows the mail's link and chooses her password."""
    oscar = day.browser()
    oscar.get("/equipe/connexion")
    oscar.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD)
    oscar.get("/equipe/membres/inviter")
    oscar.post("/equipe/membres/inviter", team="eaux", email=CLAIRE, role="admin")
    day.work()
    claire, link = day.browser(), day.link_to(CLAIRE)
    claire.get(link)
    assert "Bienvenue" in words(claire.post(link, password=HERS))
    return claire


def makes_a_key(day: Day, claire: Browser) -> str:
    """For the billing software: it may drop feeds and read. It is shown this once."""
    keys = f"/equipe/emetteurs/{day.store.public_ids.of('issuer', day.eaux.id)}/cles"
    claire.get(f"{keys}/nouvelle")
    shown = claire.post(f"{keys}/nouvelle", name="Logiciel de facturation", scope=["feeds", "read"])
    [key] = set(re.findall(r"fct_[\w-]{43}", shown.text))
    assert key not in claire.get(keys).text
    return str(key)


def makes_the_profile(day: Day, claire: Browser) -> None:
    """From last month's file: columns are proposed, tried, and saved with a reason."""
    claire.get("/equipe/profil")
    sample = claire.post("/equipe/profil", sample=(BytesIO(TABLE), "octobre.csv")).request.path
    day.work()
    form = claire.get(sample).text
    proposed = dict(re.findall(r'<input id="(\w+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        proposed[name] = next(iter(re.findall(r'<option value="([^"]*)" selected', options)), "")
    claire.post(sample, **proposed)
    day.work()
    tried = words(claire.get(f"{sample}/essai"))
    assert "2 factures lues" in tried
    assert "1\u202f164,93" in tried or "1 164,93" in tried
    saved = claire.post(f"{sample}/enregistrer", why="les colonnes de notre logiciel")
    assert "La version 2 est enregistrée" in words(saved)


def alice_of(day: Day) -> Browser:
    """Alice reads the bills of C7."""
    with day.store.writing() as session:
        bill = bill_by_number(session, day.eaux.id, "F-1")
        assert bill is not None
        alice = Consumer(email="alice@exemple.fr", name="Alice Martin", password_hash=KEPT, signed_up_at=day.clock(),
                         confirmed_at=day.clock())  # fmt: skip
        session.add(alice)
        session.flush()
        enrol(session, alice.id, bill.account_id, day.clock())
    mine = day.browser()
    mine.get("/connexion")
    mine.post("/connexion", email="alice@exemple.fr", password=PASSWORD)
    return mine


def steps(claire: Browser) -> list[bool]:
    """Which of the first steps are done, as her first page says: key, sample, profile, feed, team."""
    page = claire.get("/equipe/").text.partition('id="premiers-pas"')[2].partition("</ol>")[0]
    return [each == "fait" for each in re.findall(r'class="chip [a-z]*">([^<]*)<', page)]


def test_claire_first_day(day: Day) -> None:
    claire = is_invited(day)
    assert steps(claire) == [False, False, False, False, False]
    with day.program(makes_a_key(day, claire)) as program:
        makes_the_profile(day, claire)
        assert steps(claire) == [True, True, True, False, False]
        the_first_feed(day, claire, program)
        assert steps(claire) == [], "its bills are out"
        a_correction(day, claire, program)
        a_question(day, claire, program)
    assert not any(check(day.store).invariants.values())


def the_first_feed(day: Day, claire: Browser, program: FacteurClient) -> None:
    """Two bills are taken; the one of a day that is none is refused with its line, and comes again in a file
    of its own."""
    dropped = program.feeds.put(TABLE + WRONG.encode("cp1252"), "novembre.csv", count=3)
    assert dropped.feed is not None
    report = program.feeds.wait(dropped.feed)
    assert outcomes(report) == {"bill": 2, "rejected": 1}
    assert {each.number for each in report.findings if each.severity == "fatal"} == {"F-3"}
    page = words(claire.get(f"/equipe/flux/{dropped.feed}/constats"))
    assert "F-3" in page
    mended = LINE.format(number="F-3", date=DAY, account=9, who="Charlie Petit", net="30,00", payable="31,65")
    again = program.feeds.put(TABLE.splitlines(keepends=True)[0] + mended.encode("cp1252"), "novembre-2.csv")
    assert again.feed is not None
    assert outcomes(program.feeds.wait(again.feed)) == {"bill": 1}
    day.work()
    assert {bill.number: bill.state for bill in program.bills.list()} == dict.fromkeys(("F-1", "F-2", "F-3"), "chosen")


def a_correction(day: Day, claire: Browser, program: FacteurClient) -> None:
    """Bob's bill has last year's tariff, and has reached nobody yet: Claire finds it by his name, takes it back, and
    decides that what comes under its number counts."""
    contract = link(claire.get("/equipe/factures?q=durand"), "/equipe/factures/")
    trace = link(claire.get(contract), "/equipe/factures/")
    assert "Facture F-2" in words(claire.get(trace))
    answer = claire.post(f"{trace}/rappel", reason="tarif de l’an dernier")
    assert "elle n’atteindra personne" in words(answer)
    assert program.bills.fate("F-2").state == "recalled"
    right = LINE.format(number="F-2", date=DAY, account=8, who="Bob Durand", net="33,00", payable="34,82")
    sent = program.feeds.put(TABLE.splitlines(keepends=True)[0] + right.encode("cp1252"), "correction.csv")
    assert sent.feed is not None
    assert outcomes(program.feeds.wait(sent.feed)) == {"conflict": 1}
    waiting = claire.get("/equipe/conflits")
    conflict = claire.get(link(waiting, "/equipe/conflits/"))
    assert "34,82" in words(conflict)
    decided = claire.post(f"{conflict.request.path}/decision", decision="remplacer", reason="la facture corrigée",
                          premiere=field(conflict, "premiere"))  # fmt: skip
    assert decided.status_code == 200
    day.work()
    bill = program.bills.fate("F-2")
    assert (bill.state, str(bill.payable)) == ("chosen", "34.82")
    assert [each.type for each in program.events.after(0)].count("bill.recalled") == 1


def a_question(day: Day, claire: Browser, program: FacteurClient) -> None:
    """Alice asks about hers; Claire answers at her desk, and the program sees that nothing waits any more. A bill that
    was seen is not taken back."""
    alice = alice_of(day)
    way = f"/factures/{day.bill('F-1').uid}/question"
    form = alice.get(way)
    sent = alice.post(way, subject="amount", words="Pourquoi 1 164,93 € ?", once=field(form, "once"))
    assert "C’est envoyé" in words(sent)
    thread = sent.request.path
    day.later(minutes=20)
    [waiting] = program.enquiries.list()
    assert (waiting.bill_number, waiting.asker) == ("F-1", "Alice Martin")
    listed = claire.get("/equipe/questions")
    question = claire.get(link(listed, "/equipe/questions/"))
    assert "Pourquoi 1 164,93 € ?" in words(question)
    answered = claire.post(f"{question.request.path}/reponse", name="Claire", words="Une fuite, sans doute.",
                           once=field(question, "once"), read=field(question, "read"))  # fmt: skip
    assert "C’est répondu" in words(answered)
    day.later(minutes=20)
    assert list(program.enquiries.list()) == []
    assert day.link_to("alice@exemple.fr") == thread
    assert "Une fuite, sans doute." in words(alice.get(thread))
    with pytest.raises(ProblemError) as refused:
        program.bills.recall("F-1", by=CLAIRE, reason="une fuite")
    assert refused.value.name == "already-reached"
