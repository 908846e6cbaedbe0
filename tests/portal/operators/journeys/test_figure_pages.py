"""The funnel, the cohorts and why paper was sent, as staff see them; each figure leads to its list."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from adoption.measures.registry import MEASURES
from adoption.monthly_facts import measure
from store import Store
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from store.last_worked_as_of import note_work
from store.staff_member import Staff
from tests.adoption.journeys.street import NOW, Street
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.staff_office import KEPT, PASSWORD

#: Measures by their names.
_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def signed_in(store: Store, clock: Clock, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """Somebody of staff in September, when the street has come as far as it does: Oscar or Mina."""
    clock.now = NOW
    with store.writing() as session:
        street = Street(session)
        for name, issuer in (("oscar", None), ("mina", street.lumiere)):
            session.add(
                Staff(email=f"{name}@facteur.example", password_hash=KEPT, added_at=NOW,
                      issuer_id=issuer.id if issuer else None)
            )  # fmt: skip
    measure(store, NOW)

    def enter(name: str) -> Browser:
        mine = browser()
        mine.get("/equipe/connexion")
        assert mine.post("/equipe/connexion", email=f"{name}@facteur.example", password=PASSWORD).status_code == 200
        return mine

    return enter


def told(mine: Browser, path: str) -> str:
    """What a page says, in words."""
    answer = mine.get(path)
    assert answer.status_code == 200, path
    return " ".join(_TAG.sub(" ", answer.text).split())


def links(mine: Browser, path: str, to: str) -> list[str]:
    """The addresses that a page leads to."""
    found = re.findall(rf'href="({re.escape(to)}[^"]*)"', mine.get(path).text)
    return [each.replace("&amp;", "&") for each in found]


def listed(mine: Browser, path: str) -> int:
    """How many rows the list at this address has."""
    return mine.get(path).text.count('class="row"')


def test_mina_reads_where_people_leave_and_opens_each_list(signed_in: Callable[[str], Browser]) -> None:
    mina = signed_in("mina")
    page = told(mina, "/equipe/adoption/entonnoir")
    assert "Invités une lettre avec un code est partie, ou un message 6 100" in page
    assert "1 code faux ou périmé" in page.replace("inscription inachevée", "")
    assert "gaston" not in page
    assert "Eaux" not in page
    lists = links(mina, "/equipe/adoption/entonnoir", "/equipe/adoption/contrats?")
    assert [listed(mina, each) for each in lists] == [6, 1, 5, 1, 4, 2, 1, 1, 2, 2, 2, 1, 1]
    sheet = mina.get("/equipe/adoption/contrats/feuille.csv?arret=started").text
    assert re.findall(r"(dora|emile)", sheet) == ["emile", "dora"]
    assert mina.get("/equipe/adoption/entonnoir/feuille.csv").text.splitlines()[3].startswith("Ajout commencé;4;2")
    for nowhere in (
        "entonnoir?emetteur=eaux",
        "contrats?etape=nothing",
        "contrats?cohorte=2026-13&age=1&regard=enrolled",
    ):
        assert mina.get(f"/equipe/adoption/{nowhere}").status_code == 404, nowhere


def test_a_cohort_s_cells_lead_to_their_contracts(signed_in: Callable[[str], Browser]) -> None:
    oscar = signed_in("oscar")
    page = told(oscar, "/equipe/adoption/cohortes")
    assert "Février 2026 2 100" in page
    lists = links(oscar, "/equipe/adoption/cohortes", "/equipe/adoption/contrats?")
    cells = [each for each in lists if "regard=" in each]
    of_months = [each for each in cells if "jusque=" not in each]
    together = [each for each in cells if each not in of_months]
    for of_one_cohort in (of_months, together):
        assert [listed(oscar, each) for each in of_one_cohort] == [2, 1, 1, 2, 1, 1, 1, 1, 1]
    assert [listed(oscar, each) for each in lists if each not in cells] == [2] * 6
    assert "2026-02;2;1;Toujours inscrits;2;2" in oscar.get("/equipe/adoption/cohortes/feuille.csv").text
    assert "Personne n’a ajouté" in told(oscar, "/equipe/adoption/cohortes?mois=3")


def test_why_paper_was_sent_what_it_cost_and_what_would_stop_it(signed_in: Callable[[str], Browser]) -> None:
    oscar, mina = signed_in("oscar"), signed_in("mina")
    page = told(oscar, "/equipe/adoption/papier")
    assert "Sur 10 factures" in page
    assert "8 sont parties sur papier, pour environ 12,96" in page, "1.52 and an envelope and a sheet, eight times"
    assert "Inviter : la lettre porte déjà un code" in page
    lists = links(oscar, "/equipe/adoption/papier", "/equipe/adoption/papier/factures")
    assert [listed(oscar, each) for each in lists] == [8, *[7, 7], *[1, 1], *[7, 7], *[1, 1]], "bills and euros alike"
    assert "Sur 9 factures" in told(mina, "/equipe/adoption/papier")
    theirs = mina.get("/equipe/adoption/papier/factures?motif=account_unclaimed").text
    assert (theirs.count('class="row"'), "gaston" in theirs) == (6, False)
    sheet = oscar.get("/equipe/adoption/papier/factures/feuille.csv?motif=printed_if_unread&emetteur=lumiere").text
    assert len(sheet.splitlines()) == 2
    assert listed(mina, "/equipe/adoption/papier/factures") == 7
    assert mina.get("/equipe/adoption/papier/factures?emetteur=eaux").status_code == 404


def test_every_measure_is_told_by_its_page_its_sheet_and_the_api_alike(
    signed_in: Callable[[str], Browser], app: Flask, store: Store
) -> None:
    mina = signed_in("mina")
    page = told(mina, "/equipe/adoption/mesures")
    assert all(measure.formula in page for measure in MEASURES.values())
    assert "Personne ne suit ce contrat en ligne : 6" in page
    assert (
        'aria-label="Factures\N{NO-BREAK SPACE}: octobre 2025 0, septembre 2026 0"'
        in mina.get("/equipe/adoption/mesures").text
    )
    with store.writing() as session:
        lumiere = session.scalars(select(Issuer).where(Issuer.slug == "lumiere")).one()
        key = new_key(session, lumiere, NOW, scopes=["read"])
    client = app.test_client()

    def ask(query: str) -> Any:
        return client.get(f"/v1/adoption?{query}", headers={"Authorization": f"Bearer {key}"})

    sheet = [line.split(";") for line in mina.get("/equipe/adoption/mesures/feuille.csv").text.splitlines()]
    of_february = {line[1]: line[-1] for line in sheet if line[-2] == "2026-02"}
    answer = ask("from=2026-02-01&to=2026-02-28").get_json()["measures"]
    numbers = {code: float(value.replace(",", ".")) if value else None for code, value in of_february.items()}
    assert {each["measure"]: each["value"] for each in answer} == numbers
    [letters] = ask("from=2026-01-01&to=2026-09-01&measure=letters_by_reason").get_json()["measures"]
    assert letters["parts"] == {"account_unclaimed": 6, "printed_if_unread": 1}
    assert ask("").get_json()["to"] == f"{NOW - timedelta(days=1):%Y-%m-%d}"
    with store.writing() as session:
        note_work(session, NOW, datetime(2026, 2, 28, 23, 30, tzinfo=UTC))  # in France, March has begun
    answer = ask("measure=bills").get_json()
    assert (answer["from"], answer["to"]) == ("2026-01-30", "2026-02-28")
    assert "avril 2025 – mars 2026" in told(mina, "/equipe/adoption/entonnoir")
    refused = [ask("from=2026-03-02&to=2026-03-01"), ask("to=0001-01-03"), ask("measure=nothing")]
    assert [each.status_code for each in refused] == [400, 400, 400]


def test_oscar_reads_the_measures_of_all_issuers_together(signed_in: Callable[[str], Browser]) -> None:
    """Counts are added up, euros are each issuer's at its own price."""
    oscar = signed_in("oscar")

    def of_august(query: str) -> dict[str, str]:
        lines = oscar.get(f"/equipe/adoption/mesures/feuille.csv?{query}").text.splitlines()
        return {line.split(";")[1]: line.split(";")[-1] for line in lines if ";2026-02;" in line}

    both, each = of_august(""), [of_august(f"emetteur={slug}") for slug in ("lumiere", "eaux")]
    for code in ("accounts", "letters", "euros_saved"):
        values = [Decimal(found[code].replace(",", ".") or 0) for found in (both, *each)]
        assert values[0] == values[1] + values[2], code


