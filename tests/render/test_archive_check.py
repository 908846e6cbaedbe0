"""Our own check of PDF/A sees what an archive's validator would refuse, also where nothing leads to it."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from tests.render.archive_check import findings
from tests.render.sample_bills import bill, pdf_of


def specification(pdf: pikepdf.Pdf, **more: object) -> pikepdf.Object:
    xml = pdf.Root.AF[0].EF
    return pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F="x.xml", UF="x.xml", AFRelationship=Name.Data, EF=xml, **more)
    )


def an_unused_specification(pdf: pikepdf.Pdf) -> None:
    specification(pdf)


def associated_by_what_nothing_leads_to(pdf: pikepdf.Pdf) -> None:
    pdf.make_indirect(Dictionary(AF=Array([specification(pdf)])))


def named_and_not_associated(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles.Names.extend(["x.xml", specification(pdf)])


def a_file_of_nobody(pdf: pikepdf.Pdf) -> None:
    pdf.make_stream(b"<x/>", Type=Name.EmbeddedFile, Subtype=Name("/text/xml"))


def another_catalog(pdf: pikepdf.Pdf) -> None:
    pdf.make_indirect(Dictionary(Type=Name.Catalog, Pages=pdf.Root.Pages))


def a_font_outside(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Resources.Font.R.FontDescriptor["/FontFile2"]


def a_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def an_old_filter(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents.stream_dict.Filter = Name.LZWDecode


def no_tags(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


BROKEN = {
    an_unused_specification: "6.8: a file specification that is associated with nothing",
    associated_by_what_nothing_leads_to: "6.8: a file specification that is associated with nothing",
    named_and_not_associated: "6.8: a file specification that is associated with nothing",
    a_file_of_nobody: "6.8: the file",
    another_catalog: "7.7.2: 2 catalogs",
    a_font_outside: "6.2.11.4: a font that is not inside",
    a_script: "6.5: an action",
    an_old_filter: "6.1.7: /LZWDecode",
    no_tags: "6.7: not tagged",
}


@pytest.mark.parametrize(("break_it", "said"), BROKEN.items(), ids=[each.__name__ for each in BROKEN])
def test_what_is_broken_is_seen(break_it: Callable[[pikepdf.Pdf], None], said: str):
    with pikepdf.open(io.BytesIO(pdf_of(bill()))) as pdf:
        assert findings(pdf) == []
        break_it(pdf)
        assert [found for found in findings(pdf) if found.startswith(said)]
