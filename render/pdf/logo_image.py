"""Embeds an issuer's logo as an image XObject: flattened on white, reduced to print resolution (ISO 32000-1, 8.9.5)."""

import io
import struct
import warnings
from typing import Final, NamedTuple

from PIL import Image, UnidentifiedImageError

from bill import Reason
from render.canvas.page_geometry import LOGO, Box
from render.pdf.pdf_objects import Objects, stream
from render.style.page_colours import BrandError

#: The logo's box at 300 dpi, and the largest size of its data, which is in every file.
MOST_PIXELS: Final = (660, 190)
MOST_BYTES: Final = 10_000
_FEW_PIXELS: Final = 4 * 660 * 190
#: Pixels of the largest image that is opened, against decompression bombs.
LARGEST_SOURCE: Final = 40_000_000


class Logo(NamedTuple):
    """The number of the image object, and its size on the page in drawing units."""

    number: int
    width: int
    height: int

    @property
    def box(self) -> Box:
        """Its place on a first page."""
        return Box(LOGO.left, LOGO.top, LOGO.left + self.width, LOGO.top + self.height)


def write_logo(source: bytes, objects: Objects) -> Logo:
    """Embed a PNG or JPEG file. Raises BrandError when *source* is neither, is broken, or has too many pixels."""
    image = _flat(_opened(source))
    entries, data = _packed(image)
    number = objects.add(stream(entries, data))
    scale = min(LOGO.width / image.width, LOGO.height / image.height)
    return Logo(number, round(scale * image.width), round(scale * image.height))


def _opened(source: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(source), formats=("PNG", "JPEG"))
            if image.width * image.height <= LARGEST_SOURCE:
                image.load()
                return image
    except UnidentifiedImageError:
        raise BrandError(Reason("brand_logo_format")) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BrandError(Reason.of("brand_logo_broken", error=str(error))) from None
    size, enough = f"{image.width} x {image.height}", f"{MOST_PIXELS[0]} x {MOST_PIXELS[1]}"
    raise BrandError(Reason.of("brand_logo_large", size=size, enough=enough))


def _flat(image: Image.Image) -> Image.Image:
    """Flatten the image on white: a PDF without transparency prints the same everywhere."""
    if "transparency" not in image.info and image.mode not in ("RGBA", "LA", "PA"):
        return image.convert("RGB")
    see_through = image.convert("RGBA")
    white = Image.new("RGBA", see_through.size, "white")
    return Image.alpha_composite(white, see_through).convert("RGB")


def _packed(image: Image.Image) -> tuple[bytes, bytes]:
    """Return dictionary entries and data of at most MOST_BYTES: the smaller of the original and the reduced image, else
    256 colours, else fewer pixels too."""
    small = image.copy()
    small.thumbnail(MOST_PIXELS, Image.Resampling.LANCZOS)
    sources = (small, image) if image.width * image.height <= _FEW_PIXELS else (small,)
    entries, data = min((_predicted(_by_palette(each)) for each in sources), key=_weight)
    while len(data) > MOST_BYTES:
        entries, data = _predicted(small.quantize(256, dither=Image.Dither.NONE))
        small = small.resize((small.width * 4 // 5 or 1, small.height * 4 // 5 or 1), Image.Resampling.LANCZOS)
    return entries, data


def _weight(packed: tuple[bytes, bytes]) -> int:
    return sum(map(len, packed))


def _by_palette(image: Image.Image) -> Image.Image:
    """Return the image with a palette, a third of the bytes, where it has at most 256 colours; else return it as it
    is."""
    colours = image.getcolors(256)
    if colours is None:
        return image
    few = image.quantize(len(colours), dither=Image.Dither.NONE)
    return few if few.convert("RGB").tobytes() == image.tobytes() else image


def _predicted(image: Image.Image) -> tuple[bytes, bytes]:
    """Return dictionary entries and data from Pillow's PNG: its deflate stream with PNG predictors is valid in a
    PDF."""
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    chunks = dict[bytes, bytes]()
    data, place = png.getvalue(), 8
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        chunks[kind] = chunks.get(kind, b"") + data[place + 8 : place + 8 + length]
        place += length + 12
    width, height, depth = struct.unpack(">IIB", chunks[b"IHDR"][:9])
    colours = 1 if b"PLTE" in chunks else 3
    space = b"[/Indexed/DeviceRGB %d<%b>]" % (len(chunks[b"PLTE"]) // 3 - 1, chunks[b"PLTE"].hex().encode()) \
        if b"PLTE" in chunks else b"/DeviceRGB"  # fmt: skip
    entries = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%b/Filter/FlateDecode"
        b"/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>"
        % (width, height, depth, space, colours, depth, width)
    )
    return entries, chunks[b"IDAT"]
