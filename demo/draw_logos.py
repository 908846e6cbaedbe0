"""Draws the four demo issuers' logos: `python -m demo.draw_logos` writes the PNG files beside their profiles.

Each logo is drawn at four times its size and reduced, so that its edges are smooth.
"""

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from PIL import Image, ImageDraw

from demo.issuer import FOLDER

SIZE: Final = 256
_FINE: Final = 4
Point = tuple[float, float]
Pen = ImageDraw.ImageDraw


def _sun(pen: Pen) -> None:
    """Lumière Ouest: half a sun with rays over two waves."""
    for ray in range(9):
        turn = pi + pi * ray / 8
        _stroke(pen, [_around((128, 140), turn, 76), _around((128, 140), turn, 108)], 13, "#f2a900")
    pen.pieslice(_box((128, 140), 58), 180, 360, fill="#f2a900")
    for height, colour in ((166, "#9a5b00"), (202, "#c98b1b")):
        _stroke(pen, [(x, height + 10 * sin(x / 19)) for x in range(22, 235, 3)], 14, colour)


def _bubble(pen: Pen) -> None:
    """Mobile Plus: a speech bubble with a plus."""
    pen.rounded_rectangle(_scaled((24, 30, 232, 190)), 52 * _FINE, fill="#6a1b9a")
    pen.polygon([_fine(point) for point in ((66, 180), (62, 234), (124, 186))], fill="#6a1b9a")
    pen.rounded_rectangle(_scaled((114, 62, 142, 158)), 8 * _FINE, fill="#ffffff")
    pen.rounded_rectangle(_scaled((80, 96, 176, 124)), 8 * _FINE, fill="#ffffff")


def _drop(pen: Pen) -> None:
    """The water service: a drop with a valley in it."""
    pen.polygon([_fine(point) for point in ((128, 14), (192, 116), (64, 116))], fill="#0277bd")
    pen.ellipse(_box((128, 158), 76), fill="#0277bd")
    _stroke(pen, [(x, 172 + 14 * sin(x / 17)) for x in range(66, 192, 3)], 13, "#b3e5fc")
    _stroke(pen, [(x, 200 + 10 * sin(x / 17)) for x in range(84, 174, 3)], 11, "#81d4fa")


def _harbour(pen: Pen) -> None:
    """The bank: a lighthouse on its pier."""
    navy, red = "#1a3a5c", "#c62828"
    pen.polygon([_fine(point) for point in ((100, 206), (112, 78), (144, 78), (156, 206))], fill=navy)
    pen.polygon([_fine(point) for point in ((106, 142), (109, 112), (147, 112), (150, 142))], fill="#ffffff")
    pen.rectangle(_scaled((108, 52, 148, 78)), fill="#f9c846")
    pen.polygon([_fine(point) for point in ((100, 52), (128, 24), (156, 52))], fill=red)
    for end in ((20, 40), (20, 86), (236, 40), (236, 86)):
        _stroke(pen, [(104 if end[0] < 128 else 152, 64), end], 8, "#f9c846")
    pen.rounded_rectangle(_scaled((24, 204, 232, 232)), 10 * _FINE, fill=red)


MARKS: Final[dict[str, Callable[[Pen], None]]] = {
    "lumiere-ouest": _sun, "mobile-plus": _bubble, "eaux-du-val": _drop, "banque-du-port": _harbour,
}  # fmt: skip


def draw(slug: str) -> Image.Image:
    """Return an issuer's logo on a transparent ground."""
    image = Image.new("RGBA", (SIZE * _FINE, SIZE * _FINE), (255, 255, 255, 0))
    MARKS[slug](ImageDraw.Draw(image))
    small = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return small.quantize(64, Image.Quantize.FASTOCTREE)


def _fine(point: Point) -> Point:
    return point[0] * _FINE, point[1] * _FINE


def _scaled(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (edge * _FINE for edge in box)
    return left, top, right, bottom


def _box(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = centre
    return _scaled((x - radius, y - radius, x + radius, y + radius))


def _around(centre: Point, turn: float, distance: float) -> Point:
    return centre[0] + distance * cos(turn), centre[1] + distance * sin(turn)


def _stroke(pen: Pen, points: list[Point], width: float, colour: str) -> None:
    """Draw a line with round ends."""
    pen.line([_fine(point) for point in points], colour, round(width * _FINE), joint="curve")
    for end in (points[0], points[-1]):
        pen.ellipse(_box(end, width / 2), fill=colour)


if __name__ == "__main__":
    for slug in MARKS:
        draw(slug).save(FOLDER / f"{slug}.png", optimize=True)
