"""Hashes of passwords: how dear they are, how much is worked whoever asks, and how old ones are made anew."""

import unicodedata
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from portal.access import password_hash
from store import Store
from store.accounts.consumer import Consumer
from store.staff_member import Staff
from tests.portal.conftest import Browser
from tests.portal.sample_town import PASSWORD, World
from tests.portal.staff_office import Office

pytestmark = pytest.mark.beside_any_database

OLD = password_hash.BEFORE[0].hash(PASSWORD)


def test_hashes_are_as_dear_as_rfc_9106_recommends() -> None:
    costs = password_hash.PARAMETERS
    assert (costs.type, costs.memory_cost, costs.time_cost) == (Type.ID, 64 * 1024, 3)


@pytest.mark.parametrize(
    "kept",
    [None, OLD, password_hash.hash_password(PASSWORD), "-", ""],
    ids=["nobody", "older hash", "hash of today", "no hash", "empty"],
)
@pytest.mark.parametrize("typed", [PASSWORD, "pas le bon du tout"])
def test_the_same_is_worked_whoever_asks(kept: str | None, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    password_hash.is_password(None, typed)  # hashes of nobody are made once
    worked: list[object] = []
    verify = PasswordHasher.verify

    def note(hasher: PasswordHasher, hash: str, password: str) -> bool:  # noqa: A002
        worked.append(extract_parameters(hash))
        return verify(hasher, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", note)
    is_right = password_hash.is_password(kept, typed)
    assert is_right == (typed == PASSWORD and kept is not None and kept.startswith("$argon2id"))
    of_nobody = [extract_parameters(each.hash("x")) for each in (password_hash.HASHER, *password_hash.BEFORE)]
    assert worked == of_nobody


def test_an_old_hash_is_made_anew_at_sign_in(browser: Callable[[], Browser], world: World, store: Store) -> None:
    alice = world.consumer("Alice Martin")
    with store.writing() as session:
        session.get_one(Consumer, alice.id).password_hash = OLD
    assert browser().sign_in(alice, "pas le bon du tout").status_code == 422
    with store.reading() as session:
        assert session.get_one(Consumer, alice.id).password_hash == OLD
    assert browser().sign_in(alice).request.path == "/"
    with store.reading() as session:
        kept = session.get_one(Consumer, alice.id).password_hash
    assert kept != OLD
    assert not password_hash.needs_new_hash(kept)
    assert browser().sign_in(alice).request.path == "/"


def test_an_old_hash_of_staff_is_made_anew_and_the_session_goes_on(
    office: Office, staff: Callable[[str], Browser], store: Store
) -> None:
    with store.writing() as session:
        session.get_one(Staff, 1).password_hash = OLD
    oscar = staff("oscar")
    assert oscar.get("/equipe/").request.path == "/equipe/"
    with store.reading() as session:
        assert session.get_one(Staff, 1).password_hash != OLD
    assert oscar.get("/equipe/reglages").request.path == "/equipe/reglages"


def test_a_password_is_as_long_as_it_is_composed() -> None:
    """Letters and their marks typed apart are one letter each."""
    assert password_hash.prepared(unicodedata.normalize("NFD", "éàçùê")) == "éàçùê"
    longest = "ΐ" * password_hash.LONGEST
    assert password_hash.prepared(unicodedata.normalize("NFD", longest)) == longest
    assert len(password_hash.prepared("x" * 60_000)) > password_hash.LONGEST


def test_five_letters_with_their_marks_typed_apart_are_too_short(browser: Callable[[], Browser]) -> None:
    visitor = browser()
    visitor.get("/inscription")
    typed = unicodedata.normalize("NFD", "éàçùê")
    page = visitor.post("/inscription", name="Zoé Petit", email="zoe@exemple.fr", password=typed)
    assert (page.status_code, "au moins 10 caractères" in page.text) == (422, True)
