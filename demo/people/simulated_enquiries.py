"""The last days of the demo show what people ask and a member answers: Alice asks twice about bills of Lumière's, and
reads one answer; somebody else disputes an amount, and waits."""

import re
from datetime import date, timedelta
from typing import Final

from flask import Flask
from sqlalchemy import select

from demo.demo_credentials import CONSUMER, MEMBER, PASSWORD
from demo.issuer import ELECTRICITY
from demo.people.browser_client import Browser
from store import Store
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.issuer import issuer_by_slug

#: Days before the demo's last day, all of them working days when that is a Friday.
_ASKS, _ANSWERED, _READS, _ASKS_AGAIN, _ANSWERED_AGAIN, _DISPUTES = (
    timedelta(days=days) for days in (9, 8, 7, 4, 3, 2)
)
_WAITING: Final = "/equipe/questions"
_QUESTION: Final = re.compile(r'href="(/equipe/questions/[a-z2-7]{26})"')
_MINE: Final = re.compile(r'href="(/questions/[a-z2-7]{26})"')
_ONCE: Final = re.compile(r'name="once" value="([^"]+)"')
_READ: Final = re.compile(r'name="read" value="(\d+)"')

_FIRST: Final = "Bonjour,\n\nCe relevé est-il estimé ? Mon compteur affiche moins.\n\nMerci, Alice Moreau"
_FIRST_ANSWER: Final = (
    "Bonjour Madame,\n\nOui, il est estimé. Donnez-nous ce que le compteur affiche : la prochaine facture en tient "
    "compte."
)
_SECOND: Final = "Bonjour, mon nom d’usage a changé : peut-il paraître sur la prochaine facture ?"
_SECOND_ANSWER: Final = "Bonjour Madame, c’est noté : il paraîtra dès la prochaine facture."
_DISPUTE: Final = "Je n’étais pas chez moi ce mois-ci : cette somme ne peut pas être juste."


class SimulatedEnquiries:
    """Alice, a member of her issuer and another customer, each with a browser at the portal *app*, from *place* on.
    *last* is the demo's last day."""

    def __init__(self, app: Flask, store: Store, place: int, last: date) -> None:
        self._store, self._last = store, last
        self._alice, self._claire, self._other = (Browser(app, place + n) for n in range(3))

    def act(self, today: date) -> None:
        """Do what is due on this day."""
        match self._last - today:
            case when if when == _ASKS:
                self._alice.fill("/connexion", "/connexion", email=CONSUMER, password=PASSWORD)
                self._ask(self._alice, self._bill_of(CONSUMER), "meter", _FIRST)
            case when if when == _ANSWERED:
                self._claire.fill("/equipe/connexion", "/equipe/connexion", email=MEMBER, password=PASSWORD)
                self._answer(_FIRST_ANSWER)
            case when if when == _READS:
                self._read()
            case when if when == _ASKS_AGAIN:
                self._ask(self._alice, self._bill_of(CONSUMER), "address", _SECOND)
            case when if when == _ANSWERED_AGAIN:
                self._answer(_SECOND_ANSWER)
            case when if when == _DISPUTES:
                self._dispute()

    def _ask(self, who: Browser, uid: str, subject: str, words: str) -> None:
        if uid:
            form = f"/factures/{uid}/question"
            once = _ONCE.search(who.look(form).text)
            who.press(form, subject=subject, words=words, once=once[1] if once else "")

    def _answer(self, words: str) -> None:
        """Claire answers the question that has waited longest."""
        if question := _QUESTION.search(self._claire.look(_WAITING).text):
            page = self._claire.look(question[1]).text
            once, read = _ONCE.search(page), _READ.search(page)
            if once and read:
                self._claire.press(
                    f"{question[1]}/reponse", name="Claire", words=words, once=once[1], read=read[1]
                )  # fmt: skip

    def _read(self) -> None:
        if mine := _MINE.search(self._alice.look("/questions").text):
            self._alice.look(mine[1])
            self._alice.press(f"{mine[1]}/reglee")

    def _dispute(self) -> None:
        email = self._somebody()
        if email:
            self._other.fill("/connexion", "/connexion", email=email, password=PASSWORD)
            self._ask(self._other, self._bill_of(email), "dispute", _DISPUTE)

    def _bill_of(self, email: str) -> str:
        """The uid of the newest bill of Lumière's that somebody has looked at; "" without one."""
        query = (
            select(BillRow.uid)
            .join(Enrolment, Enrolment.account_id == BillRow.account_id)
            .join(Consumer, Consumer.id == Enrolment.consumer_id)
            .where(Consumer.email == email, is_in_force(), BillRow.viewed_at.is_not(None))
            .where(BillRow.state.in_(PRESENTABLE))
        )
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, ELECTRICITY.slug)
            mine = query.where(BillRow.issuer_id == (issuer.id if issuer else 0))
            return session.scalar(mine.order_by(BillRow.issue_date.desc(), BillRow.id.desc()).limit(1)) or ""

    def _somebody(self) -> str:
        """Who disputes: another customer of Lumière's who looks at bills; "" without one."""
        query = (
            select(Consumer.email)
            .join(Enrolment, Enrolment.consumer_id == Consumer.id)
            .join(BillRow, BillRow.account_id == Enrolment.account_id)
            .where(Consumer.email != CONSUMER, is_in_force(), BillRow.viewed_at.is_not(None), BillRow.to_pay > 0)
        )
        with self._store.reading() as session:
            issuer = issuer_by_slug(session, ELECTRICITY.slug)
            mine = query.where(BillRow.issuer_id == (issuer.id if issuer else 0))
            return session.scalar(mine.order_by(Consumer.email).limit(1)) or ""
