"""The number that claiming asks for stands on bill and letter, under the very name that the page uses.

Alice's bill bears four numbers: GLN-1 (BT-46), CONTRAT-77 (BT-12), REF-88 (BT-10) and PDL-99 (BT-18). Which of them is
her account's, the issuer's profile says.
"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from config import Config
from issuers.profile import read_profile
from issuers.profile_section import ProfileError
from store import Store
from store.accounts.consumer import accounts_of
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.letter_boxes import CODE, Town
from tests.portal.sample_town import World

pytestmark = pytest.mark.beside_any_database

FOUR_NUMBERS = (Path(__file__).parent / "samples" / "four-numbers.ubl.xml").read_bytes()
#: What the profile says; the name and the number that bill, letter and page must agree on.
CASES = {
    "none said": ("", "Numéro de client", "GLN-1"),
    "BT-46": ('account_term = "BT-46"', "Numéro de client", "GLN-1"),
    "BT-12": ('account_term = "BT-12"', "Numéro de contrat", "CONTRAT-77"),
    "BT-10": ('account_term = "BT-10"', "Votre référence", "REF-88"),
    "BT-18": ('account_term = "BT-18"', "Numéro d’abonnement", "PDL-99"),
    "its own name": ('account_term = "BT-18"\naccount_label = "Point de livraison"', "Point de livraison", "PDL-99"),
    "in German": ('account_term = "BT-12"\n[brand]\nlanguage = "de"', "Vertragsnummer", "CONTRAT-77"),
}


def asked(page: str) -> str:
    """The name over the field of the number."""
    found = re.search(r'<label for="number">(.*?)<', page)
    assert found is not None
    return unescape(found[1]).strip()


@pytest.mark.parametrize(("profile", "name", "number"), CASES.values(), ids=CASES)
def test_alice_copies_what_she_reads(
    store: Store, config: Config, clock: Clock, browser: Callable[[], Browser], world: World,
    profile: str, name: str, number: str,
) -> None:  # fmt: skip
    town = Town(store, config, clock, profile).begin()
    letter = town.post(FOUR_NUMBERS)
    bill = town.archived("L-1")
    assert re.search(rf"{name} *: *{number}", letter.replace("\N{NO-BREAK SPACE}", " ")), letter[:800]
    assert name in bill
    assert number in bill
    assert bill.count(number) == 1, "each number stands once, under its own name"

    alice = browser()
    consumer = world.consumer("Alice Martin")
    alice.sign_in(consumer)
    page = alice.get("/contrats/ajouter?issuer=lumiere").text
    assert name in unescape(page), "the page says the name that is printed"
    assert "de" in profile or asked(page).startswith(name)
    code = CODE.search(letter)
    assert code is not None
    alice.post("/contrats/ajouter", issuer="lumiere", number=number, code=code[0])
    with store.reading() as session:
        assert [account.number for account in accounts_of(session, consumer.id)] == [number]
    assert number in alice.get("/contrats").text


def test_a_letter_without_a_number_says_that_its_code_is_enough(
    store: Store, config: Config, clock: Clock, browser: Callable[[], Browser], world: World
) -> None:
    nameless = re.sub(rb"<cac:PartyIdentification>.*?</cac:PartyIdentification>", b"", FOUR_NUMBERS)
    nameless = re.sub(rb"<cac:ContractDocumentReference>.*?</cac:ContractDocumentReference>", b"", nameless)
    letter = Town(store, config, clock, "").begin().post(nameless)
    assert "Le code suffit" in letter
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    alice.get("/contrats/ajouter?issuer=lumiere")
    code = CODE.search(letter)
    assert code is not None
    done = alice.post("/contrats/ajouter", issuer="lumiere", number="", code=code[0])
    assert "Le contrat est ajouté" in done.text


def test_where_the_profile_names_no_term_the_page_gives_both_names(
    store: Store, browser: Callable[[], Browser], world: World
) -> None:
    world.issuer("lumiere", "Lumière")
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    page = unescape(alice.get("/contrats/ajouter?issuer=lumiere").text)
    assert asked(page) == "Numéro de client ou Numéro de contrat"
    english = unescape(alice.get("/contrats/ajouter?issuer=lumiere", headers={"Accept-Language": "en"}).text)
    assert asked(english) == "Customer number or Contract number"
    assert "Numéro de contrat" in english, "the bills are in French"


def test_an_issuer_is_chosen_first_and_the_code_comes_along(browser: Callable[[], Browser], world: World) -> None:
    world.issuer("lumiere", "Lumière")
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    first = alice.get("/contrats/ajouter?code=7Q2KD-M4XW9").text
    assert 'name="number"' not in first
    assert '<input type="hidden" name="code" value="7Q2KD-M4XW9">' in first
    second = alice.get("/contrats/ajouter?code=7Q2KD-M4XW9&issuer=lumiere").text
    assert 'value="7Q2KD-M4XW9"' in second
    assert 'name="number"' not in alice.get("/contrats/ajouter?issuer=nobody").text


@pytest.mark.parametrize("label", ["x" * 31, "two\\nlines", " blank"])
def test_a_name_that_no_column_holds_is_refused(label: str) -> None:
    with pytest.raises(ProfileError, match="account_label"):
        read_profile(f'account_label = "{label}"')
