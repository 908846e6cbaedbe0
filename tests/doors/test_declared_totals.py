"""What a sender declares beside a feed, and how it compares with what was read."""

from decimal import Decimal
from pathlib import Path

import pytest

from bill import ControlTotals, Money
from doors.declared_totals import LARGEST, DeclarationError, control_file_of, declared_totals, read_control_file
from feeds.holds.control_totals_check import control_total_hold_reasons, difference
from portal.operators.presenters.finding_text import message
from store.feeds.feed_counts_as_read import FeedCounts

MARCH = ControlTotals(count=3, sums={"EUR": Decimal("98.40")}, source="mars.xml.control.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mars.xml.control.json", '{"count": 3, "sums": {"EUR": "98.40"}}'),
        ("mars.xml.control.json", '{"count": 3, "sums": {"EUR": 98.40}}'),
        ("mars.xml.control.json", '\ufeff{"sums": {"eur": "98.40"}, "count": 3}'),
    ],
)
def test_a_companion_in_json(name: str, content: str) -> None:
    assert read_control_file(name, content.encode()) == MARCH


@pytest.mark.parametrize("content", ["count;3\nEUR;98,40\n", "COUNT,3\r\nEUR,98.40", "count\t3\neur\t98.40\n\n"])
def test_a_companion_in_csv(content: str) -> None:
    read = read_control_file("mars.xml.control.csv", content.encode())
    assert (read.count, read.sums, read.source) == (3, MARCH.sums, "mars.xml.control.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.control.json", b"{}"),
        ("x.control.json", b'{"count": -1}'),
        ("x.control.json", b'{"count": "three"}'),
        ("x.control.json", b'{"cuont": 3}'),
        ("x.control.json", b'{"sums": {"EUR": "NaN"}}'),
        ("x.control.json", b'{"sums": {"EUR": 1e999999}}'),
        ("x.control.json", b'{"sums": {"EURO": "1"}}'),
        ("x.control.json", b"[" * 50_000),
        ("x.control.json", b"\xff\xfe"),
        ("x.control.json", b" " * (LARGEST + 1)),
        ("x.control.csv", b""),
        ("x.control.csv", b"count;3;4"),
        ("x.control.csv", b"count;3\ncount;4"),
        ("x.control.csv", b"EUR;1,2345678"),
        ("x.control.csv", b'"count;3'),
        ("x.control.csv", b"count;\xd9\xa3"),
    ],
)
def test_a_companion_that_cannot_be_read_says_what_to_write(name: str, content: bytes) -> None:
    with pytest.raises(DeclarationError, match=r"x\.control"):
        read_control_file(name, content)


def test_a_companion_lies_beside_its_file(tmp_path: Path) -> None:
    feed = tmp_path / "mars.xml"
    assert control_file_of(feed) is None
    (tmp_path / "mars.xml.control.csv").write_text("count;3\nEUR;98,40\n")
    assert control_file_of(feed) == ControlTotals(count=3, sums=MARCH.sums, source="mars.xml.control.csv")


def test_options_and_fields_declare_the_same() -> None:
    assert declared_totals(None, [], "API") is None
    assert declared_totals("3", [], "API") == ControlTotals(count=3, source="API")
    for text in ("EUR=98.40", "eur:98,40", "EUR 98.40"):
        assert declared_totals("3", [text], "API") == ControlTotals(count=3, sums=MARCH.sums, source="API")
    for wrong in ("98.40", "EUR=", "EUR=ten", "EURO=1", "=1"):
        with pytest.raises(DeclarationError):
            declared_totals(None, [wrong], "API")


def read(*amounts: Money | None, refused: int = 0) -> FeedCounts:
    figures = FeedCounts()
    for n, amount in enumerate(amounts):
        figures.add(amount, is_taken=n >= refused)
    return figures


EUROS = [Money(Decimal(amount), "EUR") for amount in ("60.00", "30.00", "8.40")]


def test_what_agrees_is_no_doubt_and_a_refused_bill_counts() -> None:
    assert control_total_hold_reasons([MARCH], read(*EUROS)) == []
    assert control_total_hold_reasons([MARCH], read(*EUROS, refused=1)) == []
    assert control_total_hold_reasons([], read(*EUROS)) == []
    assert difference(MARCH, read(*EUROS)) == (0, {"EUR": 0})


def test_a_mismatch_says_both_figures_in_both_languages() -> None:
    [count, money] = control_total_hold_reasons([MARCH], read(*EUROS[:2]))
    assert message(count) == "Totaux de contrôle\u00a0: 3 factures annoncées (mars.xml.control.json), 2 lues"
    assert count.message == "3 bills are declared (mars.xml.control.json), 2 were read"
    assert message(money) == "Totaux de contrôle\u00a0: 98,40\u00a0€ annoncés (mars.xml.control.json), 90,00\u00a0€ lus"
    assert money.message == "98.40 EUR are declared (mars.xml.control.json), 90.00 EUR were read"


def test_an_amount_that_could_not_be_read_is_said() -> None:
    [money] = control_total_hold_reasons([MARCH], read(*EUROS[:2], None))
    assert message(money).endswith("90,00\u00a0€ lus (montants illisibles\u00a0: 1)")
    assert "the amount of 1 item is unknown" in money.message


def test_currencies_never_meet() -> None:
    doubts = control_total_hold_reasons([MARCH], read(*EUROS[:2], Money(Decimal("8.40"), "USD")))
    assert [doubt.message for doubt in doubts] == [
        "98.40 EUR are declared (mars.xml.control.json), 90.00 EUR were read",
        "0 USD are declared (mars.xml.control.json), 8.40 USD were read",
    ]
    count_alone = ControlTotals(count=3, source="API")
    assert control_total_hold_reasons([count_alone], read(*EUROS[:2], Money(Decimal(1), "USD"))) == [], (
        "no sums, none compared"
    )
