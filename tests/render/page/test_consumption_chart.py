"""What was used, drawn beside the year before; the comparison in a line; and what was owed before."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from msgspec.structs import replace

from bill import Bill, History, Span
from render.canvas.page_geometry import FACTS_TOP
from render.page.consumption_chart import HEIGHT, LEAST_HEIGHT, chart_of, compared
from render.style.page_style import page_style_of
from tests.render.sample_bills import BRAND, bill, composed, template, text_of, words_of
from tests.render.ua_check import findings

FRENCH, ENGLISH = page_style_of(BRAND), page_style_of(replace(BRAND, language="en"))


def spans(count: int, used: str | None = "300", gross: str = "60", unit: str = "KWH") -> History:
    """So many months before October 2026."""
    found = []
    end = date(2026, 9, 30)
    for _ in range(count):
        start = end.replace(day=1)
        quantity = None if used is None else Decimal(used) + len(found)
        issued = end + timedelta(days=4)
        found.append(Span(issued=issued, gross=Decimal(gross), start=start, end=end, used=quantity, unit=unit))
        end = start - timedelta(days=1)
    return History(spans=tuple(reversed(found)))


def pdf_with(made: Bill, history: History, brand: Any = BRAND) -> bytes:
    return template(brand).prefix + template(brand).suffix(made, history)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize(
    ("gross", "french", "english"),
    [
        ("77.04", "12 % de moins que le mois dernier", "12% less than last month"),
        ("60.00", "13 % de plus que le mois dernier", "13% more than last month"),
        ("67.80", "Autant que le mois dernier", "The same as last month"),
        ("0.00", "", ""),
    ],
)
def test_the_bill_is_compared_with_the_one_before(gross: str, french: str, english: str):
    history = spans(4, gross=gross)
    assert bill().totals.gross == Decimal("67.20")
    made = replace(bill(), totals=replace(bill().totals, gross=Decimal("67.80")))
    assert compared(made, history, FRENCH).replace("\N{NO-BREAK SPACE}", " ") == french
    assert compared(made, history, ENGLISH).replace("\N{NO-BREAK SPACE}", " ") == english


def test_two_months_apart_is_the_bill_before_and_a_credit_note_is_compared_with_nothing():
    [*_, last] = spans(3).spans
    old = History(spans=(replace(last, issued=date(2026, 9, 4), gross=Decimal("134.40")),))
    assert compared(bill(), old, FRENCH).endswith("de moins que la facture précédente")
    assert compared(bill(type_code="381"), spans(4), FRENCH) == ""
    assert compared(bill(), History(), FRENCH) == ""


def test_thirteen_months_stand_beside_the_year_before():
    chart = chart_of(bill(), spans(24), FRENCH)
    assert chart is not None
    assert [bar.month for bar in chart.bars] == [
        "octobre", "novembre", "décembre", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
        "septembre", "octobre",
    ]  # fmt: skip
    assert all(bar.before is not None for bar in chart.bars)
    assert chart.bars[-1].before == chart.bars[0].value == Decimal(311)
    assert chart.title == "Consommation, kWh"


def test_a_young_account_has_no_year_before_and_a_new_one_no_chart():
    young = chart_of(bill(), spans(5), FRENCH)
    assert young is not None
    assert [bar.before for bar in young.bars] == [None] * 6
    assert chart_of(bill(), spans(2), FRENCH) is None
    assert chart_of(bill(type_code="381"), spans(12), FRENCH) is None


def test_another_unit_is_another_meter():
    assert chart_of(bill(), spans(12, unit="MTQ"), FRENCH) is None


def test_where_nothing_is_metered_the_amounts_are_drawn():
    plan = replace(bill(1), lines=(replace(bill(1).lines[0], unit="MON"),))
    chart = chart_of(plan, spans(12, used=None, unit="", gross="19.99"), FRENCH)
    assert chart is not None
    assert chart.title == "Vos factures, EUR"
    assert chart.bars[0].value == Decimal(20)


def test_the_chart_is_seen_and_heard():
    pdf = pdf_with(bill(), spans(24))
    text = text_of(pdf)
    assert "Consommation, kWh" in text
    assert "un an avant" in text
    assert "303" in text
    assert "de plus que le mois dernier" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert findings(opened) == []
        said = [str(kid.Alt) for kid in opened.Root.StructTreeRoot.K.K if kid.S == "/Figure"]
    assert any(
        alt == "Consommation, kWh : 224, octobre 2026 ; 311, un an avant ; 311, octobre 2025." for alt in said
    ), said


def test_bars_stay_in_the_right_half_and_clear_of_the_window():
    shown = [word for word in words_of(pdf_with(bill(), spans(24)), 1) if word.text in {"310", "309", "308", "307"}]
    assert shown
    assert all(word.left > 107 and word.top > 92 for word in shown)


def test_bars_are_lower_where_the_page_is_full():
    """Four facts leave the right half free, and the chart takes what the lines leave; a second page has room again."""
    drawn = [composed(bill(count, contract=""), spans(24)) for count in (4, 14, 15, 16)]
    assert [len(sheets) for sheets in drawn] == [1, 1, 1, 2]
    heights = [sheets[0].figures[0].box.height for sheets in drawn]
    assert heights[0] == HEIGHT > heights[1] > heights[2] >= LEAST_HEIGHT
    assert heights[3] == HEIGHT


def test_a_page_that_is_full_has_no_chart():
    """Alice's fifth fact takes a row more: with fourteen lines one page is full, and it stays one page."""
    assert [len(composed(bill(14), history)) for history in (History(), spans(24))] == [1, 1]
    assert composed(bill(14), spans(24))[0].figures == []


