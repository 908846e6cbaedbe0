"""The staff of the demo on any later day: an operator decides held feeds and finds addresses for returned letters;
payments and requests to pay in parts are settled by a member of their issuer, or by the operator. The newest stay, for
visitors to decide."""

import re
from datetime import datetime, timedelta
from html import unescape
from random import Random
from typing import Final

from flask import Flask
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_address import awaits_address
from demo.demo_credentials import MEMBER, MEMBER_OF, OPERATOR
from demo.people.signed_in_browser import STAFF, SignedInBrowser
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import issuer_by_slug
from store.payments.payment import PaymentRow
from store.payments.payment_plan import PlanRequest

#: How old a case is when it is settled.
_HELD_FOR: Final = timedelta(days=5)
_UNMATCHED_FOR: Final = timedelta(days=2)
_RETURNED_FOR: Final = timedelta(days=8)
#: How long ago a letter was posted that comes back.
_BACK_FROM: Final = timedelta(days=25)
_BACK_UNTIL: Final = timedelta(days=4)
_MOST_LETTERS: Final = 50
_OLD: Final = timedelta(days=40)
_ASKED_FOR: Final = timedelta(days=6)
#: Why a payment waits of which the bill has been paid before (`payments.matching.movement`).
_TWICE: Final = "paid_twice"
_LIKELY: Final = re.compile(r'name="numero"[^>]* value="([^"]+)"')
_DAY: Final = re.compile(r'name="jour"[^>]* value="([^"]+)"')
_AMOUNT: Final = re.compile(r'name="montant"[^>]* value="([^"]+)"')