def test_every_figure_of_a_month_opens_as_many_rows(signed_in: Callable[[str], Browser]) -> None:
    oscar, mina = signed_in("oscar"), signed_in("mina")
    both, own = oscar.get("/equipe/adoption").text, mina.get("/equipe/adoption").text
    months = "/equipe/adoption/mois?mois="
    figures = {
        unescape(path): int(number)
        for path, number in re.findall(rf'href="({re.escape(months)}[^"]+)">(\d+)</a>', both + own)
    }
    assert {path.partition("chiffre=")[2].partition("&")[0] for path in figures} >= {
        "contrats", "inscrits", "sans-papier", "factures", "presentees", "lettres", "evitees",
    }  # fmt: skip
    asked = {path: (mina if "emetteur=" in path else oscar).get(path).text for path in figures}
    assert {path: text.count('class="row"') for path, text in asked.items()} == figures
    bills = next(path for path in figures if "chiffre=factures" in path and "emetteur=" in path)
    sheet = mina.get(bills.replace("mois?", "mois/feuille.csv?")).text
    assert len(sheet.splitlines()) == 1 + figures[bills]
    for nowhere in ("2026-13&chiffre=factures", "2026-03&chiffre=bills", "2026-03&chiffre=factures&emetteur=eaux"):
        assert mina.get(months + nowhere).status_code == 404, nowhere


