"""An issuer's own pages on its test side: each is marked, on the screen and in the letter; those that go to people are
not touched, and what cannot be marked is shown to nobody."""

import io
from contextlib import suppress

import pypdfium2
import pytest
from pypdf import PdfReader

from doors.feed_drop import drop_feed
from issuers.test_side import open_test_side
from pipeline.feed_pipeline import Pipeline
from render.print.foreign_pages import read
from render.specimen_pages import PagesNotMarked, marked_pages
from store import Store
from store.bills.bill_lookup import bill_by_number
from store.issuer import Issuer
from tests.render.print.test_foreign_pages import A4, LETTER, edited, own_pdf
from tests.sample_print_streams import index, printed, profile
from tests.stories.test_own_pages import NOW, THREE, pipeline, send, shown, zipped
from tests.stories.test_poisonous_letters import POISONS

pytestmark = pytest.mark.beside_any_database

__all__ = ["pipeline"]


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def try_out(pipeline: Pipeline, content: bytes) -> int:
    """Drop the feed on the test side; returns the side's id."""
    with pipeline.store.writing() as session:
        side = open_test_side(session, session.get_one(Issuer, 1), "mina", NOW)
    drop_feed(pipeline.store, side, io.BytesIO(content), "mars.zip", "cli", NOW)
    pipeline.work_until_idle(NOW)
    return side.id


@pytest.fixture
def files() -> dict[str, bytes]:
    return {number: printed(number, person, 2) for number, person in THREE}


def test_the_same_files_are_marked_when_they_are_tried_and_untouched_when_they_are_meant(
    pipeline: Pipeline, store: Store, files: dict[str, bytes]
) -> None:
    members = [("index.csv", index(THREE)), *((f"{number}.pdf", content) for number, content in files.items())]
    send(pipeline, "mars.zip", profile('by = "file"'), *members)
    side = try_out(pipeline, zipped(*members))
    for number, content in files.items():
        assert shown(store, number) == content
        tried = shown(store, number, side)
        assert tried != content
        pages = pages_of(tried)
        assert [("SPÉCIMEN" in page, "sans valeur" in page, number in page) for page in pages] == [(True,) * 3] * 2
        assert read(tried).pages == 2  # it can be put into a letter


def test_pages_that_cannot_be_marked_are_shown_to_nobody(
    pipeline: Pipeline, store: Store, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [("index.csv", index(THREE)), *((f"{number}.pdf", content) for number, content in files.items())]
    send(pipeline, "mars.zip", profile('by = "file"'), *members)

    def fail(pdf: bytes, language: str) -> bytes:
        if "EV-2" in pages_of(pdf)[0]:
            raise PagesNotMarked("a page is no page")
        return marked_pages(pdf, language)

    monkeypatch.setattr("pipeline.steps.render_bills.marked_pages", fail)
    side = try_out(pipeline, zipped(*members))
    with store.reading() as session:
        rows = [bill_by_number(session, side, number) for number, _ in THREE]
        assert [row.state for row in rows if row is not None] == ["chosen", "failed", "chosen"]
        assert [row.pdf_sha256 is None for row in rows if row is not None] == [False, True, False]


@pytest.mark.parametrize("size", [A4, (A4[1], A4[0]), LETTER, (200.0, 90.0)])
def test_the_mark_lies_on_pages_of_every_size_and_turn(size: tuple[float, float]) -> None:
    for turn in (0, 90):

        def turned(opened: object, turn: int = turn) -> None:
            for page in opened.pages:  # type: ignore[attr-defined]
                page.Rotate = turn

        pdf = edited(own_pdf(2, size), turned)
        marked = marked_pages(pdf, "fr")
        assert all("SPÉCIMEN" in page for page in pages_of(marked))
        assert marked == marked_pages(pdf, "fr")
        for page in PdfReader(io.BytesIO(marked)).pages:
            assert "SPÉCIMEN" in page.extract_text()


@pytest.mark.parametrize("poison", sorted(POISONS))
def test_a_hostile_pdf_is_marked_or_refused_and_harms_nobody(poison: str) -> None:
    with suppress(PagesNotMarked):
        assert all("SPÉCIMEN" in page for page in pages_of(marked_pages(POISONS[poison](), "fr")))
    assert marked_pages(own_pdf(1), "fr")
