"""What pages and lists of adoption, *Ce soir* and the metrics cost beside counting all bills: CPU, by turns in one run.

    python -m bench.dashboards FOLDER [ROUNDS]      a store that `python -m bench.multiplied_store` has multiplied

First some of what seldom happens is added, and whatever is left to count is counted. Then an operator asks for each
page, of all issuers and twelve months, and an issuer's program for its measures; in between the figures of every issuer
and month are counted from the bills and their deliveries: one scan, as a dashboard without kept facts would make for
each page. Promised at five million bills: each page costs a hundredth of the scan, which finds what is kept. SQLite
works in this process; nothing is kept of metrics from one asking to the next.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import and_, func, select
from werkzeug.test import TestResponse

from adoption.bill_contribution import bills_by_month
from bench.adoption_facts import count_on
from bench.million_bill_rows import DELIVERY, ENROLMENT, fill_from
from bench.million_bill_store import open_for, writing
from config import load
from portal.access.password_hash import hash_password
from portal.app import make_app
from portal.monitoring import service_collector
from portal.operators.adoption.month_lists import FIGURES
from store import Store
from store.accounts.consent import Consent
from store.bills.bill import BillRow
from store.delivery import Receipt
from store.facts.monthly_fact import LASTING, facts
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from store.staff_member import Staff

NOW: Final = datetime.now(UTC)
PASSWORD: Final = "an operator of the bench"
PROMISED: Final = 100
MEASURES: Final = ("bounced", "returned", "fallback_letters", "sms", "wide", "back30", "claims", "claim_days_p50")
PAGES: Final = (
    "/equipe/adoption", "/equipe/adoption/emetteur/lumiere", "/equipe/adoption/entonnoir", "/equipe/adoption/cohortes",
    "/equipe/adoption/papier", "/equipe/adoption/mesures", "/equipe/campagnes", "/equipe/ce-soir", "/metrics",
    "/v1/adoption", "/equipe/adoption/contrats?etape=invited", "/equipe/adoption/contrats?arret=claimed",
    "/equipe/adoption/papier/factures?motif=account_unclaimed",
    *(f"/equipe/adoption/mois?mois={NOW:%Y-%m}&chiffre={figure}" for figure in FIGURES),
    *(f"/equipe/adoption/mesures/liste?mesure={code}" for code in MEASURES),
)  # fmt: skip


def operator(app: Flask, store: Store) -> FlaskClient:
    """An operator who has signed in."""
    email = "bench@facteur.example"
    with store.writing() as session:
        if session.scalar(select(Staff.id).where(Staff.email == email)) is None:
            session.add(Staff(email=email, password_hash=hash_password(PASSWORD), added_at=NOW, role="admin"))
    client = app.test_client()
    [token] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/equipe/connexion").text)[:1]
    answer = client.post("/equipe/connexion", data={"email": email, "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 303, answer.text
    return client


def program(app: Flask, store: Store) -> Callable[[str], TestResponse]:
    """Asks for a page with a key of the first issuer."""
    with store.writing() as session:
        key = new_key(session, session.get_one(Issuer, 1), NOW, name="bench")
    client = app.test_client(use_cookies=False)
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {key}"})


def add_what_is_rare(store: Store) -> None:
    """Of fifty thousand letters and messages one comes back, and of ten thousand accounts one goes back to paper."""
    with store.reading() as session:
        if session.scalar(select(Consent.id).where(Consent.act == "paper").limit(1)) is not None:
            return
    with writing(store) as connection:
        for channel, kind in (("paper", "returned"), ("email", "bounced")):
            sent = DELIVERY.c
            one_in = and_(sent.channel == channel, sent.sent_at.is_not(None), sent.bill_id % 50_000 == 1)
            came_back = {"delivery_id": sent.id, "kind": kind, "at": sent.sent_at}
            fill_from(connection, Receipt, came_back, DELIVERY, where=one_in)
        held = ENROLMENT.c
        back = {"account_id": held.account_id, "act": "paper", "at": held.enrolled_at, "wording": "bench"}
        fill_from(connection, Consent, back, ENROLMENT, where=held.account_id % 10_000 == 1)


def scan(store: Store) -> None:
    """Count every issuer's figures of every month from the rows, and compare them with what is kept."""
    with store.reading() as session:
        counted = bills_by_month(session, date.max)
        for cell, kept in facts(session).items():
            assert {name: n for name, n in kept.items() if name not in LASTING} == {
                name: n for name, n in counted.pop(cell, {}).items() if n
            }, cell
        assert not counted


def cpu(act: Callable[[], object]) -> float:
    """The seconds of CPU that this takes."""
    began = time.process_time()
    act()
    return time.process_time() - began


def main() -> None:
    store, rounds = open_for(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    add_what_is_rare(store)
    count_on(store, NOW)
    service_collector.KEPT_SECONDS = 0.0  # type: ignore[misc]
    settings = load({"FACTEUR_HOME": tempfile.mkdtemp(), "FACTEUR_DATABASE_URL": "sqlite://"})
    app = make_app(store, settings, lambda: NOW)
    ask_as_staff, ask_as_program = operator(app, store).get, program(app, store)
    with store.reading() as session:
        bills = session.scalar(select(func.count()).select_from(BillRow))
    taken: dict[str, list[float]] = {path: [] for path in PAGES}
    scans = []
    for _ in range(rounds):
        scans.append(cpu(lambda: scan(store)))
        for path in PAGES:
            ask = ask_as_program if path.startswith("/v1/") else ask_as_staff
            assert ask(path).status_code == 200, path  # once before it is measured: what is compiled is compiled
            taken[path].append(min(cpu(lambda: ask(path)) for _ in range(3)))  # noqa: B023
    store.close()
    print(f"{bills} bills, a scan {median(scans):.1f} s of CPU")
    slow = 0
    for path, each in taken.items():
        times = median(scans) / median(each)
        slow += times < PROMISED
        print(f"  {'kept  ' if times >= PROMISED else 'BROKEN'} {times:8.0f} x  {1000 * median(each):8.1f} ms  {path}")
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
