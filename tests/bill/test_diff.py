"""What differs between two bills, as a person who must decide wants to read it."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from bill import Bill, Line, Party, PostalAddress, Totals
from bill.diff import diff_bills

BOBS = Bill(
    number="L-2", issue_date=date(2026, 3, 2), currency="EUR", totals=Totals(payable=Decimal(84)),
    buyer=Party(name="Bob Le Goff", address=PostalAddress(line1="3 quai de la Fosse", postcode="44100", city="Nantes")),
    lines=(
        Line(id="1", name="Consommation", net_amount=Decimal(60)), Line(id="2", name="Abonnement", quantity=Decimal(1)),
    ),
)  # fmt: skip


def told(other: Bill) -> dict[str, tuple[object, object]]:
    return {".".join(map(str, each.path)): (each.first, each.second) for each in diff_bills(BOBS, other)}


def test_the_same_bill_differs_in_nothing() -> None:
    assert diff_bills(BOBS, replace(BOBS)) == []
    cents = replace(BOBS, totals=Totals(payable=Decimal("84.00")))
    assert diff_bills(BOBS, cents) == []  # the same amount, written otherwise


def test_each_term_is_told_with_its_way() -> None:
    moved = replace(BOBS.buyer, address=replace(BOBS.buyer.address, line1="1 rue Neuve", line2="Bât. B"))
    other = replace(BOBS, buyer=moved, totals=Totals(payable=Decimal(99), paid=Decimal(3)), due_date=date(2026, 4, 1))
    assert told(other) == {
        "totals.payable": (Decimal(84), Decimal(99)),
        "totals.paid": (None, Decimal(3)),
        "due_date": (None, date(2026, 4, 1)),
        "buyer.address.line1": ("3 quai de la Fosse", "1 rue Neuve"),
        "buyer.address.line2": (None, "Bât. B"),
    }


def test_a_line_is_compared_with_the_one_of_its_id() -> None:
    fee = Line(id="9", name="Frais de dossier")
    one, two = BOBS.lines
    assert told(replace(BOBS, lines=(fee, replace(two, quantity=Decimal(2)), one))) == {
        "lines.2.quantity": (Decimal(1), Decimal(2)), "lines.9": (None, fee),
    }  # fmt: skip


def test_lines_without_an_id_are_compared_by_their_place() -> None:
    one, two = (replace(line, id="") for line in BOBS.lines)
    bare = replace(BOBS, lines=(one, two))
    assert [(each.path, each.first, each.second) for each in diff_bills(bare, replace(bare, lines=(one,)))] == [
        (("lines", 2), two, None)
    ]
