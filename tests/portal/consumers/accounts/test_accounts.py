"""Contracts: Alice links hers with the code of a letter, does without paper, and has it back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from consumers.claim_code import claim_code
from store import Store
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from tests.conftest import Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import PASSWORD, World, furnish

NewBrowser = Callable[[], Browser]
CODE, FRESH = (claim_code(b"the secret of a print house, in tests", n) for n in (4711, 4712))


@lived_once
def town(world: World, store: Store) -> dict[str, int]:
    """Four issuers; the last electricity bill went out as a letter with CODE on it."""
    ids = furnish(world)
    with store.reading() as session:
        latest = session.query(BillRow).filter_by(number="LO-00").one()
    world.letter(latest, CODE)
    return ids


def link(browser: Browser, issuer: str, number: str, code: str) -> str:
    browser.get("/contrats/ajouter")
    return plain(browser.post("/contrats/ajouter", issuer=issuer, number=number, code=code).text)


def test_alice_from_the_letter_to_bills_without_paper_and_back(
    browser: NewBrowser, post: Callable[[], Mailbox], town: dict[str, int], store: Store, world: World
) -> None:
    alice = browser()
    page = alice.get(f"/c/{CODE}")
    assert page.request.path == "/inscription"
    suite = f"/contrats/ajouter?code={CODE}"
    alice.post("/inscription", name="Alice Martin", email="alice@exemple.fr", password=PASSWORD, suite=suite)
    confirmation = post().link_to("alice@exemple.fr")
    alice.get(confirmation)
    form = alice.post(confirmation)
    assert form.request.full_path == suite
    assert f'value="{CODE}"' in form.text

    offer = plain(alice.post("/contrats/ajouter", issuer="lumiere", number="c 1001", code=CODE).text)
    assert "Le contrat est ajouté, ses factures sont dans votre espace." in offer
    assert "Je peux revenir au papier à tout moment, gratuitement." in offer
    assert "Lumière de l’Ouest" in plain(alice.get("/").text)

    account = world.account_id(town["lumiere"], "C-1001")
    alice.get("/contrats")
    assert "ce contrat est sans papier" in plain(alice.post(f"/contrats/{account}/sans-papier").text)
    assert "Sans papier depuis aujourd’hui" in plain(alice.get("/contrats").text)
    assert "viendront par la poste, gratuitement" in plain(alice.post(f"/contrats/{account}/papier").text)
    with store.reading() as session:
        assert session.scalars(select(Consent.act).where(Consent.account_id == account).order_by(Consent.id)).all() == [
            "paperless",
            "paper",
        ]
        assert not session.get_one(CustomerAccount, account).paperless


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace("-", ""), f" {CODE.replace('-', ' ')} "])
def test_a_code_may_be_typed_as_people_type(
    browser: NewBrowser, town: dict[str, int], world: World, typed: str
) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    assert "Le contrat est ajouté" in link(alice, "lumiere", "C-1001", typed)


def test_a_couple_shares_a_contract(
    browser: NewBrowser, town: dict[str, int], world: World, store: Store, clock: Clock
) -> None:
    account = world.account_id(town["lumiere"], "C-1001")
    alice, bob = browser(), browser()
    alice.sign_in(world.consumer("Alice Martin"))
    bob.sign_in(world.consumer("Bob Le Goff"))
    link(alice, "lumiere", "C-1001", CODE)
    assert "son code ne l’ouvre plus" in link(bob, "lumiere", "C-1001", CODE)
    with store.reading() as session:
        earlier = session.query(BillRow).filter_by(number="LO-01").one()
    world.now = clock.forward(days=3)
    world.letter(earlier, FRESH)
    assert "1 autre personne le suit déjà" in link(bob, "lumiere", "C-1001", FRESH)
    bob.post(f"/contrats/{account}/sans-papier")
    assert "Sans papier depuis" in plain(alice.get("/contrats").text)
    assert "Ce contrat est déjà dans votre espace." in link(alice, "lumiere", "C-1001", CODE)


@pytest.mark.parametrize(
    ("issuer", "number", "code"),
    [
        ("lumiere", "C-1002", CODE),
        ("eaux", "C-1001", CODE),
        ("lumiere", "C-1001", "AAAAA-AAAAA"),
        ("lumiere", "", CODE),
    ],
)
def test_what_does_not_belong_together_is_refused_without_saying_which(
    browser: NewBrowser, town: dict[str, int], world: World, issuer: str, number: str, code: str
) -> None:
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    page = link(charlie, issuer, number, code)
    assert "Ce numéro et ce code ne vont pas ensemble." in page
    assert charlie.page is not None
    assert charlie.page.status_code == 422
    assert "Lumière" not in plain(charlie.get("/contrats").text)


def test_too_many_tries_wait(browser: NewBrowser, town: dict[str, int], world: World, clock: Clock) -> None:
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    answers = [link(charlie, "lumiere", "C-1001", f"AAAAA-AAAA{n}") for n in range(6)]
    assert "Trop d’essais. Vous pourrez réessayer à partir du 3 mars 2026 à 10:15." in answers[-1]
    assert "Trop d’essais" in link(charlie, "lumiere", "C-1001", CODE)
    clock.forward(hours=30)
    assert "Le contrat est ajouté" in link(charlie, "lumiere", "C-1001", CODE)


@pytest.mark.parametrize("fields", [{}, {"issuer": "lumiere"}, {"issuer": "nobody", "number": "\x00", "code": CODE}])
def test_a_form_sent_by_hand_breaks_nothing(
    browser: NewBrowser, town: dict[str, int], world: World, fields: dict[str, str]
) -> None:
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Moreau"))
    charlie.get("/contrats/ajouter")
    assert charlie.post("/contrats/ajouter", **fields).status_code == 422


def test_leaving_takes_the_bills_along_and_brings_paper_back(
    browser: NewBrowser, town: dict[str, int], world: World, store: Store
) -> None:
    account = world.account_id(town["lumiere"], "C-1001")
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin", holds={town["lumiere"]: "C-1001"}))
    alice.get("/contrats")
    alice.post(f"/contrats/{account}/sans-papier")
    alice.get(f"/contrats/{account}/quitter")
    assert "n’est plus dans votre espace" in plain(alice.post(f"/contrats/{account}/quitter").text)
    assert "Votre espace est prêt" in plain(alice.get("/").text)
    with store.reading() as session:
        assert not session.get_one(CustomerAccount, account).paperless


def test_an_empty_space_leads_to_the_first_contract(browser: NewBrowser, world: World) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    assert 'href="/contrats/ajouter"' in alice.get("/").text
    assert 'href="/contrats/ajouter"' in alice.get("/contrats").text


def test_bills_of_one_contract_alone(browser: NewBrowser, town: dict[str, int], world: World) -> None:
    alice = browser()
    holds = {town["lumiere"]: "C-1001", town["eaux"]: "R-1187"}
    alice.sign_in(world.consumer("Alice Martin", holds=holds))
    account = world.account_id(town["eaux"], "R-1187")
    rows = alice.get(f"/?contrat={account}").text
    assert rows.count('<a class="row') == 4
    assert "#b3541e" not in rows


def test_nobody_signs_up_without_being_somebody(store: Store, browser: NewBrowser) -> None:
    """Control characters, and a NUL that a database would choke on, are not part of a name."""
    alice = browser()
    alice.get("/inscription")
    answer = alice.post("/inscription", name="Ali\x00ce\r\nMartin", email="alice@exemple.fr", password=PASSWORD)
    assert answer.status_code == 200
    with store.reading() as session:
        assert [each.name for each in session.query(Consumer)] == ["Ali ce Martin"]
