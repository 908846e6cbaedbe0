"""The demo's payment page is a server of its own: somebody pays on it, and the portal hears of it over the network."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

import msgspec
import pytest
import waitress
from flask import Flask
from sqlalchemy import select

from config import Config
from demo.payment_provider import open_payment_page
from store import Store
from store.payments.payment_order import PaymentOrder
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_what_is_to_pay import Town
from tests.sample_feeds import ubl

pytestmark = pytest.mark.beside_any_database


class Unredirected(HTTPErrorProcessor):
    """Answers come as they are, redirects too."""

    def http_response(self, request: Request, response: object) -> object:  # type: ignore[override]
        return response


def test_a_bill_is_paid_on_the_demo_s_page(
    app: Flask, store: Store, config: Config, clock: Clock, browser: Callable[[], Browser]
) -> None:
    clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    town = Town(store, config, clock, browser)
    town.send(ubl("M-1", "CL-1", issued="2026-11-02", due="2026-11-30"), "facture")
    portal = waitress.create_server(app, host="127.0.0.1", port=0)
    Thread(target=portal.run, daemon=True).start()
    open_payment_page(store, msgspec.structs.replace(config, web_port=portal.effective_port), clock, "lumiere")
    town.page("M-1")
    shown = town.sign_in().post(f"/factures/{town.row('M-1').uid}/payer").text
    [link] = re.findall(r'href="(http://127[^"]+)"', shown.replace("&amp;", "&"))
    paid = urlencode({"answer": "pay"}).encode()
    answer = build_opener(Unredirected).open(Request(link, data=paid, method="POST"))
    assert answer.status == 303
    with store.reading() as session:
        assert session.scalars(select(PaymentOrder.state)).all() == ["paid"]
    assert "a reçu votre paiement" in town.says("M-1")
    portal.close()
