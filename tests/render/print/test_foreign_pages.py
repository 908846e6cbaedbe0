"""Letters made of an issuer's own PDF: its pages as they are, behind a carrier page, marked like all others."""

import io
import random
import zlib

import pikepdf
import pytest
from reportlab.pdfgen import canvas

from bill import Overlay
from render.print.foreign_pages import read
from render.print.parse_archived_bill import NotOurs
from render.print.print_stream import PrintStream
from tests.render.sample_bills import add, bill, codes_on, picture_of, template, text_of, words_of

A4 = (595.2756, 841.8898)
LETTER = (612.0, 792.0)


def own_pdf(pages: int = 2, size: tuple[float, float] = A4, name: str = "Eaux du Val") -> bytes:
    """What an issuer prints itself."""
    out = io.BytesIO()
    pen = canvas.Canvas(out, pagesize=size, invariant=1)
    for page in range(1, pages + 1):
        pen.setFont("Helvetica", 14)
        pen.drawString(100, size[1] - 100, f"{name} facture E-1 page {page}")
        pen.rect(30, 30, size[0] - 60, size[1] - 60)
        pen.showPage()
    pen.save()
    return out.getvalue()


def overlay() -> Overlay:
    return Overlay(
        address=("Alice Lefèvre", "12 RUE DE L ECHANGE", "35000 RENNES"), sender="Eaux du Val",
        return_address=("Eaux du Val", "29000 QUIMPER"),
        claim_code="K7QM-2RTX-0001", claim_url="https://factures.example/c/K7QM-2RTX-0001",
    )  # fmt: skip


def printed(*pdfs: bytes, duplex: bool = False) -> tuple[bytes, list[int]]:
    out = io.BytesIO()
    stream = PrintStream(out, duplex=duplex)
    sheets = [add(stream, b"", pdf, overlay(), number) for number, pdf in enumerate(pdfs, 1)]
    stream.close()
    with pikepdf.open(io.BytesIO(out.getvalue())) as opened:
        assert opened.check_pdf_syntax() == []
    return out.getvalue(), sheets


def edited(pdf: bytes, edit) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        edit(opened)
        opened.save(out)
    return out.getvalue()


def test_a_carrier_page_goes_in_front():
    pdf, sheets = printed(own_pdf(2))
    assert sheets == [3]
    carrier, first, second = text_of(pdf).split("\f")[:-1]
    for word in ("Alice Lefèvre", "35000 RENNES", "K7QM-2RTX-0001", "Eaux du Val", "29000 QUIMPER", "feuille 1/3"):
        assert word in carrier
    assert "facture E-1 page 1" in first
    assert "facture E-1 page 2" in second
    assert "RENNES" not in first
    assert codes_on(picture_of(pdf, 1)) == [b"https://factures.example/c/K7QM-2RTX-0001"]
    assert [codes_on(picture_of(pdf, page), "DataMatrix") for page in (1, 2, 3)] == [
        [b"000231000001000009001003"], [b"000231000001000009002003"], [b"000231000001000009003003"],
    ]  # fmt: skip


def test_in_duplex_the_pages_begin_on_a_front():
    pdf, sheets = printed(own_pdf(3), own_pdf(1), duplex=True)
    assert sheets == [3, 2]
    pages = text_of(pdf).split("\f")[:-1]
    seen = ["carrier" if "RENNES" in page else page.strip()[-6:] for page in pages]
    assert [bool(page.strip()) for page in pages] == [True, False, True, True, True, False, True, False, True, False]
    assert seen[0] == seen[6] == "carrier"


def test_the_content_is_the_issuers_byte_for_byte():
    pdf, _ = printed(own_pdf(1))
    with pikepdf.open(io.BytesIO(own_pdf(1))) as sent, pikepdf.open(io.BytesIO(pdf)) as got:
        content = sent.pages[0].Contents
        form = got.pages[1].Resources.XObject.Own
        assert form.read_raw_bytes() == content.read_raw_bytes()
        assert form.read_bytes() == content.read_bytes()


def test_the_page_looks_as_it_was_sent_beside_its_margin():
    pdf, _ = printed(own_pdf(1))
    sent, got = picture_of(own_pdf(1), 1, 60).convert("L"), picture_of(pdf, 2, 60).convert("L")
    margin = round(20 * 60 / 25.4)
    box = (margin, margin, *sent.size)
    assert sent.crop(box).tobytes() == got.crop(box).tobytes()


def test_what_several_letters_bring_alike_is_written_once():
    logo = own_pdf_with_picture()
    one, _ = printed(logo)
    many, _ = printed(*[logo] * 10)
    assert len(many) - len(one) < 9 * 10_000
    assert len(logo) > 30_000


def own_pdf_with_picture() -> bytes:
    def bring(opened: pikepdf.Pdf) -> None:
        picture = pikepdf.Stream(opened, random.Random(1).randbytes(200 * 200))
        picture.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=200, Height=200, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray,
        )  # fmt: skip
        opened.pages[0].Resources.XObject = pikepdf.Dictionary(Logo=opened.make_indirect(picture))

    return edited(own_pdf(1), bring)


