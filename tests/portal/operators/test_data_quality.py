"""The data quality page: what keeps coming back, whether it gets better, what to do; and a company's bill marked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bill import warning
from issuers.data_quality_rules import QUALITY_RULES
from portal.access.password_hash import hash_password
from portal.operators.presenters.data_quality_advice import RULES
from portal.presenters.svg_charts import ranked
from store import Store
from store.bills.bill import BillRow
from store.feeds.item import keep_findings
from store.issuer import Issuer
from store.staff_member import Staff
from tests.adoption.sample_accounts import World
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.presenters.test_svg_charts import parse
from tests.portal.sample_town import PASSWORD, a_bill
from tests.portal.sample_town import World as Town
from tests.pseudo_locale import text_of
from tests.word_catalogues import said

SHOUTED = warning("DQ-NAME-CASE", "'ALICE MARTIN' is written in capitals throughout", "BT-44")
NO_MAIL = warning("DQ-MAIL", "'néant' is no address", "BT-58")
NO_STREET = warning("DQ-ADDRESS-STREET", "the address has no street and no named place", "BT-50")


@pytest.fixture
def mina(store: Store, clock: Clock, browser: Callable[[], Browser]) -> Browser:
    """Mina works for Lumière, whose four feeds of 100 bills had 30, 20, 5 and 5 shouted names."""
    with store.writing() as session:
        world = World(session)
        lumiere, eaux = world.issuer("lumiere", "Lumière de l’Ouest"), world.issuer("eaux", "Eaux du Pays de Retz")
        for age, shouted in ((90, 30), (60, 20), (30, 5), (1, 5)):
            feed = world.feed(lumiere, clock() - timedelta(days=age), state="settled", entries=100)
            keep_findings(session, feed.id, [(n, f"L-{age}-{n}", SHOUTED) for n in range(shouted)])
        keep_findings(session, feed.id, [(99, "L-99", NO_STREET), (100, "L-100", warning("BR-CL-04", "unknown"))])
        other = world.feed(eaux, clock(), state="settled", entries=10)
        keep_findings(session, other.id, [(1, "E-1", warning("DQ-IBAN", "the check digits are wrong", "BT-91"))])
        kept = hash_password(PASSWORD)
        world.add(Staff(email="mina@facteur.example", password_hash=kept, added_at=clock(), issuer_id=lumiere.id))
    mine = browser()
    mine.get("/equipe/connexion")
    mine.post("/equipe/connexion", email="mina@facteur.example", password=PASSWORD)
    return mine


def test_mina_sees_what_comes_back_how_often_and_that_it_gets_better(mina: Browser) -> None:
    page = mina.get("/equipe/qualite").text
    assert "Nom tout en capitales ou tout en minuscules\u00a0: 60\u202f; Adresse sans rue\u00a0: 1." in page
    assert "en baisse" in page
    assert "10\N{NO-BREAK SPACE}% des derniers flux" in page
    assert "l’enveloppe se charge des capitales" in page.lower()
    assert all(f">L-1-{n}</a>" in page for n in range(5))
    assert "L-30-1<" not in page, "examples are of the latest feed"
    assert "BR-CL-04" not in page
    assert "DQ-IBAN" not in page, "another issuer's"


def test_what_it_costs_is_by_what_went_on_paper_and_whose_prices(
    mina: Browser, store: Store, world: Town, clock: Clock
) -> None:
    assert "Ce que cela coûte" not in mina.get("/equipe/qualite").text, "nothing that costs went on paper"
    with store.writing() as session:
        lumiere = session.scalars(select(Issuer).where(Issuer.slug == "lumiere")).one()
        lumiere.profile = "[quality]\nletter_price = 2\n"
        lumiere_id = lumiere.id
    rows = world.drop(lumiere_id, [a_bill(f"P-{n}", f"C-{n}", clock().date()) for n in range(8)])
    with store.writing() as session:
        feed_id = rows["P-0"].feed_id
        session.execute(update(BillRow).where(BillRow.number.in_(["P-0", "P-1"])).values(channel="portal"))
        keep_findings(session, feed_id, [(n + 1, f"P-{n}", NO_MAIL) for n in range(8)])
        keep_findings(session, feed_id, [(3, "P-2", warning("DQ-IBAN", "the check digits are wrong", "BT-91"))])
    page = " ".join(text_of(mina.get("/equipe/qualite").text).split())
    assert "Ce que cela coûte, mois par mois" in page
    assert "18,20 € : 6 lettres au lieu de courriels, 10 minutes de quelqu’un." in page.replace("\xa0", " ")
    assert "Eurostat" in page


def test_the_same_in_english(mina: Browser) -> None:
    mina.post("/langue", language="en", suite="/equipe/qualite")
    page = mina.get("/equipe/qualite").text
    assert "A name all in capitals, or all small" in page
    assert "falling" in page


def test_every_rule_has_its_words_in_both_languages() -> None:
    assert set(RULES) == set(QUALITY_RULES)
    spoken = [text for words in RULES.values() for text in words]
    assert [text for text in spoken if text not in said("sentences")] == []


def test_ranked_bars_are_as_long_as_their_values() -> None:
    root = parse(ranked("Ce qui revient", [("Sans rue", 40.0), ("En capitales", 10.0)], str))
    widths = [float(bar.get("width", "")) for bar in root.iter("rect")]
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.2)
    assert root.get("aria-label") == "Ce qui revient. Sans rue\u00a0: 40.0\u202f; En capitales\u00a0: 10.0."
    assert ranked("Rien", [], str) == ""


def test_a_company_sees_that_its_bill_is_a_copy(store: Store, world: Town, browser: Callable[[], Browser]) -> None:
    issuer = world.issuer("lumiere", "Lumière de l’Ouest")
    rows = world.drop(issuer, [a_bill("L-1", "C-1", world.today), a_bill("L-2", "C-1", world.today)])
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "L-2").values(is_copy=True))
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin", holds={issuer: "C-1"}))
    assert mine.get("/").text.count("copie") == 1
    assert "passe par une plateforme agréée" not in mine.get(f"/factures/{rows['L-1'].uid}").text
    assert "passe par une plateforme agréée" in mine.get(f"/factures/{rows['L-2'].uid}").text
