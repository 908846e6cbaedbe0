"""What Alice spent and used, by month and year: as the bills say, of her contracts alone, on the page and as CSV."""

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from sqlalchemy import select

from store import Store
from store.bills.bill import BillRow
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill, furnish

NewBrowser = Callable[[], Browser]
NUMBERS = {"lumiere": "C-1001", "eaux": "R-1187", "mobile": "0612345678", "banque": "00412"}


@pytest.fixture
def town(world: World) -> dict[str, int]:
    return furnish(world)


@pytest.fixture
def alice(browser: NewBrowser, world: World, town: dict[str, int]) -> Browser:
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin", holds={town[slug]: number for slug, number in NUMBERS.items()}))
    return mine


def way_to(page: str, name: str) -> str:
    """The address of a contract in the list of contracts."""
    rows = re.findall(r'<a class="row" href="(/factures/annees[^"]*)">(.*?)</a>', page, re.DOTALL)
    return next(address.replace("&amp;", "&") for address, words in rows if name in words)


def test_the_year_so_far_beside_the_year_before(alice: Browser, store: Store) -> None:
    """By hand: all bills of the year less the credit note of 12,00 €; the electricity of 28 February 2025 is of the
    year before."""
    with store.reading() as session:
        rows = session.scalars(select(BillRow).where(BillRow.issue_date >= date(2026, 1, 1))).all()
        total = sum((-row.payable if row.type_code == "381" else row.payable for row in rows), Decimal(0))
    page = plain(alice.get("/factures/annees").text)
    spelled = f"{total:.2f}".replace(".", ",")
    assert f"Facturé en 2026, jusqu’ici {spelled} €" in page
    assert "à la même date" not in page, "bills are known from March 2025 on only"
    assert "un an avant" not in page
    assert "2026 devant, 2025 plus pâle" in page


def test_a_contract_alone_says_what_it_used(alice: Browser) -> None:
    """350 kWh in thirty days, every thirty days, until 27 February."""
    page = alice.get(way_to(alice.get("/factures/annees").text, "Lumière"))
    words = plain(page.text)
    assert "Numéro de client C-1001" in words
    assert "677 kWh en 2026, jusqu’au 27 février." in words  # 58 days of 350/30
    assert '<tr><th scope="row">Janvier</th>' in page.text
    assert re.search(r"Janvier – 362 kWh", words), "31 days of 350/30; the year before is not known"
    assert "Mobile+" not in words


def test_where_a_year_is_not_known_its_latest_month_is_compared(browser: NewBrowser, world: World) -> None:
    gaz = world.issuer("gaz", "Gaz de Loire", 'trade = "gas"')
    costs = {date(2025, 2, 3): "10.00", date(2026, 1, 3): "11.00", date(2026, 2, 3): "8.50", date(2026, 3, 2): "1.00"}
    world.drop(gaz, [a_bill(f"G-{day}", "G-7", day, cost, rate="0", unit="C62") for day, cost in costs.items()])
    bob = browser()
    bob.sign_in(world.consumer("Bob Martin", holds={gaz: "G-7"}))
    page = plain(bob.get("/factures/annees").text)
    assert "20,50 € En février, 1,50 € de moins qu’un an avant." in page
    assert "Consommation" not in page


def test_last_year_is_a_page_too(alice: Browser) -> None:
    page = plain(alice.get("/factures/annees?annee=2025").text)
    assert "Facturé en 2025" in page
    assert "jusqu’ici" not in page
    assert "Facturé en 2026, jusqu’ici" in plain(alice.get("/factures/annees?annee=1999").text)


def test_a_year_ago_to_the_day(browser: NewBrowser, world: World) -> None:
    """Bob's bills of two years: 10 € each month, 12 € from this year on; today is 3 March."""
    gaz = world.issuer("gaz", "Gaz de Loire", 'trade = "gas"')
    issued = [date(2024 + n // 12, 1 + n % 12, 3) for n in range(26)]
    costs = {2024: "10.00", 2025: "10.00", 2026: "12.00"}
    bills = [
        a_bill(f"G-{day}", "G-7", day, costs[day.year], rate="0", quantity=f"{2326 - day.year}")
        for day in [*issued, date(2026, 3, 3)]
    ]
    world.drop(gaz, bills)
    bob = browser()
    bob.sign_in(world.consumer("Bob Martin", holds={gaz: "G-7"}))
    page = plain(bob.get("/factures/annees").text)
    assert "Facturé en 2026, jusqu’ici 36,00 € 6,00 € de plus qu’en 2025 à la même date." in page
    assert "de moins qu’en 2025 à la même date." in page, "one kWh a bill"
    assert "Dépenses par année" in page
    assert "Facturé en 2025 120,00 € Autant qu’en 2024." in plain(bob.get("/factures/annees?annee=2025").text)
    assert "As much as in 2024." in plain(
        bob.get("/factures/annees?annee=2025", headers={"Accept-Language": "en"}).text
    )


def test_the_figures_as_csv_are_those_of_the_bills(alice: Browser, store: Store) -> None:
    with store.reading() as session:
        rows = session.scalars(select(BillRow)).all()
        total = sum((-row.payable if row.type_code == "381" else row.payable for row in rows), Decimal(0))
    answer = alice.get("/factures/annees.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    lines = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert sum(Decimal(line["Montant"].replace(",", ".")) for line in lines if line["Montant"]) == total
    whole = [line for line in lines if line["Mois"] == "2025-08" and line["Émetteur"].startswith("Lumière")]
    assert [(line["Contrat"], line["Factures"], line["Unité"]) for line in whole] == [("C-1001", "1", "kWh")]
    assert {len(line["Montant"].partition(",")[2]) for line in lines if line["Montant"]} == {2}  # cents
    assert Decimal(whole[0]["Consommation"].replace(",", ".")) == pytest.approx(Decimal(31 * 350) / 30, abs=1)


def test_the_csv_is_written_as_its_reader_writes_figures(alice: Browser) -> None:
    french = alice.get("/factures/annees.csv").text
    assert re.search(r";1;\d+,\d\d;EUR;", french)
    alice.get("/")
    alice.post("/langue", language="en")
    english = alice.get("/factures/annees.csv").text
    assert english.startswith("\ufeffMonth,Issuer,Contract,Bills,Amount,Currency,Consumption,Unit\r\n")
    assert re.search(r",1,\d+\.\d\d,EUR,", english)
    assert alice.get("/factures/annees.csv").headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_is_not_hers_is_not_there(browser: NewBrowser, world: World, town: dict[str, int], store: Store) -> None:
    charlie, stranger = browser(), browser()
    charlie.sign_in(world.consumer("Charlie Faure", holds={town["mobile"]: "0612345678"}))
    theirs = store.public_ids.of("account", world.account_id(town["lumiere"], "C-1001"))
    for path in ("/factures/annees", "/factures/annees.csv"):
        assert "Lumière" not in charlie.get(path).text
        assert charlie.get(f"{path}?contrat={theirs}").status_code == 404
        assert charlie.get(f"{path}?contrat=nonsense").status_code == 404
        assert "Votre adresse" in stranger.get(path).text, "asked to sign in"


def test_nothing_yet_has_a_way_on(browser: NewBrowser, world: World) -> None:
    dora = browser()
    dora.sign_in(world.consumer("Dora Petit"))
    page = plain(dora.get("/factures/annees").text)
    assert "Pas encore de facture ici" in page
    assert "Facturé" not in page
