"""The text styles of a brand's pages: one type family, two weights, a few sizes, and the brand's colour.

A person of seventy reads them: text has 10 pt, labels and what stands below a line 9 pt, small print 7.5 pt, all of it
in ink. Grey (`quiet`) is only for what nobody misses. The brand's colour, which may be light, is only for rules and
titles: large type asks for a contrast of 3, all other for 4.5 (WCAG 2.2, 1.4.3).
"""

from dataclasses import dataclass

from render.canvas.page_geometry import mm, pt
from render.style.page_colours import INK, QUIET, read_colour
from render.type.font_family import font_faces
from render.type.typesetting import TextStyle, style

#: Line heights, in drawing units.
ROW = mm(4.25)
DETAIL_ROW = mm(3.7)
FINE_ROW = mm(3.1)


@dataclass(frozen=True, slots=True)
class TypeStyles:
    """Every text style that a page uses, and the brand's colour as PDF writes it."""

    colour: str
    figure: TextStyle  # the amount due
    summary: TextStyle  # due date and payment method
    summary_strong: TextStyle
    title: TextStyle
    head: TextStyle  # a table's or a section's head
    body: TextStyle
    strong: TextStyle
    detail: TextStyle
    total: TextStyle
    label: TextStyle
    fine: TextStyle  # small print
    quiet: TextStyle  # what nobody misses: a page's number, a caption that repeats what stands elsewhere


def type_styles_of(colour: str, typeface: str) -> TypeStyles:
    """Return the text styles of a colour and a typeface. Raises BrandError when either is unknown, or the colour is too
    light to read."""
    text, strong = font_faces(typeface)
    own = read_colour(colour)
    return TypeStyles(
        colour=own,
        figure=style(strong, pt(28), INK),
        summary=style(text, pt(14), INK),
        summary_strong=style(strong, pt(14), INK),
        title=style(strong, pt(15), own),
        head=style(strong, pt(9), INK),
        body=style(text, pt(10), INK),
        strong=style(strong, pt(10), INK),
        detail=style(text, pt(9), INK),
        total=style(strong, pt(12), INK),
        label=style(text, pt(9), INK),
        fine=style(text, pt(7.5), INK),
        quiet=style(text, pt(7.5), QUIET),
    )