def test_more_facts_stand_beside_the_chart():
    """Below the first row they keep to the left half."""
    [sheet, *_] = composed(bill(9), spans(24))
    assert sheet.figures[0].box.height == HEIGHT
    assert sheet.figures[0].box.top < FACTS_TOP + HEIGHT


@pytest.mark.parametrize("count", range(1, 26, 2))
def test_a_chart_never_costs_a_page(count: int):
    made = bill(count)
    assert pages(pdf_with(made, spans(24))) == pages(pdf_with(made, History()))


def test_the_same_bill_and_history_give_the_same_bytes_and_another_history_others():
    assert pdf_with(bill(), spans(24)) == pdf_with(bill(), spans(24))
    assert pdf_with(bill(), spans(24)) != pdf_with(bill(), spans(23))


def test_a_chart_weighs_little():
    weight = len(template().suffix(bill(), spans(24))) - len(template().suffix(bill()))
    assert weight < 750


@pytest.mark.parametrize("used", ["0", "-5", "123456789", "0.001"])
def test_strange_figures_are_drawn_all_the_same(used: str):
    history = History(spans=tuple(replace(span, used=Decimal(used)) for span in spans(24).spans))
    with pikepdf.open(io.BytesIO(pdf_with(bill(), history))) as opened:
        assert findings(opened) == []
        assert opened.check_pdf_syntax() == []


def test_what_was_owed_and_received_before_are_sums_of_their_own():
    totals = bill().totals
    owed = replace(
        totals, previous_balance=Decimal("40.00"), payments=Decimal("25.00"), paid=Decimal("-15.00"),
        payable=totals.payable + 15,
    )  # fmt: skip
    text = " ".join(text_of(pdf_with(bill(totals=owed), History())).split())
    assert "Solde antérieur dû 40,00 €" in text
    assert "Paiements reçus -25,00 €" in text
    assert "Déjà payé" not in text


@pytest.mark.parametrize("lines", [4, 6, 8, 12])
def test_two_years_of_history_keep_a_page_small(lines: int):
    """At most 8 kB are stored of a page, its bars and their words among them; and 80 kB make the file."""
    uneven = [replace(span, used=Decimal(200 + place * 389 % 1100)) for place, span in enumerate(spans(25).spans)]
    made, history = bill(lines, contract=""), History(spans=tuple(uneven))
    pdf = pdf_with(made, history)
    assert pages(pdf) == 1
    assert b"Alt(Consommation, kWh : " in pdf
    assert (
        sum(map(len, template(BRAND).parts(made, history)[::2])) <= 6_000
    )  # its own; shared parts stand once a segment
    assert len(pdf) <= 80_000