@pytest.mark.parametrize(
    ("size", "scaled"),
    [
        pytest.param(A4, 0, id="A4"),
        pytest.param((594, 843), 0, id="A4 but for rounding"),
        pytest.param((A4[1], A4[0]), 0, id="A4 lying"),
        pytest.param(LETTER, 1, id="US letter"),
        pytest.param((A4[0] / 2, A4[1] / 2), 1, id="A6"),
        pytest.param((2000, 1000), 1, id="a banner"),
    ],
)
def test_pages_of_other_sizes_are_scaled_onto_a4_and_counted(size, scaled):
    assert read(own_pdf(1, size))[:2] == (1, scaled)
    pdf, _ = printed(own_pdf(1, size))
    picture = picture_of(pdf, 2, 50).convert("L")
    assert abs(picture.width - 413) <= 1
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert {tuple(map(float, page.MediaBox)) for page in opened.pages} == {(0, 0, *A4)}
    assert "facture E-1 page 1" in " ".join(text_of(pdf, "-f", "2").split())


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90])
def test_a_turned_page_stands_as_a_reader_shows_it(turn: int):
    """A page of A4 that is stored lying and shown upright, and the like."""

    def rotate(opened: pikepdf.Pdf) -> None:
        opened.pages[0].Rotate = turn

    size = A4 if turn % 180 == 0 else (A4[1], A4[0])
    sent = edited(own_pdf(1, size), rotate)
    pdf, _ = printed(sent)
    assert read(sent).scaled == 0
    there, here = (
        [(round(word.left), round(word.top)) for word in words_of(made, page) if word.text == "facture"]
        for made, page in ((sent, 1), (pdf, 2))
    )
    assert len(there) == 1
    assert all(abs(a - b) <= 1 for a, b in zip(there[0], here[0], strict=True))


def test_a_crop_box_counts_for_the_page():
    def crop(opened: pikepdf.Pdf) -> None:
        opened.pages[0].MediaBox = [0, 0, 2000, 2000]
        opened.pages[0].CropBox = [0, 0, *A4]

    assert read(edited(own_pdf(1), crop))[:2] == (1, 0)


def test_inherited_resources_and_boxes_are_found():
    def lift(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0].obj
        opened.Root.Pages.Resources, opened.Root.Pages.MediaBox = page.Resources, page.MediaBox
        del page.Resources, page.MediaBox

    pdf, _ = printed(edited(own_pdf(1), lift))
    assert "facture E-1 page 1" in text_of(pdf, "-f", "2")


def test_content_in_several_pieces_is_one_form():
    def cut(opened: pikepdf.Pdf) -> None:
        content = opened.pages[0].Contents.read_bytes()
        half = content.index(b"Tf") + 2
        opened.pages[0].Contents = pikepdf.Array(
            [opened.make_stream(content[:half] + b" "), opened.make_stream(content[half:])]
        )

    pdf, _ = printed(edited(own_pdf(1), cut))
    assert "facture E-1 page 1" in text_of(pdf, "-f", "2")


def test_a_stamp_is_printed_with_the_page():
    """A filled-in field is an annotation with an appearance."""

    def stamp(opened: pikepdf.Pdf) -> None:
        look = opened.make_stream(
            b"BT /F1 20 Tf 0 0 Td (PAYE) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 100, 30], Resources=opened.pages[0].Resources,
        )  # fmt: skip
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[200, 200, 300, 230], F=4,
            AP=pikepdf.Dictionary(N=look),
        )  # fmt: skip
        opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(note)])

    pdf, _ = printed(edited(own_pdf(1), stamp))
    assert "PAYE" in text_of(pdf, "-f", "2")


def test_a_locked_pdf_that_opens_without_a_word_is_printed():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(own_pdf(1))) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="secret", user=""))
    pdf, _ = printed(out.getvalue())
    assert "facture E-1 page 1" in text_of(pdf, "-f", "2")


def in_circles(opened: pikepdf.Pdf) -> None:
    send = opened.make_indirect(pikepdf.Dictionary())
    send.Again = send
    opened.pages[0].Resources.Pattern = pikepdf.Dictionary(Ring=send)


def test_objects_in_a_circle_are_copied_once():
    pdf, _ = printed(edited(own_pdf(1), in_circles))
    assert len(pdf) < 200_000


def a_long_chain(opened: pikepdf.Pdf) -> None:
    link = opened.make_indirect(pikepdf.Dictionary())
    for _ in range(3000):
        link = opened.make_indirect(pikepdf.Dictionary(Next=link))
    opened.pages[0].Resources.Chain = link


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(own_pdf(1))) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="secret", user="secret"))
    return out.getvalue()


def no_size(opened: pikepdf.Pdf) -> None:
    opened.pages[0].MediaBox = [0, 0, 0, 0]


@pytest.mark.parametrize(
    "pdf",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not a PDF", id="not a PDF"),
        pytest.param(own_pdf(1)[:200], id="cut"),
        pytest.param(locked(), id="locked"),
        pytest.param(edited(own_pdf(1), no_size), id="without a size"),
        pytest.param(edited(own_pdf(1), a_long_chain), id="a chain of 3,000 objects"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_leaves_the_stream_whole(pdf: bytes):
    out = io.BytesIO()
    stream = PrintStream(out)
    with pytest.raises(NotOurs):
        add(stream, b"", pdf, overlay())
    add(stream, template().prefix, template().suffix(bill()), overlay(), 2)
    stream.close()
    with pikepdf.open(out) as opened:
        assert opened.check_pdf_syntax() == []
        assert len(opened.pages) == 1


def test_a_bomb_is_not_unpacked():
    """A content stream that would unpack to 200 MB is copied as it is."""
    packed = zlib.compress(b"\0" * 200_000_000, 9)

    def arm(opened: pikepdf.Pdf) -> None:
        bomb = pikepdf.Stream(opened, packed)
        bomb.Filter = pikepdf.Name.FlateDecode
        opened.pages[0].Contents = bomb

    out = io.BytesIO()
    stream = PrintStream(out)
    assert add(stream, b"", edited(own_pdf(1), arm), overlay()) == 2
    stream.close()
    assert len(out.getvalue()) < 500_000
