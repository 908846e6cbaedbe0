"""What an issuer's own pages lack beside those that we draw: told once a feed, and the pages are shown all the same."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bill import Finding
from issuers.profile import read_profile
from tests.ingest.sample_files import ALICE, pdf, read, zipped
from tests.render.sample_bills import bill, pdf_of
from tests.render.test_archived_before import PREFIX, SUFFIXES
from tests.sample_print_streams import index, printed, profile, stream

OURS = pdf_of(bill())


def lacks(document: bytes, text: str = 'facturx_pages = "theirs"') -> list[Finding]:
    reading, entries = read(document, read_profile(text))
    assert reading.whole
    assert all(entry.bill is not None and entry.pages for entry in entries)
    return [finding for finding in reading.findings if finding.rule == "PAGES-NOT-ARCHIVAL"]


def words(findings: list[Finding]) -> str:
    return "\n".join(finding.message for finding in findings)


def test_pages_that_we_drew_lack_nothing():
    assert lacks(OURS) == []


def edited(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(OURS)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def without_tags(opened: pikepdf.Pdf) -> None:
    del opened.Root.StructTreeRoot


def not_marked(opened: pikepdf.Pdf) -> None:
    opened.Root.MarkInfo = Dictionary(Marked=False)


def without_language(opened: pikepdf.Pdf) -> None:
    opened.Root.Lang = " "


def without(*names: str) -> Callable[[pikepdf.Pdf], None]:
    def forget(opened: pikepdf.Pdf) -> None:
        with opened.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for name in names:
                del metadata[name]

    return forget


def with_broken_metadata(opened: pikepdf.Pdf) -> None:
    opened.Root.Metadata.write(b"<x:xmpmeta <")


def another_font(opened: pikepdf.Pdf) -> None:
    """One of the fourteen that every reader was to have."""
    opened.pages[0].Resources.Font.R = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def a_font_in_a_form(opened: pikepdf.Pdf) -> None:
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form = opened.make_stream(
        b"BT /H 9 Tf (x) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
        Resources=Dictionary(Font=Dictionary(H=helvetica)),
    )  # fmt: skip
    opened.pages[0].Resources.XObject.Stamp = form
    opened.pages[0].contents_add(b"/Stamp Do")


def a_cid_font_outside(opened: pikepdf.Pdf) -> None:
    descendant = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.X, FontDescriptor=Dictionary())
    opened.pages[0].Resources.Font.R = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, DescendantFonts=Array([descendant])
    )


def a_file_of_nobody(opened: pikepdf.Pdf) -> None:
    del opened.Root.AF


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_tags, "not tagged"),
        (not_marked, "not tagged"),
        (without_language, "do not say their language"),
        (without("dc:title"), "no title"),
        (without("pdfaid:part"), "do not say that they are PDF/A:"),
        (without("pdfuaid:part"), "do not say that they are PDF/UA"),
        (another_font, "a font that is not inside"),
        (a_font_in_a_form, "a font that is not inside"),
        (a_cid_font_outside, "a font that is not inside"),
        (a_file_of_nobody, "a file that belongs to nothing"),
    ],
)
def test_what_is_missing_is_named(change: Callable[[pikepdf.Pdf], None], said: str):
    [found] = lacks(edited(change))
    assert said in found.message
    assert (found.severity, found.number, found.values) == ("warning", None, {"count": 1, "of": 1})


def test_broken_metadata_say_nothing():
    found = words(lacks(edited(with_broken_metadata)))
    assert found.count("\n") == 2
    for said in ("no title", "that they are PDF/A:", "that they are PDF/UA"):
        assert said in found


def test_a_file_that_nothing_leads_to_counts():
    """What our own engine wrote before it was mended."""
    [found] = lacks(PREFIX + SUFFIXES["alice"])
    assert "a file that belongs to nothing" in found.message


def test_a_font_that_nothing_is_set_in_is_no_lack():
    def list_only(opened: pikepdf.Pdf) -> None:
        opened.pages[0].Resources.Font.Unused = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    assert lacks(edited(list_only)) == []


# -- a feed ----------------------------------------------------------------------------------------------------

THREE = [("EV-1", "Alice"), ("EV-2", "Bob"), ("EV-3", "Charlie")]


def test_many_bills_say_it_once():
    members = [(f"{number}.pdf", printed(number, person)) for number, person in THREE]
    found = lacks(zipped(("i.csv", index(THREE)), *members), profile('by = "file"'))
    assert len(found) == 6  # all but the files, as there are none
    assert {tuple(each.values.items()) for each in found} == {(("count", 3), ("of", 3))}
    assert {each.place for each in found} == {"i.csv: line 2"}


def test_of_some_bills_only():
    members = [("EV-1.pdf", OURS), *((f"{number}.pdf", printed(number, person)) for number, person in THREE[1:])]
    found = lacks(zipped(("i.csv", index(THREE)), *members), profile('by = "file"'))
    assert {tuple(each.values.items()) for each in found} == {(("count", 2), ("of", 3))}
    assert {each.place for each in found} == {"i.csv: line 3"}


def test_pages_of_a_print_stream():
    marks = profile("by = 'marks'\nmark = 'Facture n° *([A-Z0-9-]+)'")
    lot = stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 2), ("EV-3", "Charlie", 1))
    found = lacks(zipped(("i.csv", index(THREE)), ("lot.pdf", lot)), marks)
    assert len(found) == 6
    assert "3 of 3 bills" in found[0].message


def test_pages_that_nobody_is_shown_are_not_counted():
    """Factur-X is drawn by us, unless the profile says otherwise."""
    reading, [entry] = read(pdf(ALICE))
    assert entry.pages is None
    assert reading.findings == []


def test_a_feed_without_a_bill_says_its_own_reason():
    rows = index([("EV-1", "Alice")]).replace(b"31,00", b"?")
    reading, [entry] = read(
        zipped(("i.csv", rows), ("EV-1.pdf", printed("EV-1", "Alice"))), read_profile(profile('by = "file"'))
    )
    assert entry.bill is None
    assert reading.findings == []


def test_a_page_without_an_end_is_shown_and_nothing_is_made_up():
    """What cannot be looked at in time is not said to be wanting."""

    def flood(opened: pikepdf.Pdf) -> None:
        opened.pages[0].Contents = opened.make_stream(b"/R 9 Tf " * 3_000_000)

    assert lacks(edited(flood)) == []
