"""Alice adds bills of issuers who are not on board by the page, says what they do not say, and finds them with the
others; nobody else sees any of it."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.imports.imported_document import ImportedDocument
from store.issuer import Issuer
from store.payments.payment_order import PaymentOrder
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World, furnish
from tests.portal.staff_office import Office
from tests.sample_documents import PLUMBER, document, plain_pdf, with_script

TRAM = "electronic-tram-tickets.facturx.pdf"


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))


@pytest.fixture
def read(pipeline: Pipeline, clock: Clock) -> Callable[[], None]:
    """Let the worker read what was added."""

    def done() -> None:
        while pipeline.run_job(clock()):
            pass

    return done


@pytest.fixture
def alice(world: World, browser: Callable[[], Browser]) -> Browser:
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin"))
    return mine


@pytest.fixture
def bob(world: World, browser: Callable[[], Browser]) -> Browser:
    mine = browser()
    mine.sign_in(world.consumer("Bob Durand"))
    return mine


def said(page: str) -> str:
    """The text of a page, with plain blanks."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def add(browser: Browser, *files: tuple[bytes, str]) -> str:
    browser.get("/factures/ajouter")
    chosen = [(BytesIO(content), name) for content, name in files]
    return browser.post("/factures/ajouter", fichiers=chosen).text  # type: ignore[arg-type]


def add_tram(alice: Browser, read: Callable[[], None], store: Store) -> BillRow:
    add(alice, (document(TRAM), TRAM))
    read()
    with store.reading() as session:
        return session.scalars(select(BillRow).where(BillRow.channel == "imported")).one()


def asked(store: Store) -> ImportedDocument:
    with store.reading() as session:
        return session.scalars(select(ImportedDocument).where(ImportedDocument.state == "asked")).one()


def test_files_of_all_kinds_are_told_each_at_its_place(alice: Browser, read: Callable[[], None]) -> None:
    page = add(
        alice, (document(TRAM), TRAM), (plain_pdf(), "plombier.pdf"), (b"", "vide.pdf"),
        (with_script(plain_pdf()), "script.pdf"), (document("locked-by-a-password.pdf"), "verrou.pdf"),
    )  # fmt: skip
    assert "vide.pdf est vide" in page
    assert "data-again" in page
    read()
    page = alice.get("/factures/ajouter").text
    assert "data-again" not in page
    assert f"{TRAM} aujourd’hui ajoutée" in said(page)
    assert "plombier.pdf aujourd’hui à compléter" in said(page)
    assert "script.pdf aujourd’hui ce PDF contient un script" in said(page)
    assert "verrou.pdf aujourd’hui ce PDF est protégé par un mot de passe" in said(page)
    add(alice, (document(TRAM), "encore.pdf"))
    assert alice.get("/factures/ajouter").text.count("ajoutée</span>") == 1


def test_her_bill_is_in_her_list_search_filters_and_years(
    alice: Browser, read: Callable[[], None], store: Store
) -> None:
    row = add_tram(alice, read, store)
    page = alice.get("/").text
    assert "Verkehrsbetriebe GmbH" in page
    assert "ajoutée par vous" in page
    assert ">nouvelle<" not in page
    assert f"/factures/{row.uid}" in alice.get("/?cherche=E2018092011804").text
    with store.reading() as session:
        slug = session.get_one(Issuer, row.issuer_id).slug
    assert f"/factures/{row.uid}" in alice.get(f"/?emetteur={slug}&annee=2018").text
    assert alice.get("/factures/annees").status_code == 200
    assert alice.get(f"/factures/{row.uid}/pdf").data == document(TRAM)
    assert "Verkehrsbetriebe" not in alice.get("/contrats").text
    assert "Verkehrsbetriebe" not in alice.get("/justificatif-de-domicile").text


def test_its_page_says_that_she_added_it_and_she_can_say_that_it_is_paid(
    alice: Browser, read: Callable[[], None], store: Store
) -> None:
    row = add_tram(alice, read, store)
    page = alice.get(f"/factures/{row.uid}").text
    assert "Ajoutée par vous" in page
    assert "Reçue de" not in page
    assert "Écrire à" not in page
    alice.post(f"/factures/{row.uid}/payee", paid="1")
    assert "vous avez indiqué l’avoir payée" in said(alice.get(f"/factures/{row.uid}").text)
    for way in ("payer", "echeancier", "question"):
        assert alice.client.get(f"/factures/{row.uid}/{way}").status_code in {404, 405}
    with store.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
        assert session.scalars(select(PaymentOrder)).all() == []


