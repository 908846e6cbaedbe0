"""The typefaces that a brand can choose: families of two weights with tabular figures.

The font files are their makers', under the SIL Open Font License; pages embed subsets
(`render.type.european_font_subset`).
"""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from bill import SANS, TYPEFACES, Reason
from render.style.page_colours import BrandError
from render.type.european_font_subset import subset_font
from render.type.font_face import FontFace

FONTS: Final = Path(__file__).parent / "fonts"


class _Weight(NamedTuple):
    """A font file: its name in a page's resources, and descriptor values that the file lacks."""

    resource: str
    subset: str  # the six-letter tag of a subset font (ISO 32000-1, 9.6.4)
    name: str
    stem: int  # stem width of a lower case l, in thousandths of the size
    has_serifs: bool = False

    @property
    def path(self) -> Path:
        return FONTS / f"{self.name}.ttf"


#: The text weight and the strong weight.
_FAMILIES: Final = {
    SANS: (
        _Weight("R", "FACTRG", "SourceSans3-Regular", 84),
        _Weight("B", "FACTSB", "SourceSans3-SemiBold", 120),
    ),
    "serif": (  # the optical size for small text: as high and as open as the sans
        _Weight("SR", "FACTRG", "SourceSerif4SmText-Regular", 89, has_serifs=True),
        _Weight("SB", "FACTSB", "SourceSerif4SmText-Semibold", 124, has_serifs=True),
    ),
}
assert tuple(_FAMILIES) == TYPEFACES


@cache
def font_faces(typeface: str) -> tuple[FontFace, FontFace]:
    """Return the text weight and the strong weight of a typeface. Raises BrandError when it is none of ours."""
    if typeface not in _FAMILIES:
        raise BrandError(Reason.of("brand_typeface", typeface=typeface, choices=list(TYPEFACES)))
    text, strong = map(_face, _FAMILIES[typeface], _FAMILIES[SANS])
    return text, strong


def _face(weight: _Weight, lender: _Weight) -> FontFace:
    return subset_font(
        weight.path, lender.path, resource=weight.resource, postscript_name=f"{weight.subset}+{weight.name}",
        stem=weight.stem, has_serifs=weight.has_serifs,
    )  # fmt: skip
