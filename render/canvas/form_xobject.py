"""A drawing of a brand that its pages place: written once, shown by its name (ISO 32000-1, 8.10)."""

from typing import NamedTuple

from render.canvas.page_canvas import PageCanvas


class FormXObject(NamedTuple):
    """A drawing and how far down it reaches. Its marks and its words are two objects: marks mean nothing."""

    name: str
    sheet: PageCanvas
    height: int

    @property
    def under(self) -> str:
        """The name of its marks."""
        return f"{self.name}U"

    def written(self) -> list[tuple[str, bytes]]:
        """The names and content streams of what it has."""
        parts = []
        if self.sheet.words:
            parts.append((self.name, self.sheet.over()))
        if self.sheet.marks:
            parts.append((self.under, self.sheet.under()))
        return parts
