"""A person of the demo asks to pay a bill in two parts."""

from datetime import date, timedelta

from flask import Flask

from demo.people.person import Person
from demo.people.signed_in_browser import CONSUMERS, SignedInBrowser
from store import Store
from store.accounts.consumer import consumer_by_email
from store.bills.bills_of_consumer import bills_of_consumer

_WORDS = "La chaudière est tombée en panne ce mois-ci : deux fois m’arrangeraient."


def ask_for_plan(app: Flask, store: Store, place: int, person: Person, numbers: list[str], today: date) -> None:
    """Ask for one of the bills with these numbers, if it is this person's and still to be paid."""
    with store.reading() as session:
        me = consumer_by_email(session, person.email)
        shown = bills_of_consumer(session, me.id) if me and me.confirmed_at else []
        bill = next((bill for bill, _ in shown if bill.number in numbers and bill.to_pay > 0), None)
    if bill is not None:
        form = f"/factures/{bill.uid}/plusieurs-fois"
        first = today + timedelta(days=7)
        SignedInBrowser(app, place, CONSUMERS, person.email).fill(
            form, form, parts="2", first=first.isoformat(), words=_WORDS
        )
