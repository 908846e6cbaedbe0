"""Alice pays on Lumière's payment page: the link that leads there is signed, and so is what the provider tells."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from config import Config
from demo.payment_provider import DemoPaymentProvider, EventNotAccepted
from payments.online.provider_event import ProviderEventRefused, read_provider_event
from payments.online.provider_settings import ProviderRefused, set_provider
from store import Store
from store.payments.payment import PaymentRow
from store.payments.payment_order import PaymentOrder
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_what_is_to_pay import Town
from tests.sample_feeds import ubl
from webhooks.signature import signed_headers

SECRET = b"what Lumiere and its provider share"
EVENTS = "/payment-providers/lumiere/events"


class PayingTown(Town):
    """Lumière has a payment provider, and Alice a bill of 84 €."""

    def __init__(self, app: Flask, store: Store, config: Config, clock: Clock, browser: Callable[[], Browser]) -> None:
        super().__init__(store, config, clock, browser)
        self.app = app
        self.provider = self.provider_with(SECRET)

    def furnish(self) -> "PayingTown":
        self.send(ubl("LUM-1", "CL-1", issued="2026-11-02", due="2026-11-30"), "facture")
        with self.store.writing() as session:
            encryptor, now = self.store.encryptor, self.clock()
            set_provider(session, encryptor, 1, "https://pay.example/pay", "lumiere", SECRET, now, "Léa")
        return self

    def provider_with(self, secret: bytes) -> DemoPaymentProvider:
        def send(body: bytes, headers: Mapping[str, str]) -> bool:
            return self.app.test_client().post(EVENTS, data=body, headers=dict(headers)).status_code == 204

        return DemoPaymentProvider("lumiere", secret, send, self.clock)

    def begin(self) -> str:
        """Alice presses the button; returns the link to the provider's page."""
        self.sign_in()
        self.page("LUM-1")
        page = self.sign_in().post(f"/factures/{self.row('LUM-1').uid}/payer").text
        [link] = html.fromstring(page).xpath("//a[starts-with(@href, 'https://pay.example/pay')]/@href")
        return str(link)

    def order(self) -> PaymentOrder:
        with self.store.reading() as session:
            return session.get_one(PaymentOrder, 1)


@pytest.fixture
def town(
    app: Flask, store: Store, config: Config, clock: Clock, browser: Callable[[], Browser], lived: Living
) -> PayingTown:
    clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    return lived(PayingTown.furnish, PayingTown(app, store, config, clock, browser))


def pay(town: PayingTown, link: str, answer: str = "pay") -> str:
    """Alice answers on the provider's page; returns the path that she is sent back to."""
    page = town.provider.app().test_client()
    asked = f"/pay?{urlsplit(link).query}"
    assert "84.00 EUR" in page.get(asked).text
    return urlsplit(page.post(asked, data={"answer": answer}).headers["Location"]).path


def test_a_bill_is_paid_and_the_page_says_so(town: PayingTown) -> None:
    back = pay(town, town.begin())
    page = town.sign_in().get(back).text
    assert "Lumière a reçu votre paiement" in " ".join(page.split())
    assert "Payer en ligne" not in page
    assert town.order().state == "paid"


def test_a_payment_that_failed_may_be_tried_again(town: PayingTown) -> None:
    back = pay(town, town.begin(), "refuse")
    assert "rien n’a été pris" in town.sign_in().get(back).text
    assert town.order().state == "failed"
    pay(town, town.begin())
    assert "a reçu votre paiement" in town.says("LUM-1")


def test_two_presses_are_one_payment(town: PayingTown) -> None:
    first, second = town.begin(), town.begin()
    assert parse_qs(urlsplit(first).query)["order"] == parse_qs(urlsplit(second).query)["order"]
    pay(town, second)
    assert town.order().state == "paid"


