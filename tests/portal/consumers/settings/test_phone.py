"""Alice gives her phone, confirms it by its code, chooses SMS, and withdraws it."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from config import Config
from consumers.confirm_phone import MOST_TRIES
from delivery import ProviderHealth, SmsRoute, run_code_job
from delivery.channels.sms.sms_folder import SmsFolder, list_sms
from portal.app import make_app
from store import Store
from store.accounts.notice_preference import preference_row
from store.accounts.phone import Phone, phones_of
from store.job import claim_job
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World

NUMBER = "06 12 34 56 78"
SHOWN = NUMBER.replace(" ", "\u00a0")


class Alice:
    """Alice, signed in, and the SMS that she gets."""

    def __init__(self, store: Store, world: World, browser: Browser, clock: Clock, folder: Path) -> None:
        self.store, self.browser, self.clock, self.folder = store, browser, clock, folder
        self.me = world.consumer("Alice Martin")
        self.browser.sign_in(self.me)

    def gives(self, number: str = NUMBER) -> str:
        self.browser.get("/profil/telephone")
        return self.browser.post("/profil/telephone", number=number).text

    def code(self) -> str:
        """What the latest SMS says, once the pipeline has sent what is asked for."""
        route = SmsRoute(SmsFolder(self.folder), Decimal(0), ProviderHealth())
        while True:
            with self.store.writing() as session:
                job = claim_job(session, self.clock())
            if job is None:
                break
            run_code_job(self.store, job, route, self.clock())
        return re.match(r"\d{6}", list_sms(self.folder)[0].text)[0]

    def types(self, code: str) -> str:
        self.browser.get("/profil/telephone")
        return self.browser.post("/profil/telephone/code", code=code).text

    def phone(self) -> Phone | None:
        with self.store.reading() as session:
            return phones_of(session, [self.me.id]).get(self.me.id)


@pytest.fixture
def alice(store: Store, world: World, browser: Callable[[], Browser], clock: Clock, tmp_path: Path) -> Alice:
    return Alice(store, world, browser(), clock, tmp_path / "sms")


def test_alice_confirms_her_phone_and_chooses_sms(alice: Alice) -> None:
    assert SHOWN in alice.gives("+33 6 12 34 56 78")
    assert not alice.phone().can_be_texted
    assert "Par SMS" not in alice.browser.get("/courriels").text
    code = alice.code()
    assert "pas le bon code" in alice.types(f"{(int(code) + 1) % 10**6:06}")
    assert f"Par SMS au {SHOWN}" in alice.types(f"{code[:3]} {code[3:]}")
    assert alice.phone().can_be_texted
    page = alice.browser.post("/courriels", channel="sms", digest="each", day="5").text
    assert "un SMS par facture" in page
    with alice.store.reading() as session:
        assert preference_row(session, alice.me.id, None).channels == "sms"


def test_a_number_is_withdrawn_at_once(alice: Alice) -> None:
    alice.gives()
    alice.types(alice.code())
    alice.browser.get("/profil/telephone")
    assert "plus aucun SMS" in alice.browser.post("/profil/telephone/retirer").text
    assert alice.phone() is None
    assert "Par SMS" not in alice.browser.get("/courriels").text


@pytest.mark.parametrize("typed", ["", "01 23 45 67 89", "+1 212 555 0100", "<script>"])
def test_what_is_no_mobile_number_is_said_and_nothing_is_sent(alice: Alice, typed: str) -> None:
    assert "pas un numéro de mobile" in alice.gives(typed)
    assert alice.phone() is None


def test_sms_cannot_be_chosen_without_a_phone(alice: Alice) -> None:
    alice.browser.get("/courriels")
    alice.browser.post("/courriels", channel="sms", digest="each", day="5")
    with alice.store.reading() as session:
        assert preference_row(session, alice.me.id, None).channels == ""


def test_guesses_and_time_end_a_code(alice: Alice) -> None:
    alice.gives()
    code = alice.code()
    for _ in range(MOST_TRIES):
        assert "pas le bon code" in alice.types("x")
    assert "plus valable" in alice.types(code)
    alice.gives("")
    fresh = alice.code()
    alice.clock.forward(minutes=11)
    assert "plus valable" in alice.types(fresh)
    assert not alice.phone().can_be_texted


def test_a_number_gets_few_codes_a_day_whoever_asks(
    alice: Alice, world: World, browser: Callable[[], Browser], clock: Clock
) -> None:
    for _ in range(5):
        alice.gives()
    bob, person = browser(), world.consumer("Bob Martin")
    bob.sign_in(person)
    bob.get("/profil/telephone")
    assert bob.post("/profil/telephone", number=NUMBER).status_code == 429
    bob.get("/profil/telephone")
    assert bob.post("/profil/telephone", number="06 99 99 99 99").status_code == 200
    clock.forward(days=1)
    bob.sign_in(person)
    bob.get("/profil/telephone")
    assert bob.post("/profil/telephone", number=NUMBER).status_code == 200


def test_where_no_sms_are_sent_none_are_offered(store: Store, config: Config, clock: Clock, world: World) -> None:
    app = make_app(store, replace(config, smtp_url="smtp://127.0.0.1:25"), clock)
    mine = Browser(app.test_client())
    mine.sign_in(world.consumer("Alice Martin"))
    assert "SMS" not in mine.get("/profil").text
    assert "SMS" not in mine.get("/courriels").text
    assert mine.get("/profil/telephone").status_code == 404
    mine.get("/profil")
    assert mine.post("/profil/telephone", number=NUMBER).status_code == 404
    with store.reading() as session:
        assert session.scalars(select(Phone)).all() == []
