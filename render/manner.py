"""The type and colours of a brand's pages: one family, two weights, few sizes."""

from dataclasses import dataclass

from render.colour import INK, QUIET, read_colour
from render.family import faces
from render.page import mm, pt
from render.style import Style, style

#: From baseline to baseline, in drawing units.
ROW = mm(4.2)
DETAIL_ROW = mm(3.4)


@dataclass(frozen=True, slots=True)
class Manner:
    """Every style that a page uses."""

    colour: str
    figure: Style  # the amount that matters
    answer: Style  # by when, how
    answer_strong: Style
    title: Style
    head: Style  # a table's or a section's head
    body: Style
    strong: Style
    detail: Style
    total: Style
    label: Style
    fine: Style


def manner_of(colour: str, typeface: str) -> Manner:
    """The manner of a brand's colour and type. Raises BrandError when it is none, or a colour too light to read."""
    text, strong = faces(typeface)
    own = read_colour(colour)
    return Manner(
        colour=own,
        figure=style(strong, pt(28), INK),
        answer=style(text, pt(14), INK),
        answer_strong=style(strong, pt(14), INK),
        title=style(strong, pt(15), own),
        head=style(strong, pt(8.5), own),
        body=style(text, pt(9), INK),
        strong=style(strong, pt(9), INK),
        detail=style(text, pt(7.5), QUIET),
        total=style(strong, pt(12), INK),
        label=style(text, pt(7.5), QUIET),
        fine=style(text, pt(6.5), QUIET),
    )
