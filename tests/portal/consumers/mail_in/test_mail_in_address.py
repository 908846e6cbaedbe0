"""Alice's address for bills: she makes, shows, replaces and ends it, says from whom, and is answered by mail."""

import re
from collections.abc import Callable
from email.message import Message

import msgspec
import pytest
from sqlalchemy import select

from audit.erased_person_check import rows_of_erased_people
from audit.invariant_violations import violations
from config import Config
from consumers.leaving.close_space import close_space
from consumers.leaving.erase_person import erase_person
from doors.smtp.take_mail import take_mail
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.imports.imported_document import ImportedDocument
from store.received_mail.received_mail import MailWithBills, allowed_senders
from store.secret_addresses.mail_address import mail_address, secret_in
from store.secret_addresses.secret_address import owner_of_secret
from tests.conftest import Clock
from tests.doors.smtp.test_smtp_server import PDF, a_mail
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World

NewBrowser = Callable[[], Browser]
DOMAIN = "bills.localhost"


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


def owner(store: Store, address: str) -> int | None:
    with store.reading() as session:
        found = owner_of_secret(session, "bills", secret_in(address, DOMAIN))
    return found.id if found else None


def shown(page: str) -> str:
    found = re.search(r"alice-[a-z2-7]{16}@bills\.localhost", page)
    assert found is not None
    return found[0]


def test_she_makes_replaces_and_ends_it(browser: NewBrowser, store: Store, alice: Consumer) -> None:
    hers = browser()
    hers.sign_in(alice)
    assert "Créer mon adresse" in hers.get("/factures-par-courriel").text
    first = shown(hers.post("/factures-par-courriel").text)
    assert owner(store, first.upper()) == alice.id
    assert owner(store, first.replace("alice-", "")) == alice.id  # the name is for people's eyes
    second = shown(hers.post("/factures-par-courriel").text)
    assert (owner(store, first), owner(store, second)) == (None, alice.id)
    hers.post("/factures-par-courriel/fin")
    assert "Créer mon adresse" in hers.post("/factures-par-courriel/fin").text
    assert owner(store, second) is None


def test_she_says_from_whom(browser: NewBrowser, store: Store, alice: Consumer) -> None:
    hers = browser()
    hers.sign_in(alice)
    hers.get("/factures-par-courriel")
    hers.post("/factures-par-courriel")
    hers.post("/factures-par-courriel/expediteurs", senders="Alice@Exemple.fr, @issuer.example\n@issuer.example")
    with store.reading() as session:
        assert allowed_senders(session, alice.id) == ["@issuer.example", "alice@exemple.fr"]
    answer = hers.post("/factures-par-courriel/expediteurs", senders="alice")
    assert answer.status_code == 422
    assert "Écrivez une adresse" in answer.text


def test_without_a_domain_there_is_nothing(store: Store, config: Config, clock: Clock, alice: Consumer) -> None:
    without = msgspec.structs.replace(config, mail_in_domain="")
    hers = Browser(make_app(store, without, clock).test_client())
    hers.sign_in(alice, PASSWORD)
    assert "factures-par-courriel" not in hers.get("/profil").text
    assert hers.get("/factures-par-courriel").status_code == 404


def text_of(mail: Message) -> str:
    content = next(each for each in mail.walk() if each.get_content_type() == "text/plain").get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_the_answer_goes_to_her_and_not_to_the_sender(
    store: Store, alice: Consumer, clock: Clock, post: Callable[[], Mailbox], browser: NewBrowser
) -> None:
    files = [("mars.pdf", PDF, "application/pdf"), ("photos.zip", b"PK", "application/zip")]
    raw = a_mail(*files).as_bytes()
    assert take_mail(store, alice.id, "mallory\r\n@evil.example", raw, DOMAIN, clock())
    assert not take_mail(store, alice.id, "mallory@evil.example", raw, DOMAIN, clock())
    take_mail(store, alice.id, "", a_mail(message_id="<2@x>").as_bytes(), DOMAIN, clock())
    told = [(to, text_of(mail)) for to, mail in post().mails]
    assert [to for to, _ in told] == [alice.email]
    text = told[0][1].replace("\N{NO-BREAK SPACE}", " ")
    assert "« mars.pdf » : prise" in text
    assert "« photos.zip » : laissée de côté, ce n’est ni un PDF ni un XML" in text
    hers = browser()
    hers.sign_in(alice)
    assert "1 laissée de côté" in hers.get("/factures-par-courriel").text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_mail_that_is_on_its_way_while_she_leaves_brings_nothing(store: Store, alice: Consumer, clock: Clock) -> None:
    """Its sender was let in a moment before; whoever erases her would not know of what it brings."""
    with store.writing() as session:
        close_space(session, alice.id, clock(), at_once=True)
        erase_person(session, alice.id, clock())
    for files in ([("mars.pdf", PDF, "application/pdf")], []):
        assert not take_mail(store, alice.id, "a@issuer.example", a_mail(*files).as_bytes(), DOMAIN, clock())
    with store.reading() as session:
        assert violations(session, rows_of_erased_people()).number == 0
        assert session.scalars(select(MailWithBills.id)).all() == []
        assert session.scalars(select(ImportedDocument.id)).all() == []


def test_a_name_without_letters() -> None:
    assert mail_address("李", "a" * 16, DOMAIN) == f"factures-{'a' * 16}@{DOMAIN}"
    assert secret_in(f"x-{'a' * 16}@{DOMAIN}", DOMAIN) == "a" * 16
    assert {
        secret_in(each, DOMAIN) for each in ("", "@", f"x-{'é' * 16}@{DOMAIN}", f"x-{'a' * 16}@elsewhere.example")
    } == {""}
