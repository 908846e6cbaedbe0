"""Addresses as people type them: one person however it is spelled, and a sentence where no mail could go."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from issuers.registry import IssuerError
from portal.access.password_hash import hash_password
from staff.invitations import add_member, add_operator
from store import Store
from store.accounts.consumer import Consumer
from store.staff_member import Staff, staff_by_email
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import KEPT, PASSWORD, World

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]


def test_zoe_of_an_accented_domain_signs_up_and_gets_her_link(
    browser: NewBrowser, post: Callable[[], Mailbox], store: Store
) -> None:
    zoe = browser()
    zoe.get("/inscription")
    page = zoe.post("/inscription", name="Zoé", email="zoe@xn--exmple-cua.de", password=PASSWORD)
    assert "zoe@exämple.de" in page.text, "as people read it"
    [(to, mail)] = post().mails
    assert (to, mail["To"]) == ("zoe@exämple.de", "zoe@xn--exmple-cua.de")
    with store.reading() as session:
        assert session.scalars(select(Consumer.email)).one() == "zoe@exämple.de"


@pytest.mark.parametrize("path", ["/inscription", "/mot-de-passe-oublie"])
def test_an_accent_before_the_at_is_refused_at_the_form_with_what_to_do(browser: NewBrowser, path: str) -> None:
    zoe = browser()
    zoe.get(path)
    page = zoe.post(path, name="Zoé", email="zoé@exemple.fr", password=PASSWORD)
    assert page.status_code == 422
    assert "sans accent avant le @" in page.text


@pytest.mark.parametrize(
    "spelled", ["ALICE@exemple.fr", "ali\u200bce@exemple.fr", "ａｌｉｃｅ@exemple.fr", "alice@exemple。fr"]
)
def test_alice_enters_however_her_address_is_spelled(browser: NewBrowser, world: World, spelled: str) -> None:
    world.consumer("Alice Martin")
    alice = browser()
    alice.get("/connexion")
    assert alice.post("/connexion", email=spelled, password=PASSWORD).request.path == "/"


def test_a_row_of_before_stays_reachable(browser: NewBrowser, world: World, store: Store, clock: Clock) -> None:
    """Kept as it was typed, at a time when there was no one form."""
    world.consumer("Alice Martin")
    with store.writing() as session:
        session.add(
            Consumer(email="ａｌｉｃｅ@exemple.fr", name="Ａ", password_hash=hash_password("une autre phrase à moi"),
                     signed_up_at=clock(), confirmed_at=clock())
        )  # fmt: skip
        session.add(Staff(email="os\u200bcar@exemple.fr", password_hash=KEPT, added_at=clock()))
    odd = browser()
    odd.get("/connexion")
    assert odd.post("/connexion", email="Ａｌｉｃｅ@exemple.fr", password="une autre phrase à moi").request.path == "/"
    staff = browser()
    staff.get("/equipe/connexion")
    entered = staff.post("/equipe/connexion", email="os\u200bcar@exemple.fr", password=PASSWORD)
    assert entered.request.path == "/equipe/"


def test_staff_are_kept_by_the_same_form(store: Store, clock: Clock, world: World) -> None:
    world.issuer("lumiere", "Lumière")
    with store.writing() as session:
        assert add_operator(session, "ｏｓｃａｒ@Facteur.example", clock()).email == "oscar@facteur.example"
        mina = add_member(session, "lumiere", "Mina@EXÄMPLE.de", clock())
        assert mina.email == "mina@exämple.de"
        assert add_member(session, "lumiere", "mina@xn--exmple-cua.de", clock()).id == mina.id
        assert staff_by_email(session, "mina@xn--exmple-cua.de") == mina
        with pytest.raises(IssuerError, match="before the @"):
            add_operator(session, "zoé@facteur.example", clock())