def test_every_measure_opens_what_it_counts(signed_in: Callable[[str], Browser]) -> None:
    """A row of the sheet says how often it is counted; a share and euros lead to the rows that they are reckoned
    from."""
    oscar, mina = signed_in("oscar"), signed_in("mina")
    lists = "/equipe/adoption/mesures/liste"
    linked = re.findall(rf'href="{lists}\?mesure=(\w+)">([^<]+)</a>', oscar.get("/equipe/adoption/mesures").text)
    sheets = {code: oscar.get(f"{lists}/feuille.csv?mesure={code}").text.splitlines()[1:] for code, _ in linked}
    counted = {code: sum(int(line.split(";")[-1]) for line in lines) for code, lines in sheets.items()}
    figures = {code: int(text) for code, text in linked if text.isdigit() and MEASURES[code].kept == (code,)}
    assert {"accounts", "invited", "bills", "spared", "posted", "claims", "consents"} <= set(figures)
    assert {code: counted[code] for code in figures} == figures
    assert not [line for lines in sheets.values() for line in lines if line.endswith(";0")]
    assert {counted["adoption"], counted["euros_avoided"]} == {figures["paperless"], figures["spared"]}
    assert {code: listed(oscar, f"{lists}?mesure={code}") for code in sheets} == {
        code: len(lines) for code, lines in sheets.items()
    }
    assert listed(mina, f"{lists}?mesure=accounts") < figures["accounts"]
    for nowhere in ("nothing", "letters_by_reason", "accounts&emetteur=eaux"):
        assert mina.get(f"{lists}?mesure={nowhere}").status_code == 404, nowhere
