"""Why a bill changed, on its page: the reasons beside the sentence, the drawing, the table, and how it was counted."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from bill import Attribute, Bill, Identifier, Line, Period
from store.bills.bill import BillRow
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]


def month_of(start: date, days: int = 30) -> Period:
    return Period(start=start, end=start + timedelta(days=days - 1))


def electricity(
    number: str, issued: date, used: str, *, price: str = "0.20", account: str = "C-1", **also: Any
) -> Bill:
    """A bill for the thirty days before the day it is issued, unless *period* says other ones."""
    also.setdefault("period", month_of(issued - timedelta(days=30)))
    read: str = also.pop("read", "")
    extra: list[Line] = also.pop("extra", [])
    net = Decimal(used) * Decimal(price)
    attributes = (Attribute(name="Index", value=f"100 à 200 kWh, {read}"),) if read else ()
    lines = (
        Line(
            id="1", name="Électricité", quantity=Decimal(used), unit="KWH", net_price=Decimal(price), net_amount=net,
            vat_category="S", vat_rate=Decimal(20), attributes=attributes,
        ),
        *extra,
    )  # fmt: skip
    net += sum((line.net_amount or Decimal(0) for line in extra), Decimal(0))
    return a_bill(number, account, issued, net, lines=lines, **also)


class House:
    """Alice's electricity: its bills are dropped in order, and their pages read."""

    def __init__(self, world: World, browser: NewBrowser) -> None:
        self.world, self.browser = world, browser
        self.issuer = world.issuer("lumiere", "Lumière de l’Ouest")
        self.rows: dict[str, BillRow] = {}
        self.alice: Browser | None = None

    def drop(self, *bills: Bill) -> None:
        for bill in bills:
            self.rows |= self.world.drop(self.issuer, [bill])

    def page(self, number: str, query: str = "") -> str:
        if self.alice is None:
            self.alice = self.browser()
            self.alice.sign_in(self.world.consumer("Alice Martin", holds={self.issuer: "C-1"}))
        return self.alice.get(f"/factures/{self.rows[number].uid}{query}").text

    def says(self, number: str, query: str = "") -> str:
        return plain(self.page(number, query))

    @property
    def last(self) -> date:
        return self.world.today - timedelta(days=5)

    @property
    def before(self) -> date:
        return self.last - timedelta(days=30)


@pytest.fixture
def house(world: World, browser: NewBrowser) -> House:
    return House(world, browser)


def fee(name: str, amount: str) -> Line:
    value = Decimal(amount)
    return Line(
        id="2", name=name, quantity=Decimal(1), unit="C62", net_price=value, net_amount=value, vat_category="S",
        vat_rate=Decimal(20),
    )  # fmt: skip


def amounts_of(page: str) -> list[Decimal]:
    """The causes' amounts on the page, the whole difference last."""
    drawn = page.partition('<ul class="waterfall"')[2].partition("</ul>")[0]
    figures = re.findall(r'class="value">([^€]*)', drawn)
    return [Decimal(re.sub(r"<[^>]+>|\s", "", figure).replace(",", ".")) for figure in figures]


def test_one_reason_stands_beside_the_difference(house: House) -> None:
    house.drop(electricity("F-1", house.before, "350"), electricity("F-2", house.last, "377"))
    page = house.says("F-2")
    assert "6,48 € de plus que la précédente" in page
    assert "Raison : 27 kWh de plus." in page
    assert "Toutes les raisons" not in page


