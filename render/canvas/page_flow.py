"""Vertical layout across pages: keeps the position on the current page and starts new pages."""

from collections.abc import Callable, Sequence
from typing import TypeVarTuple

from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import FLOW_BOTTOM, NEXT_TOP, RIGHT, mm
from render.fragments.fragment_cache import FragmentBuilder
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten

Outline = TypeVarTuple("Outline")


class PageFlow:
    """The pages of one bill under construction. `y` is how far down the last page is filled, `bottom` where it ends,
    both in drawing units."""

    def __init__(self, look: PageStyle, caption: str) -> None:
        self.look = look
        self.caption = caption
        self.sheets: list[PageCanvas] = []
        self.sheet = self._open_first()
        self.y = 0
        self.bottom = FLOW_BOTTOM

    def _open(self) -> PageCanvas:
        self.sheet = PageCanvas()
        self.sheets.append(self.sheet)
        return self.sheet

    def _open_first(self) -> PageCanvas:
        """Start the first page: logo, name and sender."""
        sheet, logo = self._open(), self.look.logo
        if logo:
            sheet.picture(
                logo.box,
                self.look.brand.name,
                f"q {logo.width} 0 0 {-logo.height} {logo.box.left} {logo.box.bottom} cm/Logo Do Q",
            )
        self.place("P", "First", 0)
        return sheet

    def next_page(self) -> None:
        """Start a following page, with the bill's caption in its head."""
        sheet = self._open()
        self.repeat("Next", 0)
        sheet.artifact()
        detail = self.look.manner.detail
        sheet.right(detail, RIGHT, mm(19.5), shorten(self.caption, detail, mm(85)))
        self.y = NEXT_TOP

    def keep(self, height: int) -> None:
        """Make room for *height* drawing units: start a new page unless they fit on this one."""
        if self.y + height > self.bottom:
            self.next_page()

    def place(self, kind: str, name: str, y: int) -> None:
        """Show one of the brand's form XObjects with its top at *y*. Its text is tagged as *kind*, its marks are
        artifacts."""
        form = self.look.forms[name]
        if form.sheet.marks:
            self._furnish(form.under, y)
        if form.sheet.words:
            self.sheet.place(kind, name, y)

    def fill(
        self,
        lay: Callable[[FragmentBuilder, PageStyle, *Outline], None],
        y: int,
        texts: Sequence[str],
        *outline: *Outline,
    ) -> None:
        """Draw a page fragment with its top at *y*. *lay* draws it the first time; *outline* is all that its layout
        depends on; *texts* fill its placeholders. The fragment cache (docs/fast-paths.md) is entered here."""
        self.sheet.fill(self.look.blanks.of(lay, self.sheet.tagged, self.look, *outline), y, texts)

    def repeat(self, name: str, y: int) -> None:
        """Show one of the brand's form XObjects as an artifact, because a screen reader has read it on an earlier
        page."""
        form = self.look.forms[name]
        for part, _ in form.written():
            self._furnish(part, y)

    def _furnish(self, name: str, y: int) -> None:
        self.sheet.marks.append(f"q 1 0 0 1 0 {y} cm/{name} Do Q")
