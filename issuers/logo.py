"""Clean an issuer's logo: decode an uploaded PNG or JPEG and re-encode its pixels as a new PNG.

The file's name, its metadata and any data hidden in the file are dropped.
"""

import struct
import warnings
from io import BytesIO
from typing import Final, Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from issuers.profile_section import ProfileError
from words.catalogue import M_

#: The largest upload, in bytes and in pixels.
MOST_BYTES: Final = 1_000_000
MOST_PIXELS: Final = 4_000_000
#: The stored size: 300 dots an inch over the logo's area on the page, 56 x 16 mm.
KEPT: Final = (660, 190)
DOTS: Final = 300
#: A progressive JPEG has about ten scans; thousands of empty ones would take minutes to decode.
_MOST_SCANS: Final = 100
#: The last bytes of a PNG (its IEND chunk) and of a JPEG (EOI): a file with more bytes is refused.
_ENDS: Final = (b"IEND\xaeB`\x82", b"\xff\xd9")
#: Of 255: a logo whose darkest point is lighter than this is invisible on paper.
_FAINT: Final = 235

#: Pillow's errors for broken images and decompression bombs.
_UNREADABLE: Final = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip

LogoFault = Literal["heavy", "unreadable", "vast", "more", "unseen"]
_FAULTS: Final[dict[LogoFault, str]] = {
    "heavy": M_("the file is larger than 1 MB: 660 x 190 pixels are enough"),
    "unreadable": M_("this is no PNG or JPEG that can be opened: export it again"),
    "vast": M_("{width} x {height} pixels are too many: 2000 x 2000 is plenty"),
    "more": M_("the file goes on behind its picture: export it again, as a plain PNG or JPEG"),
    "unseen": M_("it is white on white paper: hand in the mark for a light ground"),
}


class LogoError(ProfileError):
    """The logo cannot be used; *fault* is a code, the message says what to do."""

    def __init__(self, fault: LogoFault, **values: int) -> None:
        super().__init__("brand.logo", _FAULTS[fault], **values)
        self.fault: LogoFault = fault


def clean_logo(content: bytes) -> bytes:
    """Re-encode an uploaded PNG or JPEG as a PNG of its pixels alone: upright, in sRGB, no larger than print needs.

    The same bytes give the same PNG. Raises LogoError unless the bytes are one PNG or JPEG of a sensible size that is
    visible on paper.
    """
    if len(content) > MOST_BYTES:
        raise LogoError("heavy")
    picture = _opened(content)
    if not content.endswith(_ENDS):
        raise LogoError("more")
    picture.thumbnail(KEPT, Image.Resampling.LANCZOS)
    if _is_unseen(picture):
        raise LogoError("unseen")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def dots_an_inch(logo: bytes) -> int:
    """The resolution of a stored logo in print, in dots an inch: 300 at most; below 150 it looks blurred."""
    width, height = map(
        int, struct.unpack(">II", logo[16:24])
    )  # of the IHDR chunk, which comes first (ISO 15948, 11.2.2)
    return round(DOTS * max(width / KEPT[0], height / KEPT[1]))


def _opened(content: bytes) -> Image.Image:
    """The decoded image; images of a size that a decompression bomb has are refused before decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise LogoError("vast", width=image.width, height=image.height)
                if content.count(b"\xff\xda") > _MOST_SCANS and image.format != "PNG":
                    raise LogoError("unreadable")
                return _plain(ImageOps.exif_transpose(image))
    except _UNREADABLE as error:
        raise LogoError("unreadable") from error


def _plain(image: Image.Image) -> Image.Image:
    """The image with eight bits a channel, with its transparency, without metadata."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    see_through = "transparency" in image.info or image.mode in {"RGBA", "LA", "PA"}
    plain = image.convert("RGBA" if see_through else "RGB")
    plain.info = {}
    return plain


def _is_unseen(picture: Image.Image) -> bool:
    """Whether the image is invisible on white paper."""
    paper = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(paper, picture.convert("RGBA")).convert("L")
    return not any(grey.histogram()[: _FAINT + 1])
