"""Charts drawn here, as SVG: one idea each, labels at the curves themselves, text alternative included.

Colours come from the stylesheet (`.chart …`), so that a chart reads in light, in dark, in grey and on paper:
curves differ in their stroke, not only in their colour. Every axis begins at zero.
"""

from collections.abc import Callable, Iterator, Sequence
from math import floor, log10
from typing import Final, Literal, NamedTuple

from markupsafe import Markup, escape

from portal.translation import say

#: The drawing's own units; the page gives it its width. Text of 11 units stays readable at 320 pixels.
WIDTH: Final = 340
HEIGHT: Final = 176
_TOP: Final = 12
_BOTTOM: Final = 22
_LABEL_HEIGHT: Final = 13
_CHARACTER: Final = 5.7  # about a character of 11 units, for margins
_GAP: Final = 6
_RANK_HEIGHT: Final = 38

Spell = Callable[[float], str]
Stroke = Literal["", "second", "third"]


class Series(NamedTuple):
    """A curve: its name (written at its end), a value for each label (None: unknown), and its stroke. A curve that is
    *sparse* is known at some labels only, as the bills of a quarter: its points are joined by a line, and dotted."""

    name: str
    values: Sequence[float | None]
    stroke: Stroke = ""
    sparse: bool = False


class Range(NamedTuple):
    """What is foretold: a name, and from where to where each label's value lies (None: not foretold)."""

    name: str
    low: Sequence[float | None]
    high: Sequence[float | None]


class _Plot(NamedTuple):
    """Maps values to places of the drawing."""

    left: float
    right: float
    lowest: float
    highest: float
    places: int

    def x(self, index: float) -> float:
        return self.left + (self.right - self.left) * (index / (self.places - 1) if self.places > 1 else 0.5)

    def y(self, value: float) -> float:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP)


def lines(
    title: str, labels: Sequence[str], series: Sequence[Series], spell: Spell, top: float | None = None,
    foretold: Range | None = None,
) -> Markup:  # fmt: skip
    """Curves over time. *labels* name the moments, oldest first; *spell* writes a value; *top* is the end of the
    scale, where several charts share one; what is *foretold* is a band behind the curves. Empty where no value is
    known."""
    bands = [] if foretold is None or all(value is None for value in foretold.high) else [foretold]
    known = [value for each in series for value in each.values if value is not None]
    known += [value for each in bands for value in each.high if value is not None]
    if not known:
        return Markup("")
    highest = top or nice_top(max(known))
    ended = [each for each in series if each.values[-1] is None]  # before the last label: named where they end
    lasting = [each for each in series if each.values[-1] is not None]
    ends = [*(_end_of(each, spell) for each in lasting), *(_end_of_range(each, spell) for each in bands)]
    room = max((len(text) for _, _, text in ends), default=0) * _CHARACTER + _GAP + 2
    plot = _Plot(_left(highest, spell), WIDTH - room, 0.0, highest, len(labels))
    parts = [*_scale(plot, spell), *_first_and_last(plot, labels)]
    parts += [_area(plot, band) for band in bands]
    for each in series:
        parts += _curve(plot, each)
    parts += [*_end_labels(plot, ends), *(_name_at_end(plot, each, spell) for each in ended)]
    return _svg(alternative(title, labels, series, spell, foretold), parts)


def bars(
    title: str, labels: Sequence[str], values: Sequence[float | None], spell: Spell,
    beside: Sequence[float | None] = (), names: tuple[str, str] = ("", ""), ticks: Sequence[str] = (),
) -> Markup:  # fmt: skip
    """Bars from zero, one a label, the last of them written out; *beside* stands behind, paler (the year before).
    *names* are what the two are called in the text alternative; *ticks* stand below the bars where the labels are
    too long for it. Empty where no value is known."""
    known = [value for value in [*values, *beside] if value is not None]
    if not known:
        return Markup("")
    plot = _Plot(_left(nice_top(max(known)), spell), WIDTH - 4, min(0.0, *known), nice_top(max(known)), len(labels))
    step = (plot.right - plot.left) / len(labels)
    start, width = (0.32, 0.6) if beside else (0.15, 0.7)  # of a step
    parts = list(_scale(plot, spell))
    for index, tick in enumerate(ticks or labels):
        at = plot.left + step * index
        if index < len(beside):
            parts += _bar(plot, at + step * 0.08, step * 0.5, beside[index], "faint")
        parts += _bar(plot, at + step * start, step * width, values[index], "ours")
        parts.append(_text(at + step / 2, HEIGHT - 6, tick, "middle"))
    latest = [(index, value) for index, value in enumerate(values) if value is not None]
    if latest:
        index, value = latest[-1]
        right = plot.left + step * (index + start + width)
        parts.append(_text(right, plot.y(max(value, 0.0)) - 4, spell(value), "end", "strong"))
    both = [Series(names[0], values), Series(names[1], beside)] if beside else [Series(names[0], values)]
    return _svg(alternative(title, labels, both, spell), parts)


