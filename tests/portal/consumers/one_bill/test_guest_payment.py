"""Alice pays her bill as a guest, from the page that the code on her letter opens."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from demo.payment_provider import DemoPaymentProvider
from payments.online.provider_settings import set_provider
from store import Store
from store.db.event import events_of
from store.payments.payment_order import PaymentOrder
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.one_bill.one_bill_links import LinkTown
from tests.portal.consumers.one_bill.test_one_bill_page import opened
from tests.portal.sample_town import World

NewBrowser = Callable[[], Browser]
SECRET = b"what Lumiere and its provider share"
EVENTS = "/payment-providers/lumiere/events"


class PayingTown(LinkTown):
    """Lumière has a payment provider."""

    def __init__(self, app: Flask, store: Store, world: World, clock: Clock) -> None:
        super().__init__(store, world)
        with store.writing() as session:
            set_provider(
                session, store.encryptor, self.lumiere, "https://pay.example/pay", "lumiere", SECRET, clock(), "Léa"
            )

        def send(body: bytes, headers: Mapping[str, str]) -> bool:
            return app.test_client().post(EVENTS, data=body, headers=dict(headers)).status_code == 204

        self.provider = DemoPaymentProvider("lumiere", SECRET, send, clock).app().test_client()

    def goes_to_pay(self, browser: Browser, token: str) -> str:
        """Press the one button; the address of the provider's page, of which nothing is fetched."""
        browser.client.get(f"/f/{token}")
        form = browser.get(f"/f/{token}").text.partition(f'action="/f/{token}/payer"')[2]
        csrf = form.partition('name="csrf_token" value="')[2].partition('"')[0]
        answer = browser.client.post(f"/f/{token}/payer", data={"csrf_token": csrf})
        assert answer.status_code == 303
        return str(answer.headers["Location"])

    def answers(self, link: str, answer: str = "pay") -> str:
        """Answer on the provider's page; the address that it leads back to."""
        assert link.startswith("https://pay.example/pay?")
        page = self.provider.post(f"/pay?{urlsplit(link).query}", data={"answer": answer})
        return str(page.headers["Location"])

    def orders(self) -> list[PaymentOrder]:
        with self.store.reading() as session:
            return list(session.scalars(select(PaymentOrder).order_by(PaymentOrder.id)))


@pytest.fixture
def town(app: Flask, store: Store, world: World, clock: Clock) -> PayingTown:
    return PayingTown(app, store, world, clock)


def test_one_press_leads_to_the_payment_page_and_back_to_the_bill(town: PayingTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    opened(alice, token)
    link = town.goes_to_pay(alice, token)
    assert token not in link, "the provider has no use for it"
    page = alice.get(urlsplit(town.answers(link)).path)
    assert page.request.path == f"/f/{token}"
    assert "a reçu votre paiement" in " ".join(page.text.split())
    assert "Payer en ligne" not in page.text
    assert "Suivre mes factures" in page.text
    [order] = town.orders()
    assert (order.state, order.consumer_id, order.bill_id) == ("paid", None, town.bills["LUM-1"].id)
    with town.store.reading() as session:
        assert events_of(session, "payment_order", order.id)[0].by == "guest"


def test_the_browser_may_follow_the_form_to_the_provider_alone(town: PayingTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    alice.get(f"/f/{token}")
    alice.post(f"/f/{token}")
    policy = alice.page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://pay.example;" in policy
    assert policy.count("pay.example") == 1
    assert "pay.example" not in alice.get("/").headers["Content-Security-Policy"]


def test_a_payment_that_failed_may_be_tried_again_and_two_presses_are_one(
    town: PayingTown, browser: NewBrowser
) -> None:
    token, alice = town.letter(), browser()
    opened(alice, token)
    town.goes_to_pay(alice, token)
    page = alice.get(urlsplit(town.answers(town.goes_to_pay(alice, token), "refuse")).path)
    assert len(town.orders()) == 1
    assert "rien n’a été pris" in page.text
    assert "Suivre mes factures" in page.text
    assert f'href="/f/{token}"' in page.text


def test_who_comes_back_into_another_browser_is_not_told_that_the_link_is_dead(
    town: PayingTown, browser: NewBrowser
) -> None:
    """Alice's bank asks in its app, which leads back into her phone's own browser."""
    token, alice, phone = town.letter(), browser(), browser()
    opened(alice, token)
    back = urlsplit(town.answers(town.goes_to_pay(alice, token))).path
    page = phone.get(back)
    assert page.status_code == 404
    assert "ne payez pas une seconde fois" in page.text
    for secret in ("n’ouvre pas de facture", "84,00", "LUM-1", "Lumière", token):
        assert secret not in page.text


def test_nobody_else_begins_or_sees_it(town: PayingTown, browser: NewBrowser) -> None:
    """A device that was not admitted, another bill's link, somebody who has signed in: the payment is not there."""
    token, other, alice, bob = town.letter(), town.letter("LUM-3"), browser(), browser()
    opened(alice, token)
    back = urlsplit(town.answers(town.goes_to_pay(alice, token), "refuse")).path
    order = back.rpartition("/")[2]
    assert bob.get(back).status_code == 404
    assert bob.get(f"/f/{token}/paiements/{order}").status_code == 404
    opened(bob, other)
    assert bob.get(f"/f/{other}/paiements/{order}").status_code == 404
    assert bob.post(f"/f/{token}/payer").status_code == 404
    assert "rien n’a été pris" in alice.get(back).text
    assert alice.get(f"/f/{token}/paiements/{'a' * 26}").status_code == 404


def test_what_asks_nothing_cannot_be_paid(town: PayingTown, browser: NewBrowser) -> None:
    token, alice = town.letter(), browser()
    opened(alice, token)
    alice.get(urlsplit(town.answers(town.goes_to_pay(alice, token))).path)
    alice.get("/connexion")
    assert "a reçu votre paiement" in " ".join(alice.post(f"/f/{token}/payer").text.split())
    assert len(town.orders()) == 1
