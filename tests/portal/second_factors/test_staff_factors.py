"""Staff's second factors: another operator removes lost ones, never their owner; operators must have one where it is
configured."""

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from portal.app import make_app
from store import Store
from store.db.event import events_of
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import second_factors_of
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.second_factors.factor_holders import give_app, subjects
from tests.portal.staff_office import KEPT, Office

SignedIn = Callable[[str], Browser]


def the(store: Store, name: str) -> Staff:
    with store.reading() as session:
        return session.scalars(select(Staff).where(Staff.email == f"{name}@facteur.example")).one()


def resets(mine: Browser, store: Store, whose: Staff) -> int:
    page = f"/equipe/membres/{store.public_ids.of('staff', whose.id)}"
    mine.get("/equipe/membres")
    return mine.post(f"{page}/seconds-facteurs").status_code


def test_another_operator_removes_lost_factors(
    staff: SignedIn, office: Office, store: Store, clock: Clock, post: Callable[[], Mailbox]
) -> None:
    with store.writing() as session:
        session.add(Staff(email="olga@facteur.example", password_hash=KEPT, added_at=clock()))
    olga, oscar, mina = staff("olga"), staff("oscar"), staff("mina")
    give_app(store, clock, the(store, "olga"))
    assert resets(olga, store, the(store, "olga")) == 404, "never one's own"
    assert resets(mina, store, the(store, "olga")) == 404, "an issuer's member"
    assert resets(oscar, store, the(store, "olga")) == 200
    assert "se connecte de nouveau par son mot de passe seul" in oscar.page.text
    assert olga.client.get("/equipe/").status_code == 303, "her sessions end"
    assert "Vos seconds moyens de vous connecter sont retirés" in subjects(post())
    with store.reading() as session:
        assert not second_factors_of(session, FactorOwner.of(the(store, "olga"))).is_any
        told = [(each.what, each.by) for each in events_of(session, "staff", the(store, "olga").id)]
        assert told[-1] == ("second factors removed", "oscar@facteur.example")


@pytest.mark.usefixtures("office")
class TestRequired:
    @pytest.fixture
    def app(self, store: Store, config: Config, clock: Clock) -> Flask:
        return make_app(store, msgspec.structs.replace(config, operators_need_second_factor=True), clock)

    def test_an_operator_without_a_factor_is_led_to_adding_one(
        self, staff: SignedIn, store: Store, clock: Clock
    ) -> None:
        oscar = staff("oscar")
        assert oscar.page.request.path == "/equipe/securite"
        assert "Votre équipe demande à chacun un second moyen" in oscar.page.text
        for closed in ("/equipe/", "/equipe/membres", "/equipe/flux"):
            assert oscar.client.get(closed).headers["Location"] == "/equipe/securite"
        assert oscar.post("/equipe/securite/application").status_code == 200
        give_app(store, clock, the(store, "oscar"))
        assert oscar.client.get("/equipe/").status_code == 200

    def test_an_issuers_member_is_not(self, staff: SignedIn) -> None:
        assert staff("mina").page.request.path == "/equipe/"


def test_where_it_is_not_configured_a_password_is_enough(staff: SignedIn) -> None:
    assert staff("oscar").page.request.path == "/equipe/"