def ranked(title: str, named: Sequence[tuple[str, float]], spell: Spell) -> Markup:
    """Bars from zero lying one under the other, each below its name and beside its value. Empty where there is none."""
    if not named:
        return Markup("")
    values = [spell(value) for _, value in named]
    right = WIDTH - max(map(len, values)) * _CHARACTER - _GAP - 2
    longest = max(value for _, value in named) or 1.0
    parts: list[str] = []
    for index, (name, value) in enumerate(named):
        top = index * _RANK_HEIGHT
        width = max(right * value / longest, 1.0)
        parts.append(_text(0, top + 11, name, "start"))
        parts.append(f'<rect class="ours" x="0" y="{top + 17}" width="{width:.1f}" height="10" rx="1"/>')
        parts.append(_text(width + _GAP, top + 26, values[index], "start", "strong"))
    told = [f"{name}{say(' :')} {value}" for (name, _), value in zip(named, values, strict=True)]
    return _svg(_told(title, told), parts, len(named) * _RANK_HEIGHT)


def beam(value: float, most: float) -> Markup:
    """Returns a horizontal bar for a table row. Hidden from screen readers, since the number stands beside it."""
    share = 0.0 if most <= 0 else max(0.0, min(value / most, 1.0)) * 100
    drawn = f'<rect class="track" width="100" height="8"/><rect class="ours" width="{share:.1f}" height="8"/>'
    head = '<svg class="beam" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
    return Markup(f"{head}{drawn}</svg>")  # noqa: S704 -- figures of ours alone


def alternative(
    title: str, labels: Sequence[str], series: Sequence[Series], spell: Spell, foretold: Range | None = None
) -> str:
    """Returns the chart's text alternative: where each curve began and where it is now, and where the last of what is
    foretold lies."""
    told = []
    for each in series:
        known = [(label, value) for label, value in zip(labels, each.values, strict=False) if value is not None]
        if known:
            ends = ", ".join(f"{label} {spell(value)}" for label, value in dict.fromkeys([known[0], known[-1]]))
            told.append(f"{each.name}{say(' :')} {ends}" if each.name else ends)
    ranges = [] if foretold is None else [*zip(labels, foretold.low, foretold.high, strict=False)]
    if foretold is not None and (last := next((each for each in reversed(ranges) if each[2] is not None), None)):
        told.append(f"{foretold.name}{say(' :')} {last[0]} {_from_to(last[1], last[2], spell)}")
    return _told(title, told)


def _told(title: str, told: Sequence[str]) -> str:
    between = f"{say(' ;')} "
    return f"{title}. {between.join(told)}."


def nice_top(value: float, most: float | None = None) -> float:
    """The end of a scale: a round number (one digit and noughts, its half round too) not below the value; *most*
    where it would pass it."""
    if value <= 0:
        return most or 1.0
    power = 10.0 ** floor(log10(value))
    top = next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))
    return min(top, most) if most is not None else top


def _left(highest: float, spell: Spell) -> float:
    return max(len(spell(highest)), len(spell(0.0))) * _CHARACTER + _GAP


def _scale(plot: _Plot, spell: Spell) -> Iterator[str]:
    """Zero, the half, the end: enough to read a curve that says its own values."""
    for value in (0.0, plot.highest / 2, plot.highest):
        y = plot.y(value)
        yield f'<line class="axis" x1="{plot.left:.1f}" x2="{plot.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(plot.left - _GAP, y + 4, spell(value), "end")


def _first_and_last(plot: _Plot, labels: Sequence[str]) -> Iterator[str]:
    if len(labels) == 1:
        yield _text(plot.x(0), HEIGHT - 6, labels[0], "middle")
        return
    yield _text(plot.left, HEIGHT - 6, labels[0], "start")
    yield _text(plot.right, HEIGHT - 6, labels[-1], "end")


