"""The first bill without a password, as a story: Alice scans the code on her letter, sees the bill, pays it as a guest,
and follows all her bills from there in two steps. A mail scanner was there first; Bob has an older letter of hers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from config import Config
from delivery import run_mail_job
from demo.payment_provider import DemoPaymentProvider
from payments.amounts_due import amount_due_of
from payments.online.provider_settings import set_provider
from portal.app import make_app
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.job import claim_job
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.one_bill.test_link_scanners import Scanner, dump
from tests.portal.sample_town import PASSWORD
from tests.render.sample_bills import codes_on, picture_of
from tests.sample_feeds import ubl
from tests.stories.lumiere_and_its_people import Lumiere

JANUARY = datetime(2026, 1, 5, 8, tzinfo=UTC)
SECRET = b"what Lumiere and its provider share"
MAIL = "alice@exemple.fr"


class Home:
    """Alice's letters, and the portal that their codes lead to."""

    def __init__(self, lumiere: Lumiere) -> None:
        self.lumiere, self.store = lumiere, lumiere.store
        self.app: Flask = make_app(self.store, lumiere.config, lambda: lumiere.now)
        with self.store.writing() as session:
            set_provider(
                session, self.store.encryptor, lumiere.issuer.id, "https://pay.example/pay", "lumiere", SECRET,
                lumiere.now, "Léa",
            )  # fmt: skip

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def letter(self, number: str, account: str, issued: str, due: str, month: int) -> str:
        """Lumière sends a bill by post; the path of the code that a phone reads on the letter's first page."""
        self.lumiere.bills(number, [ubl(number, account, issued=issued, due=due)])
        self.lumiere.until(datetime(2026, month, 16, 8, tzinfo=UTC))
        [printed] = [path for path in self.lumiere.config.outbox.glob("lot-*.pdf") if self._is_of(path.stem, number)]
        [address] = [code for code in codes_on(picture_of(printed.read_bytes())) if code.startswith(b"http")]
        return urlsplit(address.decode()).path

    def _is_of(self, lot: str, number: str) -> bool:
        name = lot.rpartition("-")[0]
        return f'"{number}"' in (self.lumiere.config.outbox / f"{name}.json").read_text()

    def pays(self, browser: Browser, link: str) -> str:
        """Press the one button and pay on the provider's page; the address that it leads back to."""
        form = rf'action="{link}/payer".*?name="csrf_token" value="([^"]+)"'
        csrf = re.search(form, browser.get(link).text, re.DOTALL)
        assert csrf is not None
        way = browser.client.post(f"{link}/payer", data={"csrf_token": csrf[1]}).headers["Location"]

        def send(body: bytes, headers: Mapping[str, str]) -> bool:
            told = self.app.test_client().post("/payment-providers/lumiere/events", data=body, headers=dict(headers))
            return told.status_code == 204

        provider = DemoPaymentProvider("lumiere", SECRET, send, lambda: self.lumiere.now).app().test_client()
        back = provider.post(f"/pay?{urlsplit(way).query}", data={"answer": "pay"}).headers["Location"]
        return urlsplit(back).path

    def mailed_link(self) -> str:
        """The path in the mail that confirms Alice's address."""
        mailbox = Mailbox()
        while True:
            with self.store.writing() as session:
                job = claim_job(session, self.lumiere.now)
            if job is None:
                return mailbox.link_to(MAIL)
            run_mail_job(self.store, job, mailbox, "http://127.0.0.1", self.lumiere.now)

    def row(self, number: str) -> BillRow:
        with self.store.reading() as session:
            return self._row(session, number)

    def left_to_pay(self, number: str) -> Decimal:
        with self.store.reading() as session:
            return amount_due_of(session, self._row(session, number), self.lumiere.now.date()).left

    def _row(self, session: Session, number: str) -> BillRow:
        row = bill_by_number(session, self.lumiere.issuer.id, number)
        assert row is not None
        return row


@pytest.fixture
def home(store: Store, config: Config) -> Iterator[Home]:
    with Lumiere.opened(store, config, JANUARY) as lumiere:
        yield Home(lumiere)


def test_alice_sees_pays_and_follows_her_bills_without_a_password_before(home: Home) -> None:
    bobs = home.letter("LUM-1", "C-ALICE", "2026-01-05", "2026-02-20", 1)
    bob = home.browser()
    bob.get(bobs)
    assert "LUM-1" in bob.post(bobs).text, "he found the letter, and read the one bill that it is of"
    alices = home.letter("LUM-2", "C-ALICE", "2026-02-05", "2026-03-20", 2)

    before = dump(home.store)
    for _ in range(2):
        Scanner(home.browser().client).open(alices)
    assert dump(home.store) == before
    assert home.row("LUM-2").viewed_at is None

    alice = home.browser()
    assert "LUM-2" not in alice.get(alices).text
    page = alice.post(alices).text
    assert "LUM-2" in page
    assert "LUM-1" not in page
    assert home.row("LUM-2").viewed_at == home.lumiere.now

    page = alice.get(home.pays(alice, alices)).text
    assert "a reçu votre paiement" in " ".join(page.split())
    assert (home.left_to_pay("LUM-2"), home.left_to_pay("LUM-1")) == (Decimal(0), Decimal("84.00"))

    assert "LUM-1" in bob.get(bobs).text
    assert alice.get(f"{alices}/suivre").request.path == "/inscription"
    alice.post("/inscription", name="Alice Martin", email=MAIL, password=PASSWORD, suite=f"{alices}/suivre")
    alice.get(home.mailed_link())
    assert "C-ALICE" in alice.post(alice.page.request.path).text
    assert "Le contrat est ajouté" in alice.post(f"{alices}/suivre").text
    for number in ("LUM-1", "LUM-2"):
        assert number in alice.get(f"/factures/{home.row(number).uid}").text

    for somebody, link in ((bob, bobs), (bob, alices), (home.browser(), alices), (bob, f"{bobs}/pdf")):
        assert somebody.get(link).status_code == 404
    assert alice.get(alices).request.path == f"/factures/{home.row('LUM-2').uid}"
    assert not any(check(home.store).invariants.values())