def test_several_reasons_add_up_to_the_difference(house: House) -> None:
    house.drop(
        electricity("F-1", house.before, "350", extra=[fee("Frais de rappel", "5.00")]),
        electricity("F-2", house.last, "377", price="0.22", extra=[fee("Option verte", "2.50")]),
    )
    text = house.says("F-2")
    assert "12,53 € de plus que la précédente" in text
    assert "Surtout : Électricité : nouveau prix au" in text
    *causes, whole = amounts_of(house.page("F-2"))
    assert len(causes) == 4
    assert sum(causes) == whole == Decimal("12.53")
    assert "Frais de rappel, plus sur cette facture -6,00 €" in text
    assert "Option verte, nouveau +3,00 €" in text
    assert "Électricité Prix hors taxe : de 0,20 € à 0,22 € +8,73 €" in text
    assert "Électricité Quantité : de 350 à 377 kWh +6,80 €" in text


def test_small_changes_are_never_told_as_nothing(house: House) -> None:
    """Nine kilowatt-hours a year less, in one day less."""
    year = Period(start=house.last - timedelta(days=365), end=house.last - timedelta(days=1))
    before = Period(start=year.start - timedelta(days=366), end=year.start - timedelta(days=1))
    house.drop(
        electricity("F-1", year.start, "3650", price="1.20", period=before),
        electricity("F-2", house.last, "3641", price="1.20", period=year),
    )
    text = house.says("F-2")
    assert "0,003 kWh de plus par jour" in text
    assert "Quantité : de 9,97 à 9,98 kWh par jour" in text


def test_more_fed_in_is_said_as_more(house: House) -> None:
    def fed_in(amount: str) -> Line:
        used = Decimal(amount)
        return msgspec.structs.replace(
            fee("Injection", "0"), unit="KWH", quantity=-used, net_price=Decimal("0.10"), net_amount=-used / 10
        )

    house.drop(
        electricity("F-1", house.before, "350", extra=[fed_in("100")]),
        electricity("F-2", house.last, "350", extra=[fed_in("150")]),
    )
    text = house.says("F-2")
    assert "Raison : Injection : 50 kWh de plus." in text
    assert "Injection Quantité : de -100 à -150 kWh" in text


def test_many_small_reasons_are_joined_and_all_are_in_the_table(house: House) -> None:
    extra = [
        fee(f"Service n° {word}", f"{amount}.00")
        for amount, word in enumerate(("un", "deux", "trois", "quatre", "cinq", "six"), 1)
    ]
    house.drop(electricity("F-1", house.before, "350"), electricity("F-2", house.last, "350", extra=extra))
    text = house.says("F-2")
    assert "autres, 2 lignes +3,60 €" in text
    assert sum(amounts_of(house.page("F-2"))[:-1]) == Decimal("25.20")
    assert text.count("Service n° un") == 2  # in the table, and among the bill's lines


def test_a_bill_without_lines_says_that_it_gives_no_detail(house: House) -> None:
    house.drop(electricity("F-1", house.before, "350"), a_bill("F-2", "C-1", house.last, "100.00", lines=()))
    text = house.says("F-2")
    assert "36,00 € de plus que la précédente" in text
    assert "La facture ne dit pas pourquoi : elle est sans détail." in text
    assert "Ce qui a changé" not in text


def test_the_same_time_last_year_is_a_link_away(house: House) -> None:
    year_ago = house.last - timedelta(days=365)
    house.drop(
        electricity("F-0", year_ago, "300"),
        electricity("F-1", house.before, "350"),
        electricity("F-2", house.last, "377"),
    )
    assert "Comparer avec la même période, un an avant" in house.says("F-2")
    [way] = re.findall(r'href="[^"]+(\?comparer=annee)#change"', house.page("F-2"))
    text = house.says("F-2", way)
    assert "18,48 € de plus que celle du" in text
    assert "Raison : 77 kWh de plus." in text
    assert "Comparer avec la dernière facture" in text
    assert "de plus que la précédente" in house.says("F-2", "?comparer=autre")


def test_the_first_bill_and_one_of_the_same_amount(house: House) -> None:
    house.drop(electricity("F-1", house.before, "350"), electricity("F-2", house.last, "350"))
    assert "précédente" not in house.says("F-1")
    assert "Le même montant que la précédente" in house.says("F-2")
    assert "Ce qui a changé" not in house.says("F-2")