def test_what_is_told_twice_counts_once_and_what_went_back_is_asked_again(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    for _ in range(2):
        town.provider.tell("payment.succeeded", "P1", order, "84.00")
    assert "a reçu votre paiement" in town.says("LUM-1")
    assert "reçu le 5 novembre 2026, selon le service de paiement de Lumière" in town.says("LUM-1")
    for _ in range(2):
        town.provider.tell("payment.charged_back", "P1", order, "84.00")
    assert "Payer en ligne" in town.says("LUM-1")
    assert "repris le 5 novembre 2026, selon le service de paiement de Lumière" in town.says("LUM-1")
    assert town.order().state == "returned"


def test_a_return_that_is_told_before_its_payment_ends_alike(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    town.provider.tell("payment.refunded", "P1", order, "84.00")
    town.provider.tell("payment.succeeded", "P1", order, "84.00")
    assert "Payer en ligne" in town.says("LUM-1")
    assert town.order().state == "returned"


def test_refunds_of_a_part_are_each_one_and_the_payment_stays_paid(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    town.provider.tell("payment.succeeded", "P1", order, "84.00")
    for _ in range(2):
        town.provider.tell("payment.refunded", "P1", order, "20.00")
    assert "40,00 €" in town.home()
    assert (town.order().state, town.order().refunded) == ("paid", Decimal(40))
    for _ in range(2):
        town.provider.tell("payment.refunded", "P1", order, "44.00", refund="R3")
    assert "84,00 €" in town.home()
    assert (town.order().state, town.order().refunded) == ("returned", Decimal(84))
    with town.store.reading() as session:
        assert {row.outcome for row in session.scalars(select(PaymentRow))} == {"matched"}


def test_a_refund_of_a_part_that_is_told_before_its_payment_ends_alike(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    town.provider.tell("payment.refunded", "P1", order, "20.00")
    town.provider.tell("payment.succeeded", "P1", order, "84.00")
    assert (town.order().state, town.order().refunded) == ("paid", Decimal(20))
    assert "20,00 €" in town.home()


def test_a_smaller_payment_that_went_back_is_returned(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    town.provider.tell("payment.succeeded", "P1", order, "50.00")
    town.provider.tell("payment.refunded", "P1", order, "50.00")
    assert town.order().state == "returned"


def test_a_smaller_payment_leaves_the_rest(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    town.provider.tell("payment.succeeded", "P1", order, "50.00")
    assert "34,00 €" in town.home()


def test_a_link_that_somebody_changed_is_refused(town: PayingTown) -> None:
    query = urlsplit(town.begin()).query
    page = town.provider.app().test_client()
    assert page.get(f"/pay?{query.replace('84.00', '8.40')}").status_code == 403
    town.clock.forward(minutes=31)
    assert page.get(f"/pay?{query}").status_code == 410


def test_nobody_else_tells_of_a_payment(town: PayingTown) -> None:
    """Another secret, an old message, no such issuer, another order: nothing is paid."""
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    with pytest.raises(EventNotAccepted):
        town.provider_with(b"somebody else's secret, as long").tell("payment.succeeded", "P1", order, "84.00")
    late = DemoPaymentProvider("lumiere", SECRET, town.provider._send, lambda: town.clock() - timedelta(minutes=6))
    with pytest.raises(EventNotAccepted):
        late.tell("payment.succeeded", "P1", order, "84.00")
    client = town.app.test_client()
    answers = [client.post(f"/payment-providers/{slug}/events", data=b"{}") for slug in ("lumiere", "nobody")]
    assert [each.status_code for each in answers] == [403, 403]
    assert answers[0].data == answers[1].data
    with pytest.raises(EventNotAccepted):
        town.provider.tell("payment.succeeded", "P1", "a" * 26, "84.00")
    assert town.order().state == "open"
    assert "Payer en ligne" in town.says("LUM-1")


@pytest.mark.parametrize("amount", ["0", "-1", "1e3", "84,00", "NaN", " 84", "84.001", "٨٤"])
def test_an_amount_that_is_none_is_refused(town: PayingTown, amount: str) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    with pytest.raises(EventNotAccepted):
        town.provider.tell("payment.succeeded", "P1", order, amount)


@pytest.mark.parametrize("currency", ["EUROS", "", "eur", "E\x00R", "USD"])
def test_another_currency_than_the_order_s_is_refused(town: PayingTown, currency: str) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    with pytest.raises(EventNotAccepted):
        town.provider.tell("payment.succeeded", "P1", order, "84.00", currency)
    assert town.order().state == "open"


@pytest.mark.parametrize("year", [1, 9999])
def test_a_day_that_no_payment_is_of_is_refused(year: int) -> None:
    data = {"payment": "P1", "order": "o", "amount": "84.00", "currency": "EUR", "at": f"{year:04}-06-01T09:00:00Z"}
    with pytest.raises(ProviderEventRefused):
        read_provider_event(json.dumps({"type": "payment.succeeded", "data": data}).encode())


@pytest.mark.parametrize("days", [-400, 100])
def test_a_day_far_from_today_is_refused(town: PayingTown, days: int) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    at = (town.clock() + timedelta(days=days)).isoformat()
    data = {"payment": "P1", "order": order, "amount": "84.00", "currency": "EUR", "at": at}
    body = json.dumps({"type": "payment.succeeded", "data": data}).encode()
    answer = town.app.test_client().post(EVENTS, data=body, headers=signed_headers("evt", town.clock(), body, [SECRET]))
    assert answer.status_code == 422


def test_somebody_else_s_bill_and_payment_are_not_there(town: PayingTown, browser: Callable[[], Browser]) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    bob = browser()
    bob.sign_in(town.world.consumer("Bob Le Goff", holds={}))
    bob.get("/")
    assert bob.post(f"/factures/{town.row('LUM-1').uid}/payer").status_code == 404
    assert bob.get(f"/paiements/{order}").status_code == 404


def test_what_asks_nothing_cannot_be_paid(town: PayingTown) -> None:
    pay(town, town.begin())
    town.sign_in().get("/")
    page = town.sign_in().post(f"/factures/{town.row('LUM-1').uid}/payer")
    assert "a reçu votre paiement" in page.text


def test_a_secret_that_was_rotated_opens_what_is_under_way(town: PayingTown) -> None:
    order = parse_qs(urlsplit(town.begin()).query)["order"][0]
    with town.store.writing() as session:
        new = b"another secret of the two of them"
        set_provider(session, town.store.encryptor, 1, "https://pay.example/pay", "lumiere", new, town.clock(), "Léa")
    town.provider.tell("payment.succeeded", "P1", order, "84.00")
    assert town.order().amount == Decimal("84.00")
    assert town.order().state == "paid"


@pytest.mark.parametrize(
    ("url", "merchant", "secret"),
    [
        ("http://pay.example/pay", "lumiere", SECRET), ("https://u:p@pay.example/", "lumiere", SECRET),
        ("https://pay.example/?a=b", "lumiere", SECRET), ("javascript:alert(1)", "lumiere", SECRET),
        ("https://pay.example/pay", "a b", SECRET), ("https://pay.example/pay", "lumiere", b"short"),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_be_is_refused(town: PayingTown, url: str, merchant: str, secret: bytes) -> None:
    with town.store.writing() as session, pytest.raises(ProviderRefused):
        set_provider(session, town.store.encryptor, 1, url, merchant, secret, town.clock(), "Léa")
