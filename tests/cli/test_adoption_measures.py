"""`facteur adoption` and `adoption measures`: they tell what a slow count of the rows finds."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from adoption.monthly_facts import PARIS, measure
from config import load
from store import open_store
from store.last_worked_as_of import note_work
from store.vault.key_ring import KeyRing
from tests.adoption.busy_town import BusyTown
from tests.adoption.slow_count import SlowCount
from tests.cli.conftest import Run, lines

#: Counts that `adoption --json` tells under their own names.
TOLD = ("bills", "presented", "notified", "read30", "reminders", "returned", "spared", "posted", "consents", "payable")


class Told:
    """What a slow count finds of each issuer in the last month that the town lived in, and in each of its days."""

    def __init__(self, environment: dict[str, str]) -> None:
        config = load(environment)
        store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        with Session(store.engine, expire_on_commit=False) as session:
            town = BusyTown(session, 5)
            for _ in range(150):
                town.act()
            note_work(session, town.now, town.now)
            self.yesterday = town.now.astimezone(PARIS).date() - timedelta(days=1)
            session.commit()
            while measure(store, town.now):
                pass
            slow = SlowCount(session, PARIS)
            self.slugs = {issuer.id: issuer.slug for issuer in town.issuers}
            self.flows = slow.bill_counts() + slow.acts()
            self.month = max(day for _, day, *_ in self.flows if day <= town.now.date()).replace(day=1)
            self.last = (self.month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            self.levels = slow.levels(self.last)
        store.close()

    def month_of(self, slug: str) -> Counter[str]:
        """The counts of an issuer in the month."""
        found: Counter[str] = Counter()
        for (issuer_id, day, _, _, name), value in self.flows.items():
            if self.slugs[issuer_id] == slug and self.month <= day <= self.last:
                found[name] += value
        for (issuer_id, _, _, name), value in self.levels.items():
            if self.slugs[issuer_id] == slug:
                found[name] += value
        return found


@pytest.fixture
def told(environment: dict[str, str], facteur: Run) -> Told:
    facteur("issuer", "add", "other", "--name", "Other")
    return Told(environment)


def test_what_is_told_equals_a_slow_count(told: Told, facteur: Run) -> None:
    months = [row for row in lines(facteur("adoption", "--json")) if row["month"] == f"{told.month:%Y-%m}"]
    assert months
    for row in months:
        counts, measures = told.month_of(row["issuer"]), row["measures"]
        expected = {name: counts[name] for name in (*TOLD, "accounts", "enrolled", "eligible", "both", "invited")}
        assert {name: measures[name] for name in expected} == expected
        share = None if not counts["presented"] else round(counts["read30"] / counts["presented"], 4)
        assert measures["read30_rate"] == pytest.approx(share) if share is not None else True
        letters = Decimal("1.62") * (counts["spared"] - counts["fallback_letters"])
        spent = Decimal("0.002") * counts["emails"] + Decimal("0.06") * counts["sms"]
        invited = Decimal(counts["invitation_cost"]) / 10_000
        assert measures["euros_saved"] == pytest.approx(float(letters - spent - invited))

    days = ("--from", f"{told.month}", "--to", f"{told.last}")
    [eaux] = lines(facteur("adoption", "measures", "--issuer", "eaux", *days, "--json"))
    assert eaux["measures"] == next(row["measures"] for row in months if row["issuer"] == "eaux")
    by_day = lines(facteur("adoption", "measures", *days, "--by-day", "--json"))
    found = {
        (row["issuer"], date.fromisoformat(row["day"]), row["state"], row["arm"], name): value
        for row in by_day for name, value in row["counts"].items() if name in TOLD
    }  # fmt: skip
    assert found == {
        (told.slugs[issuer_id], day, state, arm, name): value
        for (issuer_id, day, state, arm, name), value in told.flows.items()
        if told.month <= day <= told.last and name in TOLD
    }
    assert "bills" in facteur("adoption", "measures", "--issuer", "eaux", *days).stdout
    [usual] = lines(facteur("adoption", "measures", "--issuer", "eaux", "--json"))
    assert (usual["from"], usual["to"]) == (f"{told.yesterday - timedelta(days=29)}", f"{told.yesterday}")
    assert "after the last one" in facteur("adoption", "measures", "--from", "2031-01-01", expect=1).stderr
