"""PDF form XObjects: drawings of a brand that are written once and shown by name on many pages (ISO 32000-1, 8.10)."""

from typing import NamedTuple

from render.canvas.page_canvas import PageCanvas


class FormXObject(NamedTuple):
    """A reusable drawing: its name, its canvas, its height in drawing units. Rules and areas (decoration) and text
    (tagged content) become two separate form XObjects."""

    name: str
    canvas: PageCanvas
    height: int

    @property
    def under(self) -> str:
        """The name of the form XObject that holds the rules and areas."""
        return f"{self.name}U"

    def written(self) -> list[tuple[str, bytes]]:
        """Return (name, content stream) of each form XObject that the drawing needs: none, one or two."""
        parts = []
        if self.canvas.words:
            parts.append((self.name, self.canvas.over()))
        if self.canvas.marks:
            parts.append((self.under, self.canvas.under()))
        return parts
