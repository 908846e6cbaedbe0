"""A payment provider for the demo and the tests: a page that takes any payment, and tells of it as a real one would."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from flask import Flask, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from payments.online.hosted_page_link import query_signature
from webhooks.signature import signed_headers

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

    def tell(self, event_type: str, payment: str, order: str, amount: str, currency: str = "EUR") -> None:
        """Tell the portal what became of a payment; raises EventNotAccepted."""
        self._told += 1
        body = msgspec.json.encode(
            {"type": event_type, "data": {"payment": payment, "order": order, "amount": amount, "currency": currency,
                                          "at": self._clock().isoformat()}}
        )  # fmt: skip
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