def _curve(plot: _Plot, series: Series) -> Iterator[str]:
    """A line through the known values, broken where nothing is known (unless the series is sparse), with a dot at its
    end, and wherever a value stands alone."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(series.values):
        if value is not None:
            pieces[-1].append((plot.x(index), plot.y(value)))
        elif pieces[-1] and not series.sparse:
            pieces.append([])
    path = " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in piece) for piece in pieces if len(piece) > 1)
    if path:
        yield f'<path class="{_classes("line", series.stroke)}" d="{path}"/>'
    last = next(piece[-1] for piece in reversed(pieces) if piece) if any(pieces) else None
    for x, y in [point for piece in pieces for point in piece if series.sparse or len(piece) == 1 or point == last]:
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{3 if (x, y) == last else 2}"/>'


def _area(plot: _Plot, foretold: Range) -> str:
    """The band between the low and the high values."""
    known = [
        (index, low, high)
        for index, (low, high) in enumerate(zip(foretold.low, foretold.high, strict=True))
        if low is not None and high is not None
    ]
    there = [f"{plot.x(index):.1f} {plot.y(high):.1f}" for index, _, high in known]
    back = [f"{plot.x(index):.1f} {plot.y(low):.1f}" for index, low, _ in reversed(known)]
    return f'<path class="band" d="M{" L".join([*there, *back])} Z"/>'


def _end_of(series: Series, spell: Spell) -> tuple[float, Stroke, str]:
    value = next(value for value in reversed(series.values) if value is not None)
    return value, series.stroke, f"{series.name} {spell(value)}".strip()


def _name_at_end(plot: _Plot, series: Series, spell: Spell) -> str:
    """The name and latest value of a curve that ends within the drawing, below its last point; above it where the
    axis is near."""
    known = [(index, value) for index, value in enumerate(series.values) if value is not None]
    if not known:
        return ""
    index, value = known[-1]
    x, y = plot.x(index), plot.y(value)
    text = f"{series.name} {spell(value)}".strip()
    under = y + 16 if y < HEIGHT - _BOTTOM - 2 * _LABEL_HEIGHT else y - 8
    if x + len(text) * _CHARACTER < WIDTH:
        return _text(x + 3, under, text, "start", "strong near")
    return _text(x - 3, under, text, "end", "strong near")


def _end_of_range(foretold: Range, spell: Spell) -> tuple[float, Stroke, str]:
    pairs = zip(reversed(foretold.low), reversed(foretold.high), strict=True)
    low, high = next((low, high) for low, high in pairs if low is not None and high is not None)
    return (low + high) / 2, "third", f"{foretold.name} {_from_to(low, high, spell)}"


def _from_to(low: float | None, high: float | None, spell: Spell) -> str:
    return say("{low} à {high}", low=spell(low or 0.0), high=spell(high or 0.0))


def _end_labels(plot: _Plot, ends: Sequence[tuple[float, Stroke, str]]) -> Iterator[str]:
    """Each curve's name and latest value at its end, pushed apart where curves end together."""
    if not ends:
        return
    placed = sorted((plot.y(value) + 4, text, stroke) for value, stroke, text in ends)
    ys = [y for y, _, _ in placed]
    for index in range(1, len(ys)):
        ys[index] = max(ys[index], ys[index - 1] + _LABEL_HEIGHT)
    over = max(0.0, ys[-1] - (HEIGHT - _BOTTOM + 4))
    for index in reversed(range(len(ys))):
        below = ys[index + 1] - _LABEL_HEIGHT if index + 1 < len(ys) else ys[index] - over
        ys[index] = min(ys[index], below)
    for y, (_, text, stroke) in zip(ys, placed, strict=True):
        yield _text(plot.right + _GAP, y, text, "start", "" if stroke else "strong")


def _bar(plot: _Plot, x: float, width: float, value: float | None, shade: str) -> Iterator[str]:
    if value:
        top, foot = sorted((plot.y(value), plot.y(0.0)))
        yield (
            f'<rect class="{shade}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(foot - top, 0.5):.1f}"/>'
        )


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    shade = f' class="{kind}"' if kind else ""
    return f'<text{shade} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _classes(*names: str) -> str:
    return " ".join(filter(None, names))


def _svg(words: str, parts: Sequence[str], height: int = HEIGHT) -> Markup:
    head = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(words)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 -- every word in it was escaped above
