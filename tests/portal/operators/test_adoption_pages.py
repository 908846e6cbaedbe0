"""The adoption pages: the curve against the plan with its forecast, the plan's form, and a quarterly issuer's bills."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from adoption.calendar_months import earlier
from adoption.forecast.refresh_forecasts import refresh_forecasts
from store import Store
from store.adoption_plans.plan_version import plan_versions
from store.facts.monthly_fact import FactCount
from store.staff_member import Staff
from tests.adoption.sample_accounts import World
from tests.adoption.simulated_issuers import FIVE, keep_months
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.staff_office import KEPT, PASSWORD

EAUX = "/equipe/adoption/emetteur/eaux"
PLAN = {
    "start": "2024-01", "months": "60", "begins_at": "5", "target": "62,5", "after_12": "20", "after_24": "",
    "after_36": "", "after_48": "", "why": "budget 2024",
}  # fmt: skip
HISTORY = FIVE["water, a bill a quarter"].history()[:30]
#: In the middle of the month after the last one that ended.
NOW = datetime(2025, 7, 15, 9, tzinfo=UTC)


@pytest.fixture
def eaux(store: Store, clock: Clock) -> int:
    """Eaux sends a bill a quarter, and is counted; Lumière has no bill yet. Oscar is an operator, Eva an admin of Eaux,
    Rita reads there, Mina works for Lumière. Returns Eaux's id."""
    clock.now = NOW
    with store.writing() as session:
        world = World(session)
        lumiere, found = world.issuer("lumiere", "Lumière de l’Ouest"), world.issuer("eaux", "Eaux du Pays de Retz")
        world.issuer("mesures", "Mesures de Loire")
        session.add(FactCount(id=1, time_zone="Europe/Paris", is_full=True, month=earlier(HISTORY[-1].month, -1)))
        keep_months(session, found.id, HISTORY, bills_every=3)
        for name, issuer_id, role in (
            ("oscar", None, "admin"), ("eva", found.id, "admin"), ("rita", found.id, "reader"),
            ("mina", lumiere.id, "admin"),
        ):  # fmt: skip
            email = f"{name}@facteur.example"
            session.add(Staff(email=email, password_hash=KEPT, added_at=NOW, issuer_id=issuer_id, role=role))
    while refresh_forecasts(store, NOW):
        pass
    return found.id


@pytest.fixture
def staff(eaux: int, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """A browser with somebody signed in."""

    def signed_in(name: str) -> Browser:
        mine = browser()
        mine.get("/equipe/connexion")
        mine.post("/equipe/connexion", email=f"{name}@facteur.example", password=PASSWORD)
        return mine

    return signed_in


def test_eva_sets_a_plan_and_sees_the_curve_against_it(
    eaux: int, store: Store, staff: Callable[[str], Browser]
) -> None:
    eva = staff("eva")
    page = eva.get("/equipe/adoption").text
    assert "Aucun plan encore" in page
    assert "Au rythme d’aujourd’hui, entre " in page
    assert page.count('class="band"') == 1
    eva.get(f"{EAUX}/plan")
    for changes, words in (
        ({"months": "12"}, "un plan dure de 36 à 60 mois"), ({"target": "4"}, "la cible dépasse la part du début"),
        ({"after_24": "10"}, "chaque étape dépasse la précédente"),
        ({"begins_at": "−5"}, "une part est un pourcentage"),
    ):  # fmt: skip
        refused = eva.post(f"{EAUX}/plan", **(PLAN | changes), base="0")
        assert (refused.status_code, words in refused.text) == (422, True), words
        eva.get(f"{EAUX}/plan")
    page = eva.post(f"{EAUX}/plan", **PLAN, base="0").text.replace("\u00a0", " ")
    assert "le plan est fixé" in page
    assert "Fin juin 2025 : 18 % sans papier, moins que les 24 % du plan." in page
    assert re.search(r"entre \d+ % et \d+ % fin janvier 2029\. La cible de 63 % demande davantage\.", page)
    assert "Diffusion de Bass : chaque mois, " in page
    assert "budget 2024" in page
    assert (
        "De 5,0 % à 63 % des contrats sans papier, entre janvier 2024 et janvier 2029. 20 % au bout de 12 mois." in page
    )
    eva.get(f"{EAUX}/plan")
    assert eva.post(f"{EAUX}/plan", **(PLAN | {"target": "70"}), base="0").status_code == 409
    eva.get(f"{EAUX}/plan")
    assert "Rien n’a changé" in eva.post(f"{EAUX}/plan", **PLAN, base="1").text
    with store.reading() as session:
        assert [(each.number, each.by) for each in plan_versions(session, eaux)] == [(1, "eva@facteur.example")]
    sheet = eva.get(f"{EAUX}/feuille.csv").text.splitlines()
    assert sheet[1].startswith("2023-01;20000;")
    assert sheet[-1].startswith("2029-01;;;;;62,50;")
    assert len(sheet) == 1 + 12 * 6 + 1


def test_who_may_see_and_set_which_plan(staff: Callable[[str], Browser]) -> None:
    rita, mina, oscar = staff("rita"), staff("mina"), staff("oscar")
    page = rita.get("/equipe/adoption").text
    assert "Fixer un plan" not in page
    assert rita.get(f"{EAUX}/plan").status_code == 404
    for path in ("", "/plan", "/feuille.csv"):
        theirs, nobodys = mina.get(f"{EAUX}{path}"), mina.get(f"/equipe/adoption/emetteur/nowhere{path}")
        assert (theirs.status_code, theirs.data) == (404, nobodys.data)
    everybody = oscar.get("/equipe/adoption").text
    assert f'href="{EAUX}"' in everybody
    assert "Lumière" not in everybody, "it has neither a bill nor a plan"
    assert "Fixer un plan" in oscar.get(EAUX).text
    assert oscar.get("/equipe/adoption/emetteur/lumiere").status_code == 200
    assert "<h1>Mesures de Loire</h1>" in oscar.get("/equipe/adoption/emetteur/mesures").text, "no page but an issuer's"
    for who, status in ((oscar, 200), (mina, 404)):
        assert who.get("/equipe/adoption/eaux").status_code == status, "where the curve was"


def test_a_quarter_without_bills_is_no_nought(staff: Callable[[str], Browser]) -> None:
    """Thirteen months hold four with bills: four bars, and a line through four points of bills read in time."""
    page = staff("eva").get("/equipe/adoption").text
    read, saved = re.findall(r"<figure class=\"chart stack\">.*?</figure>", page, re.DOTALL)[1:3]
    assert saved.count("<rect") == 4
    assert "juin 2025" in saved
    assert "juil. 2025" not in saved, "its bills are yet to come"
    [line] = re.findall(r'<path class="line" d="([^"]+)"', read)
    assert (line.count("M"), line.count(" L"), read.count("<circle")) == (1, 3, 4)
    figures = page[page.index("Les chiffres") :]
    assert figures.count('<td class="number">–</td>') == 9 * 6
