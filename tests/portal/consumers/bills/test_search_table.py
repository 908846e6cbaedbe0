"""What people type into the search box, and what is found: the table of `docs/search.md`, on both databases."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bill import Attachment, Bill, CreditTransfer, Line, Note, Payment, Totals
from bill.party import Identifier
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import bills_of_consumer
from tests.portal.sample_town import EAUX, IBAN, LUMIERE, World, a_bill

DOCUMENT = Path(__file__).parents[4] / "docs" / "search.md"
_ROW = re.compile(r"^\| `(?P<typed>.+)` \| (?P<found>[a-z ]*) \|", re.MULTILINE)
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def table() -> Iterator[tuple[str, set[str]]]:
    """What is typed, and the bills that are found."""
    for row in _ROW.finditer(DOCUMENT.read_text(encoding="utf-8")):
        yield _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), row["typed"]), set(row["found"].split())


def _line(name: str, amount: str, **also: object) -> Line:
    return Line(id=name[:3], name=name, quantity=Decimal(1), net_amount=Decimal(amount), **also)  # type: ignore[arg-type]


def _totals(payable: str) -> Totals:
    return Totals(payable=Decimal(payable), gross=Decimal(payable))


def light(number: str = "LUM-2026-000042", account: str = "C-1", buyer: str = "Alice Martin") -> Bill:
    return a_bill(
        number, account, date(2026, 11, 3), due_in=30, buyer=buyer, contract="C 100 200", totals=_totals("84.20"),
        payment=Payment(means_code="30", transfers=(CreditTransfer(iban=IBAN),)),
        lines=(
            _line("Électricité, heures pleines", "61.40", object_id=Identifier(value="09123456789012")),
            _line("Abonnement mensuel", "8.77"),
        ),
        notes=(Note(text="Relevés estimés. Prochaine relève en février."),),
    )  # fmt: skip


CREDIT = a_bill(
    "AV/31", "C-1", date(2026, 11, 12), due_in=0, type_code="381", totals=_totals("12.00"), payment=Payment(),
    lines=(_line("Avoir : régularisation annuelle", "10.00"),),
)  # fmt: skip
WATER = a_bill(
    "EAU.77-0108", "R-1", date(2026, 10, 15), due_in=35, totals=_totals("1234.56"), payment=Payment(),
    lines=(_line("Eau potable", "1000.00"), _line("Collecte des eaux usées", "28.80")), seller="Eaux du Pays de Retz",
)  # fmt: skip
PHONE = a_bill(
    "9918273645", "0612", date(2026, 9, 1), totals=_totals("19.99"), seller="Mobile+", payment=Payment(),
    lines=(_line("Forfait 80 Go", "16.00"), _line("Appels vers l’étranger : Hauptstraße, œuvre, cœur", "0.66")),
    attachments=(Attachment(id="cg", filename="conditions_générales.pdf", link="https://mobile.example/cg"),),
)  # fmt: skip
SAFE = a_bill(
    "B-2025-7", "004", date(2025, 12, 31), totals=_totals("123456.78"), seller="Banque des Deux Rives",
    payment=Payment(),
    lines=(
        _line("Location d’un coffre-fort", "100000.00"), _line("Assurances", "2880.65"),
        _line("Safe deposit box, yearly fee", "0.00"),
    ),
)  # fmt: skip
NUMBERS = {
    "LUM-2026-000042": "light",
    "AV/31": "credit",
    "EAU.77-0108": "water",
    "9918273645": "phone",
    "B-2025-7": "safe",
}


@pytest.fixture
def alice(world: World) -> int:
    """Alice, who holds one account of each of four issuers; Bob's bill at the first says what hers does."""
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest", LUMIERE)
    eaux = world.issuer("eaux", "Eaux du Pays de Retz", EAUX)
    mobile, banque = world.issuer("mobile", "Mobile+"), world.issuer("banque", "Banque des Deux Rives")
    world.drop(lumiere, [light(), CREDIT, light("LUM-2026-000043", "C-2", "Bob Durand")])
    for issuer, bill in ((eaux, WATER), (mobile, PHONE), (banque, SAFE)):
        world.drop(issuer, [bill])
    world.consumer("Bob Durand", holds={lumiere: "C-2"})
    return world.consumer("Alice Martin", holds={lumiere: "C-1", eaux: "R-1", mobile: "0612", banque: "004"}).id


def found(world: World, consumer_id: int, typed: str) -> set[str]:
    with world.store.reading() as session:
        return {row.number for row, _ in bills_of_consumer(session, consumer_id, BillFilter(asked=typed), limit=24)}


@pytest.mark.parametrize("asks", ["entries one by one", "the index"])
def test_what_people_type_finds_what_they_mean(
    world: World, alice: int, asks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asks == "the index":
        monkeypatch.setattr("store.search.found_bills._MOST_ACCOUNTS", 0)
    rows = list(table())
    assert len(rows) > 100
    wrong = {
        typed: (expected, names)
        for typed, expected in rows
        if (names := {NUMBERS[number] for number in found(world, alice, typed)}) != expected
    }
    assert wrong == {}
