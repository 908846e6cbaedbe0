"""The last days of the demo show what people and issuers settle about paying: Alice asks twice to pay in several parts,
is granted one plan, which she keeps, and refused the other; she signs a direct debit mandate. The issuer's endpoint for
events is registered and disabled: nothing of the demo leaves the machine."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape
from typing import Final

from flask import Flask

from demo.demo_credentials import CONSUMER, MEMBER, OPERATOR, PASSWORD
from demo.issuer import ELECTRICITY, TELECOM, DemoIssuer
from demo.people.browser_client import Browser, PageError
from store import Store
from store.accounts.consumer import consumer_by_email
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bills_of_consumer
from store.issuer import issuer_by_slug

#: Days before the demo's last day, all of them working days when that is a Friday.
_ASKS, _GRANTED, _ASKS_AGAIN, _REFUSED, _PAYS, _SIGNS = (timedelta(days=days) for days in (11, 10, 8, 7, 4, 3))
_PARTS: Final = 2
_WAITING: Final = "/equipe/plusieurs-fois"
_ANSWER: Final = re.compile(r'action="(/equipe/plusieurs-fois/\w+/reponse)"')
_DAY: Final = re.compile(r'name="jour"[^>]* value="([^"]+)"')
_AMOUNT: Final = re.compile(r'name="montant"[^>]* value="([^"]+)"')
_MANDATE: Final = re.compile(r'href="(/contrats/\w+/prelevement)"')
_ENDPOINT: Final = "https://crm.lumiere-ouest.example/facteur"


class SimulatedPaymentPlans:
    """Alice, a member of her issuer and the operator, each with a browser at the portal *app*, from *place* on; and her
    issuer's program. *last* is the demo's last day."""

    def __init__(self, app: Flask, store: Store, place: int, last: date) -> None:
        self._app, self._store, self._last = app, store, last
        self._alice, self._claire, self._operator = (Browser(app, place + n) for n in range(3))
        self._parts: list[tuple[date, str]] = []  # granted: day and amount
        self._planned = ""  # the bill's number

    def act(self, today: date, key: str) -> None:
        """Do what is due on this day. *key* is the API key of Alice's issuer."""
        match self._last - today:
            case when if when == _ASKS:
                self._alice.fill("/connexion", "/connexion", email=CONSUMER, password=PASSWORD)
                self._planned = self._ask(ELECTRICITY, self._last - _PAYS, "Je commence un travail le 1er du mois.")
            case when if when == _GRANTED and self._planned:
                self._grant()
            case when if when == _ASKS_AGAIN:
                self._ask(TELECOM, self._last, "")
            case when if when == _REFUSED:
                self._refuse()
            case when if when == _PAYS and self._parts:
                self._pay(key)
            case when if when == _SIGNS:  # a mandate asks for her password anew
                self._alice.fill("/connexion", "/connexion", email=CONSUMER, password=PASSWORD)
                self._sign()
                self._register_endpoint(key)

    def _ask(self, issuer: DemoIssuer, first: date, words: str) -> str:
        """Ask for the newest bill of this issuer that is to be paid by hand. Returns its number, "" without one."""
        bill = self._newest(issuer)
        if bill is None:
            return ""
        form = f"/factures/{bill.uid}/plusieurs-fois"
        self._alice.fill(form, form, parts=str(_PARTS), first=first.isoformat(), words=words)
        return bill.number

    def _newest(self, issuer: DemoIssuer) -> BillRow | None:
        with self._store.reading() as session:
            alice, row = consumer_by_email(session, CONSUMER), issuer_by_slug(session, issuer.slug)
            if alice is None or row is None:
                return None
            bills = [bill for bill, _ in bills_of_consumer(session, alice.id) if bill.issuer_id == row.id]
            return next((bill for bill in bills if bill.to_pay > 0), None)

    def _grant(self) -> None:
        """Claire grants the instalments as they were asked for."""
        self._claire.fill("/equipe/connexion", "/equipe/connexion", email=MEMBER, password=PASSWORD)
        page = self._claire.look(_WAITING).text
        if answer := _ANSWER.search(page):
            days, amounts = _DAY.findall(page), [unescape(each) for each in _AMOUNT.findall(page)]
            self._claire.press(answer[1], decision="accorder", jour=days, montant=amounts)
            self._parts = [(date.fromisoformat(day), amount) for day, amount in zip(days, amounts, strict=True)]

    def _refuse(self) -> None:
        self._operator.fill("/equipe/connexion", "/equipe/connexion", email=OPERATOR, password=PASSWORD)
        if answer := _ANSWER.search(self._operator.look(_WAITING).text):
            words = "Ce forfait se paie en une fois. Appelez-nous : nous trouverons une solution."
            self._operator.press(answer[1], decision="refuser", words=words)

    def _pay(self, key: str) -> None:
        """The issuer's program tells of the first instalment, which came in time."""
        day, amount = self._parts[0]
        told = {
            "id": f"PLAN-{self._planned}-1", "amount": amount.replace(",", "."), "currency": "EUR",
            "date": day.isoformat(), "kind": "received", "references": [self._planned],
        }  # fmt: skip
        self._call("post", "/v1/payments", key, told)

    def _sign(self) -> None:
        """Alice signs a mandate for the first of her contracts whose issuer takes one."""
        if way := _MANDATE.search(self._alice.look("/contrats").text):
            self._alice.fill(
                way[1], way[1], iban="FR76 3000 6000 0112 3456 7890 189", holder="Alice Moreau",
                signature="Alice Moreau", agreed="1",
            )  # fmt: skip

    def _register_endpoint(self, key: str) -> None:
        endpoint = self._call("post", "/v2/webhook-endpoints", key, {"url": _ENDPOINT})
        self._call("patch", f"/v2/webhook-endpoints/{endpoint['endpoint']}", key, {"state": "disabled"})

    def _call(self, method: str, path: str, key: str, body: Mapping[str, object]) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {key}"}
        answer = self._app.test_client().open(path, method=method.upper(), json=body, headers=headers)
        if answer.status_code >= 400:
            raise PageError(f"{method} {path}: {answer.status} {answer.get_data(as_text=True)}")
        said: dict[str, str] = answer.get_json()
        return said
