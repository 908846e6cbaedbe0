"""`facteur adoption plan` and `forecast`: what is planned, what is foretold, and what that assumes."""

import pytest

from adoption.calendar_months import earlier
from config import load
from store import open_store
from store.facts.monthly_fact import FactCount
from store.issuer import all_issuers
from store.last_worked_as_of import note_work
from store.vault.key_ring import KeyRing
from tests.adoption.sample_accounts import moment
from tests.adoption.simulated_issuers import FIVE, keep_months
from tests.cli.conftest import Run, lines

PLAN = ("--start", "2024-06", "--months", "60", "--target", "40 %", "--by", "claire", "--reason", "budget")


@pytest.fixture
def counted(environment: dict[str, str], facteur: Run) -> None:
    """Eaux, whose last 30 months are counted, and Mobile, which has no bill yet."""
    for slug in ("eaux", "mobile"):
        facteur("issuer", "add", slug, "--name", slug.title())
    config = load(environment)
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    history = FIVE["water, a bill a quarter"].history()[:30]
    with store.writing() as session:
        [eaux] = [each for each in all_issuers(session) if each.slug == "eaux"]
        last = history[-1].month
        session.add(FactCount(id=1, time_zone="Europe/Paris", is_full=True, month=earlier(last, -1)))
        keep_months(session, eaux.id, history)
        note_work(session, moment(earlier(last, -1)), moment(earlier(last, -1)))
    store.close()


@pytest.mark.usefixtures("counted")
def test_a_plan_is_set_and_a_forecast_told(facteur: Run) -> None:
    set_plan = ("adoption", "plan", "set", "eaux", *PLAN)
    assert "version 1 of the plan is set" in facteur(*set_plan, "--milestone", "12=10,5").stderr
    assert "this is the plan already" in facteur(*set_plan, "--milestone", "12=10.5").stderr
    assert "above the one before" in facteur(*set_plan, "--milestone", "12=50", expect=1).stderr
    assert "is no milestone" in facteur(*set_plan, "--milestone", "twelve", expect=2).stderr
    [plan] = lines(facteur("adoption", "plan", "show", "eaux", "--json"))
    assert (plan["target"], plan["milestones"]) == (0.4, [{"after": 12, "share": 0.105}])
    assert [plan["planned"][n]["share"] for n in (0, 12, 60)] == [0.0, 0.105, 0.4]
    assert [each["by"] for each in plan["versions"]] == ["claire"]
    assert "40%" in facteur("adoption", "plan", "show", "eaux").stdout
    assert "no adoption plan" in facteur("adoption", "plan", "show", "mobile", expect=1).stderr

    told = lines(facteur("adoption", "forecast", "--json"))
    eaux, mobile = [row for row in told if row["issuer"] == "eaux"], [row for row in told if row["issuer"] == "mobile"]
    assert len(eaux) == 60
    assert (eaux[0]["month"], eaux[-1]["month"]) == ("2025-07", "2030-06")
    assert all(row["low"] <= row["expected"] <= row["high"] for row in eaux)
    assert eaux[0]["assumes"][0].startswith("Bass diffusion: each month, ")
    assert (mobile[0]["expected"], len(mobile)) == (None, 1)
    assert mobile[0]["why_not"] == "no forecast yet: 0 months with contracts have ended, and it takes 6"
    assert "put to the test: from the first 15 months" in facteur("adoption", "forecast", "--issuer", "eaux").stdout
