"""A mark that anybody hands in: its pixels are taken, and nothing else comes in with them."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from issuers.logo import KEPT, MOST_BYTES, LogoError, clean_logo, dots_an_inch
from issuers.profile_section import ProfileError


def drawn(image: Image.Image, kind: str = "PNG", **also: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **also)
    return out.getvalue()


def drawn_anew(mode: str, width: int, height: int) -> bytes:
    return drawn(Image.new(mode, (width, height)))


def mark(width: int = 300, height: int = 100, mode: str = "RGB") -> Image.Image:
    """Blue above, white below: which way up it stands can be seen."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((20, 40, 120), (0, 0, width, height // 2))
    if mode == "I;16":
        grey = image.convert("L").tobytes()
        return Image.frombytes(mode, image.size, bytes(half for each in grey for half in (each, each)))
    return image.convert(mode)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(drawn(mark(mode=mode), kind), id=f"{kind} {mode}")
        for kind, mode in [
            ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"),
            ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"),
        ]
    ],
)  # fmt: skip
def test_what_exports_give_is_kept_as_a_png_of_ours(content: bytes) -> None:
    kept = clean_logo(content)
    picture = opened(kept)
    assert (picture.format, picture.size, picture.info) == ("PNG", (300, 100), {})
    assert picture.convert("L").getpixel((150, 20)) < 100 < 240 < picture.convert("L").getpixel((150, 80))
    assert clean_logo(content) == kept == clean_logo(kept), "the same mark is the same template"


def test_what_is_seen_through_stays_so() -> None:
    disc = Image.new("RGBA", (90, 90), (0, 0, 0, 0))
    disc.paste((0, 90, 60, 255), (30, 30, 60, 60))
    assert opened(clean_logo(drawn(disc))).getpixel((0, 0)) == (0, 0, 0, 0)


def test_it_is_kept_as_large_as_print_needs() -> None:
    large, small, tall = (clean_logo(drawn(mark(*size))) for size in ((2000, 1000), (66, 19), (40, 190)))
    assert opened(large).size == (380, KEPT[1])
    assert [dots_an_inch(each) for each in (large, small, tall)] == [300, 30, 300]


def test_a_photograph_stands_upright() -> None:
    lying = Image.Exif()
    lying[ExifTags.Base.Orientation] = 6
    lying[ExifTags.Base.Artist] = "Charlie"
    kept = clean_logo(drawn(mark(100, 60), "JPEG", exif=lying))
    assert opened(kept).size == (60, 100)
    assert b"Charlie" not in kept


def test_what_is_written_in_it_is_not_kept() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "Charlie")
    said.add_itxt("XML:com.adobe.xmp", "<script>alert(1)</script>")
    kept = clean_logo(drawn(mark(), pnginfo=said, icc_profile=b"made by Charlie"))
    assert {kind for kind in (b"tEXt", b"iTXt", b"iCCP", b"eXIf") if kind in kept} == set()
    commented = drawn(mark(), "JPEG", comment=b"<?php system($_GET['c']); ?>")
    assert b"<?php" in commented
    assert b"<?php" not in clean_logo(commented)


PNG, JPEG = drawn(mark()), drawn(mark(), "JPEG")
#: 84 million dots that weigh 10 kB. Like all that takes long to draw it is drawn where it is asked for, not for each
#: process that only looks which tests there are.
VAST = partial(drawn_anew, "1", 12_000, 7_000)
HEAD = PNG[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 300, 100, 8, 2, 0, 0, 0))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", "unreadable", id="nothing"),
        pytest.param(b"GIF89a" + bytes(40), "unreadable", id="begins like a GIF"),
        pytest.param(drawn(mark(), "GIF"), "unreadable", id="a GIF"),
        pytest.param(drawn(mark(), "TIFF"), "unreadable", id="a TIFF"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unreadable", id="an SVG"),
        pytest.param(b"%PDF-1.7\n" + PNG, "unreadable", id="a PDF with a PNG inside"),
        pytest.param(b"PK\x03\x04" + PNG, "unreadable", id="a ZIP that begins before"),
        pytest.param(PNG + b"PK\x03\x04" + bytes(60), "more", id="a PNG that is a ZIP too"),
        pytest.param(PNG + b"<script>alert(1)</script>", "more", id="a PNG that is a page too"),
        pytest.param(JPEG + b"%PDF-1.7", "more", id="a JPEG that is a PDF too"),
        pytest.param(PNG[:-30], "unreadable", id="a PNG cut short"),
        pytest.param(JPEG[: len(JPEG) // 2], "unreadable", id="a JPEG cut short"),
        pytest.param(partial(drawn_anew, "1", 30_000, 30_000), "unreadable", id="900 million pixels in 100 kB"),
        pytest.param(VAST, "vast", id="84 million pixels in 10 kB"),
        pytest.param(partial(drawn_anew, "L", 65_000, 70), "vast", id="long and thin"),
        pytest.param(HEAD + chunk(b"IDAT", zlib.compress(bytes(50))) + chunk(b"IEND", b""), "unreadable",
                     id="too few rows"),
        pytest.param(lambda: HEAD + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(10**8))) + PNG[33:], "unreadable",
                     id="100 MB in a colour profile"),
        pytest.param(JPEG[:-2] + b"\xff\xda\x00\x02" * 5000 + b"\xff\xd9", "unreadable", id="five thousand scans"),
        pytest.param(PNG + bytes(MOST_BYTES), "heavy", id="a megabyte"),
        pytest.param(drawn(Image.new("RGB", (300, 100), "#fafafa")), "unseen", id="white"),
        pytest.param(drawn(Image.new("RGBA", (300, 100), (0, 0, 0, 0))), "unseen", id="nothing on it"),
        pytest.param(drawn(Image.new("LA", (300, 100), (255, 255))), "unseen", id="white for a dark ground"),
    ],
)  # fmt: skip
def test_what_is_no_mark_is_refused(content: bytes | Callable[[], bytes], fault: str) -> None:
    given = content() if callable(content) else content
    with pytest.raises(LogoError) as refused:
        clean_logo(given)
    assert refused.value.fault == fault
    assert isinstance(refused.value, ProfileError)
    assert refused.value.key == "brand.logo"


def test_what_is_refused_says_how_large_it_is() -> None:
    with pytest.raises(ProfileError, match="12000 x 7000 pixels are too many"):
        clean_logo(VAST())