class SimulatedStaff:
    """An operator and a member, each with a browser at the portal *app*, from *place* on."""

    def __init__(self, app: Flask, store: Store, place: int) -> None:
        self._store = store
        self._operator = SignedInBrowser(app, place, STAFF, OPERATOR)
        self._member = SignedInBrowser(app, place + 1, STAFF, MEMBER)

    def decide_feeds(self, now: datetime) -> None:
        """Reject the corrections in cents, release the other feeds that have been held for days."""
        held = (Feed.state == "held", Feed.decided_by == "", Feed.received_at < now - _HELD_FOR)
        with self._store.reading() as session:
            feeds = session.execute(select(Feed.id, Feed.name).where(*held).order_by(Feed.received_at, Feed.name)).all()
        for feed_id, name in feeds:
            page = f"/equipe/flux/{self._store.public_ids.of('feed', feed_id)}"
            is_wrong = name.startswith("rectificatif")
            self._operator.fill(
                page, f"{page}/decision", decision="refuser" if is_wrong else "liberer",
                reason="Montants en centimes : l’émetteur renvoie le fichier." if is_wrong
                else "Confirmé au téléphone par l’émetteur.",
            )  # fmt: skip

    def settle_payments(self, now: datetime) -> None:
        """Assign what waits to its likeliest bill; give back what was paid twice, or is old."""
        waiting = (PaymentRow.outcome == "waiting", PaymentRow.decided_by == "")
        for browser, of_issuer in self._scopes(PaymentRow.issuer_id):
            query = select(PaymentRow.id, PaymentRow.why, PaymentRow.told_at).where(
                *waiting, of_issuer, PaymentRow.told_at < now - _UNMATCHED_FOR
            )
            with self._store.reading() as session:
                found = session.execute(query.order_by(PaymentRow.booked_on, PaymentRow.identity)).all()
            if found:
                browser.look("/equipe/paiements")
            for payment_id, why, told_at in found:
                page = f"/equipe/paiements/{self._store.public_ids.of('payment', payment_id)}"
                is_given_back = why == _TWICE or told_at < now - _OLD
                self._settle(browser, page, "" if is_given_back else browser.look(page).text)

    def _settle(self, browser: SignedInBrowser, page: str, text: str) -> None:
        if likely := _LIKELY.search(text):
            reason = "Même payeur et même montant : numéro mal recopié."
            numbers = {"numero": unescape(likely[1]), "montant": ""}
            browser.press(f"{page}/decision", decision="attribuer", reason=reason, **numbers)
        else:
            browser.press(f"{page}/decision", decision="ecarter", reason="Payé deux fois : remboursé au client.")

    def tell_of_returned_letter(self, chance: Random, now: datetime) -> None:
        """The member tells of an envelope that came back of her issuer's last weeks' letters."""
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, MEMBER_OF)
            query = select(Delivery.id).join(BillRow, BillRow.id == Delivery.bill_id).where(
                Delivery.issuer_id == (issuer.id if issuer else 0), Delivery.channel == "paper", BillRow.to_pay > 0,
                Delivery.state.in_(("sent", "delivered", "failed")), Delivery.sent_at > now - _BACK_FROM,
                Delivery.sent_at < now - _BACK_UNTIL,
            )  # fmt: skip
            posted = session.scalars(query.order_by(BillRow.number, Delivery.due_at)).all()
        if posted:
            letter = self._store.public_ids.of("delivery", chance.choice(posted))
            words = "Pas de nom sur la boîte aux lettres."
            self._member.fill("/equipe/retours", "/equipe/retours/lettre", lettre=letter, motif="unknown", words=words)

    def settle_letters(self, now: datetime) -> None:
        """Give the letters that the post brought back days ago another address, one letter an account; print the other
        held ones again."""
        with self._store.reading() as session:
            held = [each for each in held_letters(session, _MOST_LETTERS) if each.since < now - _RETURNED_FOR]
            accounts = {each.bill.account_id: session.get_one(CustomerAccount, each.bill.account_id) for each in held}
        for each in held:
            letter = self._store.public_ids.of("delivery", each.delivery.id)
            if not awaits_address(each.delivery):
                self._operator.fill(
                    "/equipe/attente", "/equipe/attente/lettres", lettre=letter, decision="imprimer",
                    reason="Le client l’attend toujours.",
                )  # fmt: skip
            elif account := accounts.pop(each.bill.account_id, None):
                page = f"/equipe/lettres/{letter}/adresse"
                self._operator.fill(page, page, reason="Donnée au téléphone par le client.", **_completed(account))

    def answer_plans(self, now: datetime) -> None:
        """Grant the requests to pay in parts as they were asked for."""
        for browser, of_issuer in self._scopes(PlanRequest.issuer_id):
            query = select(PlanRequest.id).where(
                PlanRequest.state == "asked", of_issuer, PlanRequest.asked_at < now - _ASKED_FOR
            )
            with self._store.reading() as session:
                found = session.scalars(query.order_by(PlanRequest.asked_at)).all()
            for plan_id in found:
                path = f"/equipe/plusieurs-fois/{self._store.public_ids.of('payment_plan', plan_id)}/reponse"
                _, _, form = browser.look("/equipe/plusieurs-fois").text.partition(f'action="{path}"')
                form, _, _ = form.partition("</form>")
                days, amounts = _DAY.findall(form), [unescape(each) for each in _AMOUNT.findall(form)]
                if days:
                    browser.press(path, decision="accorder", jour=days, montant=amounts)
                else:
                    browser.press(path, decision="refuser", words="Cette facture est déjà payée. Merci.")

    def _scopes(self, issuer_id: InstrumentedAttribute[int]) -> list[tuple[SignedInBrowser, ColumnElement[bool]]]:
        """Each browser, with the SQL condition of whose cases it settles."""
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, MEMBER_OF)
        mine = issuer_id == (issuer.id if issuer else 0)
        return [(self._member, mine), (self._operator, ~mine)]


def _completed(account: CustomerAccount) -> dict[str, str]:
    """The form's address: the account's, with what the postman was missing."""
    address = account.postal_address
    return {
        "line1": address.line1, "line2": "Boîte aux lettres 2, rez-de-chaussée", "line3": "",
        "postcode": address.postcode, "city": address.city, "subdivision": address.subdivision,
        "country": address.country,
    }  # fmt: skip
