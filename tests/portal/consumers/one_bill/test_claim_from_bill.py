"""From the bill that the letter's code opens to all of them: signing up and one button."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import Store
from store.accounts.account_notice import AccountNotice
from store.accounts.consumer import accounts_of, consumer_by_email, enrol
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.one_bill.one_bill_links import LinkTown
from tests.portal.consumers.one_bill.test_one_bill_page import opened
from tests.portal.sample_town import PASSWORD, World

NewBrowser = Callable[[], Browser]
ALICE = "alice@exemple.fr"


@pytest.fixture
def town(store: Store, world: World) -> LinkTown:
    return LinkTown(store, world)


def test_two_steps_from_the_bill_to_the_account(
    town: LinkTown, browser: NewBrowser, post: Callable[[], Mailbox], store: Store
) -> None:
    token, alice = town.letter(), browser()
    opened(alice, token)
    onwards = f"/f/{token}/suivre"
    page = alice.get(onwards)
    assert page.request.path == "/inscription"
    assert f'name="suite" value="{onwards}"' in page.text
    alice.post("/inscription", name="Alice Martin", email=ALICE, password=PASSWORD, suite=onwards)
    alice.get(post().link_to(ALICE))
    page = alice.post(alice.page.request.path)
    assert page.request.path == onwards
    for filled_in in ("Lumière de l’Ouest", "C-1001", town.code()):
        assert filled_in in page.text
    page = alice.post(onwards)
    assert "Le contrat est ajouté" in page.text
    with store.reading() as session:
        consumer = consumer_by_email(session, ALICE)
        assert consumer is not None
        assert [each.number for each in accounts_of(session, consumer.id)] == ["C-1001"]
        kinds = session.scalars(select(AccountNotice.kind).order_by(AccountNotice.id)).all()
        assert kinds == ["opened_by_link", "claim_started", "linked"]
    assert alice.get(f"/f/{token}").request.path == f"/factures/{town.row().uid}"
    assert browser().get(f"/f/{token}").status_code == 404


def test_who_has_signed_in_needs_one_step(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    alice.sign_in(town.world.consumer("Alice Martin"))
    opened(alice, token)
    alice.get(f"/f/{token}/suivre")
    assert "Le contrat est ajouté" in alice.post(f"/f/{token}/suivre").text


def test_a_device_that_was_not_admitted_presses_the_button_first(town: LinkTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    alice.sign_in(town.world.consumer("Alice Martin"))
    page = alice.get(f"/f/{token}/suivre")
    assert page.request.path == f"/f/{token}"
    assert "C-1001" not in page.text
    alice.get("/contrats")
    assert alice.post(f"/f/{token}/suivre").status_code == 404


def test_a_mail_s_link_claims_nothing(town: LinkTown, browser: NewBrowser) -> None:
    bruno = town.world.consumer("Bruno Leroy", holds={town.lumiere: "C-3003"})
    token, charlie = town.mail("LUM-3", bruno), browser()
    charlie.sign_in(town.world.consumer("Charlie Faure"))
    opened(charlie, token)
    assert charlie.get(f"/f/{token}/suivre").request.path == f"/f/{token}"
    assert charlie.post(f"/f/{token}/suivre").status_code == 404


def test_who_is_suspended_is_told_as_with_a_code(town: LinkTown, browser: NewBrowser, store: Store) -> None:
    token, bob = town.letter(), browser()
    person = town.world.consumer("Bob Martin")
    with store.writing() as session:
        account = town.world.account_id(town.lumiere, "C-1001")
        enrol(session, person.id, account, town.world.now - timedelta(days=90))
        from store.accounts.consumer import Enrolment

        session.get_one(Enrolment, (person.id, account)).suspended_at = town.world.now
    bob.sign_in(person)
    opened(bob, token)
    bob.get(f"/f/{token}/suivre")
    page = bob.post(f"/f/{token}/suivre")
    assert page.status_code == 422
    assert "suspendu" in page.text