def test_a_bill_that_is_four_times_as_long_is_compared_with_one_as_long(house: House) -> None:
    start = house.last - timedelta(days=120)
    house.drop(
        electricity("F-1", start, "1400", period=month_of(start - timedelta(days=120), 120)),
        electricity("F-2", house.before - timedelta(days=60), "350"),
        electricity("F-3", house.last, "1500", period=month_of(start, 120)),
    )
    assert "de plus que celle du" in house.says("F-3")


def test_an_estimate_is_said_and_so_is_what_corrects_it(house: House) -> None:
    house.drop(
        electricity("F-1", house.before - timedelta(days=30), "350", read="relevé"),
        electricity("F-2", house.before, "300", read="estimé"),
        electricity("F-3", house.last, "410", read="relevé"),
    )
    assert "Consommation relevée au compteur." in house.says("F-1")
    assert "Estimation : l’index sera corrigé au prochain relevé." in house.says("F-2")
    assert "La facture précédente était estimée." in house.says("F-3")


def test_days_that_are_missing_or_billed_twice_are_said(house: House) -> None:
    third = house.last - timedelta(days=60)
    house.drop(
        electricity("F-1", third, "350", period=month_of(third - timedelta(days=30), 27)),
        electricity("F-2", house.before, "350"),
        electricity("F-3", house.last, "350", period=month_of(house.before - timedelta(days=5), 35)),
    )
    assert "Aucune de vos factures ne compte les jours du" in house.says("F-2")
    assert "La facture précédente compte déjà les jours du" in house.says("F-3")
    assert "compte" not in house.says("F-1").partition("Ce qui a changé")[2].partition("Le détail")[0]


def test_one_meter_in_two_contracts_of_the_same_reader_is_a_question(world: World, browser: NewBrowser) -> None:
    meter = Identifier(value="09 4100 1234 5678")
    ours, other = world.issuer("lumiere", "Lumière de l’Ouest"), world.issuer("gaz", "Gaz de Nantes")
    day = world.today - timedelta(days=5)
    row = world.drop(ours, [electricity("F-1", day, "350", object_id=meter)])["F-1"]
    world.drop(other, [electricity("G-1", day, "340", account="G-9", object_id=Identifier(value="09410012345678"))])
    alice, charlie = browser(), browser()
    alice.sign_in(world.consumer("Alice Martin", holds={ours: "C-1", other: "G-9"}))
    text = plain(alice.get(f"/factures/{row.uid}").text)
    assert "Un autre de vos contrats compte le même compteur" in text
    assert "la facture G-1 de Gaz de Nantes" in text
    assert alice.page.text.count(f'href="/factures/{row.uid}/question"') == 2  # beside it, and below for any question
    charlie.sign_in(world.consumer("Charlie Moreau", holds={ours: "C-1"}))
    page = charlie.get(f"/factures/{row.uid}").text
    assert "F-1" in page
    assert "G-1" not in page
    assert "le même compteur" not in page


def test_what_an_issuer_writes_stays_text(house: House) -> None:
    hostile = "<script>alert(1)</script>{n}|%s"
    house.drop(
        electricity("F-1", house.before, "350"), electricity("F-2", house.last, "360", extra=[fee(hostile, "3.00")])
    )
    page = house.page("F-2")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{n}|%s") >= 3


def test_english_beside_french(house: House) -> None:
    house.drop(
        electricity("F-1", house.before, "350", read="estimé"),
        electricity("F-2", house.last, "377", price="0.21", read="relevé"),
    )
    house.page("F-2")
    assert house.alice is not None
    text = plain(house.alice.post("/langue", language="en", suite=f"/factures/{house.rows['F-2'].uid}").text)
    assert "€11.00 more than the one before" in text
    assert "27 kWh more" in text
    assert "What changed" in text
    assert "The bill before was estimated." in text
