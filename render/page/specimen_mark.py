"""The mark of a document that is tried and means nothing: on each page, large behind its text, in words above."""

from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import LEFT, RIGHT, mm, pt
from render.style.page_style import PageStyle
from render.type.font_family import font_faces
from render.type.line_breaking import shorten
from render.type.typesetting import style

_PALE = ".91 .88 .80"
_RED = ".66 .10 .08"
_BASELINE = mm(172)
_HEAD_LINE = mm(9)


def draw_specimen_mark(page_style: PageStyle, canvas: PageCanvas) -> None:
    """Draw the mark on a page head, which all of the page's own text lies over."""
    strong, words = font_faces(page_style.brand.typeface)[1], page_style.words
    canvas.text(style(strong, pt(84), _PALE), LEFT, _BASELINE, words.specimen)
    head = style(strong, pt(10), _RED)
    canvas.right(head, RIGHT, _HEAD_LINE, shorten(words.specimen_means, head, RIGHT - LEFT))
