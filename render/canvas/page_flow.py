"""Vertical layout across pages: keeps the position on the current page and starts new pages."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVarTuple

from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import FLOW_BOTTOM, NEXT_TOP, RIGHT, mm
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten

Layout = TypeVarTuple("Layout")


class FootPlace(NamedTuple):
    """A place kept free at the foot of a page: its canvas and its top."""

    canvas: PageCanvas
    top: int


class PageFlow:
    """The pages of one bill under construction. `y` is how far down the last page is filled, `bottom` where it ends,
    both in drawing units."""

    def __init__(self, page_style: PageStyle, caption: str) -> None:
        self.page_style = page_style
        self.caption = caption
        self.pages: list[PageCanvas] = []
        self.canvas = self._open_first()
        self.y = 0
        self.bottom = FLOW_BOTTOM

    def _open(self) -> PageCanvas:
        self.canvas = PageCanvas()
        self.pages.append(self.canvas)
        return self.canvas

    def _open_first(self) -> PageCanvas:
        """Start the first page: logo, name and sender."""
        canvas, logo = self._open(), self.page_style.logo
        if logo:
            canvas.picture(
                logo.box,
                self.page_style.brand.name,
                f"q {logo.width} 0 0 {-logo.height} {logo.box.left} {logo.box.bottom} cm/Logo Do Q",
            )
        self.place("P", "First", 0)
        return canvas

    def next_page(self) -> None:
        """Start a following page, with the bill's caption in its head."""
        canvas = self._open()
        self.repeat("Next", 0)
        canvas.artifact()
        detail = self.page_style.styles.detail
        canvas.right(detail, RIGHT, mm(19.5), shorten(self.caption, detail, mm(85)))
        self.y, self.bottom = NEXT_TOP, FLOW_BOTTOM

    def make_room(self, height: int) -> None:
        """Make room for *height* drawing units: start a new page unless they fit on this one."""
        if self.y + height > self.bottom:
            self.next_page()

    def keep_foot(self, height: int) -> FootPlace:
        """Keep *height* drawing units free at the foot of this page, or of a new one unless they fit. What follows
        stands above them, and goes on on the next page."""
        self.make_room(height)
        self.bottom -= height
        return FootPlace(self.canvas, self.bottom)

    def turn_to(self, foot: FootPlace) -> None:
        """Go on drawing at the foot that was kept free."""
        self.canvas, self.y = foot

    def place(self, kind: str, name: str, y: int) -> None:
        """Show one of the brand's form XObjects with its top at *y*. Its text is tagged as *kind*, its marks are
        artifacts."""
        form = self.page_style.forms[name]
        if form.canvas.marks:
            self._draw_artifact(form.under, y)
        if form.canvas.words:
            self.canvas.place(kind, name, y)

    def draw_fragment(
        self,
        lay: Callable[[FragmentCanvas, PageStyle, *Layout], None],
        y: int,
        texts: Sequence[str],
        *layout: *Layout,
        on: PageCanvas | None = None,
    ) -> None:
        """Draw a fragment with its top at *y* of the current page, or of *on*: *lay* draws it of *texts*; *layout* is
        all else that it depends on."""
        canvas, page_style = self.canvas if on is None else on, self.page_style
        canvas.place_fragment(page_style.fragments.draw(lay, canvas.tagged, texts, page_style, *layout), y)

    def repeat(self, name: str, y: int) -> None:
        """Show one of the brand's form XObjects as an artifact, because a screen reader has read it on an earlier
        page."""
        form = self.page_style.forms[name]
        for part, _ in form.written():
            self._draw_artifact(part, y)

    def _draw_artifact(self, name: str, y: int) -> None:
        self.canvas.marks.append(f"q 1 0 0 1 0 {y} cm/{name} Do Q")
