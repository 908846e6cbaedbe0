"""Where the next thing of a bill goes: from page to page, from top to bottom."""

from render.look import Look
from render.page import FLOW_BOTTOM, NEXT_TOP, RIGHT, mm
from render.sheet import Sheet, shorten


class Flow:
    """The pages of one bill under construction and how far down the last one is filled."""

    def __init__(self, look: Look, caption: str) -> None:
        self.look = look
        self.caption = shorten(caption, look.manner.detail, mm(85))
        self.sheets: list[Sheet] = []
        self.sheet = self._open("First")
        self.y = 0
        self.bottom = FLOW_BOTTOM

    def _open(self, head: str) -> Sheet:
        self.sheet = Sheet()
        self.sheets.append(self.sheet)
        self.sheet.marks.append(f"/{head} Do")
        return self.sheet

    def next_page(self) -> None:
        """Begin a following page, with the bill's caption at its head."""
        sheet = self._open("Next")
        sheet.right(self.look.manner.detail, RIGHT, mm(19.5), self.caption)
        self.y = NEXT_TOP

    def keep(self, height: int) -> None:
        """Make sure that *height* fits below, on a new page if need be."""
        if self.y + height > self.bottom:
            self.next_page()

    def place(self, form: str, y: int) -> None:
        """Show one of the brand's drawings with its top at *y*."""
        self.sheet.marks.append(f"q 1 0 0 1 0 {y} cm /{form} Do Q")