def test_what_a_document_does_not_say_for_sure_is_asked_beside_its_pages(
    alice: Browser, read: Callable[[], None], store: Store
) -> None:
    unsure = [line for line in PLUMBER if "échéance" not in line and "Total TTC" not in line and "HT" not in line]
    add(alice, (plain_pdf(unsure), "plombier.pdf"))
    read()
    uid = asked(store).uid
    page = alice.get(f"/factures/ajouter/{uid}").text
    assert "De qui est cette facture" in page
    assert "Martin Plomberie SARL" in page
    assert f"/factures/ajouter/{uid}/pages/1/grande" in page
    assert alice.client.get(f"/factures/ajouter/{uid}/pages/1/grande").mimetype == "image/webp"
    assert alice.client.get(f"/factures/ajouter/{uid}/pages/2/grande").status_code == 404
    nothing = {"choix-issuer": "autre", "issuer": "", "choix-amount": "autre", "amount": "12 francs"}
    wrong = alice.post(f"/factures/ajouter/{uid}", **nothing)
    assert wrong.status_code == 422
    assert "Dites-le" in wrong.text
    assert "Donnez un montant" in wrong.text
    both = alice.post(f"/factures/ajouter/{uid}", **{"choix-issuer": "Martin Plomberie SARL", "issuer": "Leroy"})
    assert "Choisissez ou écrivez, pas les deux." in both.text
    assert asked(store).state == "asked"
    answers = {
        "choix-issuer": "Martin Plomberie SARL", "choix-number": "2026-117", "choix-kind": "invoice",
        "choix-issue_date": "2026-03-02", "choix-due_date": "aucun", "choix-amount": "autre", "amount": "181,50",
        "choix-currency": "EUR", "choix-iban": "FR7630006000011234567890189", "choix-legal_id": "303265045",
    }  # fmt: skip
    assert "en cours de lecture" in alice.post(f"/factures/ajouter/{uid}", **answers).text
    read()
    page = said(alice.get(f"/factures/ajouter/{uid}").text)
    assert "Écrit par vous, sans que le document le dise : le montant." in page
    assert "181,50 €" in page


def test_nothing_of_it_is_there_for_anybody_else(
    alice: Browser, bob: Browser, office: Office, staff: Callable[[str], Browser], browser: Callable[[], Browser],
    read: Callable[[], None], store: Store, app: object,
) -> None:  # fmt: skip
    row = add_tram(alice, read, store)
    add(alice, (plain_pdf(), "plombier.pdf"))
    read()
    uid, account = asked(store).uid, alice.get("/emetteurs-ajoutes").text
    own = re.findall(r"/emetteurs-ajoutes/([a-z2-7]{26})/nom", account)[0]
    pages = [
        f"/factures/{row.uid}", f"/factures/{row.uid}/pdf", f"/factures/{row.uid}/retirer", f"/factures/ajouter/{uid}",
        f"/factures/ajouter/{uid}/pages/1/grande",
    ]  # fmt: skip
    posts = [
        f"/factures/{row.uid}/retirer", f"/factures/ajouter/{uid}", f"/factures/ajouter/{uid}/retirer",
        *(f"/emetteurs-ajoutes/{own}/{act}" for act in ("nom", "reunir", "est", "retirer")),
    ]  # fmt: skip
    for visitor, status in ((bob, {404}), (staff("oscar"), {303}), (browser(), {303})):
        for path in pages:
            assert visitor.client.get(path).status_code in status, path
        for path in posts:
            visitor.get("/")
            answer = visitor.client.post(path, data={"csrf_token": token(visitor)})
            assert answer.status_code in status | {400}, path
    assert alice.client.get(f"/factures/{row.uid}").status_code == 200


def token(visitor: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.page.text if visitor.page else "")
    return found[1] if found else ""


def test_she_mends_and_removes_her_own_issuers_and_bills(
    alice: Browser, read: Callable[[], None], store: Store
) -> None:
    row = add_tram(alice, read, store)
    page = alice.get("/emetteurs-ajoutes").text
    own = re.findall(r"/emetteurs-ajoutes/([a-z2-7]{26})/nom", page)[0]
    alice.post(f"/emetteurs-ajoutes/{own}/nom", nom="Les trams de Berlin")
    assert "Les trams de Berlin" in alice.get("/").text
    alice.get(f"/factures/{row.uid}/retirer")
    assert "est retirée" in alice.post(f"/factures/{row.uid}/retirer").text
    assert alice.client.get(f"/factures/{row.uid}").status_code == 404
    add_tram(alice, read, store)
    alice.get("/emetteurs-ajoutes")
    assert "sont retirés" in alice.post(f"/emetteurs-ajoutes/{own}/retirer").text
    with store.reading() as session:
        assert session.scalars(select(BillRow)).all() == []


def test_an_issuer_that_comes_on_board_is_offered_by_its_name(
    alice: Browser, read: Callable[[], None], store: Store, world: World
) -> None:
    add_tram(alice, read, store)
    world.issuer("trams", "Verkehrsbetriebe")
    page = alice.get("/emetteurs-ajoutes").text
    assert "Est-ce le même ?" in said(page)
    own = re.findall(r"/emetteurs-ajoutes/([a-z2-7]{26})/est", page)[0]
    alice.post(f"/emetteurs-ajoutes/{own}/est", emetteur="trams")
    page = alice.get("/").text
    assert "Verkehrsbetriebe</span>" in page
    assert "ajoutée par vous" in page
    assert "Est-ce le même ?" not in said(alice.get("/emetteurs-ajoutes").text)


def test_a_town_of_issuers_on_board_has_no_own_one(alice: Browser, world: World) -> None:
    furnish(world)
    assert "Pas encore d’émetteur à vous" in alice.get("/emetteurs-ajoutes").text
    assert "Choisissez au moins un fichier" in add(alice)
