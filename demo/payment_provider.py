"""A payment provider for the demo and the tests: a page that takes any payment, and tells of it as a real one would."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from threading import Thread
from typing import Any, Final
from urllib.request import Request, urlopen

import msgspec
import waitress
from flask import Flask, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from config import Config
from payments.online.hosted_page_link import query_signature
from payments.online.provider_settings import set_provider
from store import Store
from store.issuer import issuer_by_slug
from webhooks.signature import new_secret, signed_headers

#: The issuer of the demo whose bills are paid on line.
PAID_ON_LINE: Final = "mobile-plus"
#: How long the page waits for the portal, in seconds.
_PATIENCE: Final = 10

#: Sends a signed request to the portal; returns whether it was accepted.
Send = Callable[[bytes, Mapping[str, str]], bool]

_PAGE: Final = """<!doctype html><html lang="{{ asked.language }}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Page de paiement</title>
<style>body{font:18px/1.5 sans-serif;max-width:24em;margin:3em auto;padding:0 1em}button{font:inherit;padding:.6em 1em}
</style><h1>{{ asked.amount }} {{ asked.currency }}</h1><p>{{ asked.merchant }}, {{ asked.reference }}</p>
<p>Ceci est une page d’essai : aucune somme n’est prise.</p>
<form method="post"><button name="answer" value="pay">Payer</button>
<button name="answer" value="refuse">Faire échouer le paiement</button></form></html>"""


class EventNotAccepted(Exception):  # noqa: N818
    """The portal has not accepted what the provider tells."""


class DemoPaymentProvider:
    """One merchant at a provider: the secret that it shares with the portal, and what was paid."""

    def __init__(self, merchant: str, secret: bytes, send: Send, clock: Callable[[], datetime]) -> None:
        self._merchant, self._secret, self._send, self._clock = merchant, secret, send, clock
        self._told = 0

    def tell(
        self, event_type: str, payment: str, order: str, amount: str, currency: str = "EUR", refund: str = ""
    ) -> None:
        """Tell the portal what became of a payment; raises EventNotAccepted."""
        self._told += 1
        told = {"payment": payment, "order": order, "amount": amount, "currency": currency,
                "at": self._clock().isoformat()}  # fmt: skip
        if refund:
            told["refund"] = refund
        body = msgspec.json.encode({"type": event_type, "data": told})
        if not self._send(body, signed_headers(f"evt_{self._told}_{payment}", self._clock(), body, [self._secret])):
            raise EventNotAccepted(event_type)

    def app(self) -> Flask:
        """The provider's page, at /pay."""
        page = Flask("demo_payment_provider")

        @page.get("/pay")
        def show() -> str:
            return render_template_string(_PAGE, asked=self._asked())

        @page.post("/pay")
        def answer() -> ResponseReturnValue:
            asked = self._asked()
            is_paid = request.form.get("answer") == "pay"
            payment = f"pay_{asked['order']}"
            event = "payment.succeeded" if is_paid else "payment.failed"
            self.tell(event, payment, asked["order"], asked["amount"], asked["currency"])
            return redirect(asked["return_url"], 303)

        return page

    def _asked(self) -> dict[str, Any]:
        """What the link asks, if it is signed, this merchant's and still valid."""
        query, _, _ = request.query_string.decode("ascii", "replace").partition("&signature=")
        given = request.args.get("signature", "")
        asked = request.args.to_dict()
        if not hmac.compare_digest(given.encode(), query_signature(query, self._secret).encode()):
            abort(403, "the signature does not fit what is asked")
        if asked["merchant"] != self._merchant or int(asked["expires"]) < self._clock().timestamp():
            abort(410, "this link is no longer valid")
        return asked


def open_payment_page(store: Store, config: Config, clock: Callable[[], datetime], slug: str = PAID_ON_LINE) -> str:
    """Give an issuer a payment page on this machine, which is served while this process lives. Returns the
    page's address."""
    secret = new_secret()
    events = f"http://127.0.0.1:{config.web_port}/payment-providers/{slug}/events"

    def send(body: bytes, headers: Mapping[str, str]) -> bool:
        told = Request(events, data=body, headers=dict(headers), method="POST")
        try:
            with urlopen(told, timeout=_PATIENCE) as answer:  # noqa: S310
                return bool(answer.status == HTTPStatus.NO_CONTENT)
        except OSError:
            return False

    server = waitress.create_server(
        DemoPaymentProvider(slug, secret, send, clock).app(), host="127.0.0.1", port=0
    )  # fmt: skip
    page = f"http://127.0.0.1:{server.effective_port}/pay"
    with store.writing() as session:
        issuer = issuer_by_slug(session, slug)
        if issuer is not None:
            set_provider(session, store.encryptor, issuer.id, page, slug, secret, clock(), "demo")
    Thread(target=server.run, daemon=True).start()
    return page
