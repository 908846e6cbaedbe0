"""What the pages of adoption, *Ce soir* and the metrics cost beside counting all bills: CPU time, in one run by turns.

    python -m bench.dashboards FOLDER [ROUNDS]      a store that `python -m bench.million_bill_store` has filled

First whatever is left to count is counted. Then an operator asks for each page, of all issuers and twelve months, and
in between the figures of every issuer and month are counted from the bills and their deliveries: one scan, as a
dashboard without kept facts would make for each page. Promised at five million bills: each page costs a hundredth of
the scan. SQLite works in this process; nothing is kept of metrics from one asking to the next.
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
from sqlalchemy import func, select

from adoption.bill_contribution import bills_by_month
from bench.adoption_facts import count_on
from bench.million_bill_store import open_for
from config import load
from portal.access.password_hash import hash_password
from portal.app import make_app
from portal.monitoring import service_collector
from store import Store
from store.bills.bill import BillRow
from store.staff_member import Staff

NOW: Final = datetime.now(UTC)
PASSWORD: Final = "an operator of the bench"
PROMISED: Final = 100
PAGES: Final = (
    "/equipe/adoption", "/equipe/adoption/emetteur/lumiere", "/equipe/adoption/entonnoir", "/equipe/adoption/cohortes",
    "/equipe/adoption/papier", "/equipe/adoption/mesures", "/equipe/adoption/contrats?etape=invited",
    "/equipe/adoption/papier/factures?motif=account_unclaimed", "/equipe/campagnes", "/equipe/ce-soir", "/metrics",
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


def scan(store: Store) -> None:
    """Count every issuer's figures of every month from the rows."""
    with store.reading() as session:
        assert bills_by_month(session, date.max)


def cpu(act: Callable[[], object]) -> float:
    """The seconds of CPU that this takes."""
    began = time.process_time()
    act()
    return time.process_time() - began


def main() -> None:
    store, rounds = open_for(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    count_on(store, NOW)
    service_collector.KEPT_SECONDS = 0.0  # type: ignore[misc]
    settings = load({"FACTEUR_HOME": tempfile.mkdtemp(), "FACTEUR_DATABASE_URL": "sqlite://"})
    staff = operator(make_app(store, settings, lambda: NOW), store)
    with store.reading() as session:
        bills = session.scalar(select(func.count()).select_from(BillRow))
    taken: dict[str, list[float]] = {path: [] for path in PAGES}
    scans = []
    for _ in range(rounds):
        scans.append(cpu(lambda: scan(store)))
        for path in PAGES:
            assert staff.get(path).status_code == 200, path  # once before it is measured: what is compiled is compiled
            taken[path].append(min(cpu(lambda: staff.get(path)) for _ in range(3)))  # noqa: B023
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
