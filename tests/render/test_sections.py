"""Which parts a page has, in what order; and lines that stand under the names of their groups."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from msgspec.structs import replace

from bill import BY_OBJECT, GROUP, Attribute, History, Identifier, Line, Note, PagePart, Span
from render.canvas.page_geometry import COLUMNS, LEFT, RIGHT
from render.page.line_rows import grouped
from tests.render.page.test_consumption_chart import spans
from tests.render.sample_bills import BRAND, bill, composed, pdf_of, template, text_of, words_of
from tests.render.ua_check import findings

MESSAGE, LINES, NOTE = "Votre espace client", "Désignation", "Merci de votre confiance"


def in_order(*sections: PagePart, history: History | None = None) -> str:
    brand = replace(BRAND, sections=sections)
    made = bill(notes=(Note(text=NOTE),))
    pdf = template(brand).prefix + template(brand).suffix(made, history or History())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert findings(opened) == []
    return text_of(pdf)


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (("consumption", "message", "lines", "notes"), [MESSAGE, LINES, NOTE]),
        (("lines", "notes", "message"), [LINES, NOTE, MESSAGE]),
        (("notes", "lines"), [NOTE, LINES]),
        (("lines",), [LINES]),
    ],
)
def test_a_brand_says_what_is_on_its_pages_and_in_what_order(sections: tuple[PagePart, ...], expected: list[str]):
    text = in_order(*sections)
    found = {words: text.find(words) for words in (MESSAGE, LINES, NOTE)}
    assert sorted((words for words, at in found.items() if at >= 0), key=found.__getitem__) == expected


def test_a_chart_that_is_not_first_has_the_whole_width_to_itself():
    brand = replace(BRAND, sections=("lines", "consumption", "notes"))
    [sheet] = composed(bill(), spans(24), brand)
    assert (sheet.figures[0].box.left, sheet.figures[0].box.right) == (LEFT, RIGHT)
    [beside] = composed(bill(), spans(24))
    assert (beside.figures[0].box.left, beside.figures[0].box.right) == (COLUMNS[2], RIGHT)
    assert sheet.figures[0].box.top > beside.figures[0].box.bottom


@pytest.mark.parametrize("count", range(1, 26, 3))
def test_a_chart_in_its_own_place_never_costs_a_page(count: int):
    brand, made = replace(BRAND, sections=("message", "lines", "consumption")), bill(count)
    assert len(composed(made, spans(24), brand)) == len(composed(made, brand=brand))


def line(name: str, group: str = "", amount: str = "10.00") -> Line:
    """A line of Bob's telephone bill."""
    attributes = (Attribute(name=GROUP, value=group),) if group else ()
    return replace(bill(1).lines[0], name=name, net_amount=Decimal(amount), period=None, attributes=attributes)


BOBS = (
    line("Forfait 20 Go", "Abonnement", "15.00"), line("Appels vers l’étranger", "Hors forfait", "1.20"),
    line("Remise fidélité", "Abonnement", "-3.00"), line("Frais de duplicata"),
)  # fmt: skip


def test_what_follows_the_notes_stands_apart_from_them():
    """Wherever a brand puts them."""
    brand = replace(BRAND, sections=("notes", "lines"))
    words = words_of(pdf_of(bill(2, notes=(Note(text="Merci"),)), brand), 1)
    places = {word.text: word for word in words}
    assert places["Désignation"].top - places["Merci"].bottom > 3


def test_a_comparison_of_two_lines_is_one_sentence():
    brand = replace(BRAND, language="de", typeface="serif")
    before = History(spans=(Span(issued=date(2026, 9, 1), gross=Decimal(60)),), seen=1)
    words = words_of(template(brand).prefix + template(brand).suffix(bill(2), before), 1)
    less, bill_before = [word for word in words if word.text in ("weniger", "Rechnung")][:2]
    assert (less.text, bill_before.text) == ("weniger", "Rechnung")
    assert less.bottom - 1 < bill_before.top < less.bottom + 0.5


def test_lines_stand_under_their_group_with_what_it_comes_to():
    text = " ".join(text_of(pdf_of(bill(lines=BOBS))).split())
    words = [
        "Abonnement 12,00",
        "Forfait 20 Go",
        "Remise fidélité",
        "Hors forfait 1,20",
        "Appels",
        "Frais de duplicata",
    ]
    assert sorted(words, key=text.index) == words
    assert GROUP not in text


def test_groups_are_what_the_brand_names():
    metered = [replace(line("Kilowattheures"), object_id=Identifier(value=meter)) for meter in ("A1", "B2", "A1")]
    assert [(name, len(lines)) for name, lines in grouped(metered, BY_OBJECT)] == [("A1", 2), ("B2", 1)]
    assert [(name, len(lines)) for name, lines in grouped(BOBS, GROUP)] == [
        ("Abonnement", 2), ("Hors forfait", 1), ("", 1),
    ]  # fmt: skip
    for by in ("", "Tarif", BY_OBJECT):
        assert [name for name, _ in grouped(BOBS, by)] == [""]
    ungrouped = text_of(pdf_of(bill(lines=BOBS), replace(BRAND, grouped_by="")))
    assert f"{GROUP} : Abonnement" in ungrouped.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("before", range(14))
def test_the_name_of_a_group_is_never_left_alone_at_the_foot(before: int):
    """Whatever stands before it, a group begins on the page of its first line; and what is carried counts no line
    twice."""
    lines = [line("Seul") for _ in range(before + 8)] + [line("Ensemble", "Hors forfait") for _ in range(30)]
    pages = text_of(pdf_of(bill(lines=tuple(lines)))).split("\f")
    [page] = [page for page in pages if "Hors forfait" in page]
    assert "Ensemble" in page
    assert page.index("Hors forfait") < page.index("Ensemble")
    firsts = [page for page in pages[1:] if "Report" in page]
    count = sum(pages[0].count(word) for word in ("Seul", "Ensemble"))
    assert f"{10 * count},00" in firsts[0]


def test_a_grouped_bill_is_as_sound_as_any():
    with pikepdf.open(io.BytesIO(pdf_of(bill(lines=BOBS * 20)))) as opened:
        assert findings(opened) == []
