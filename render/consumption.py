"""What was used, drawn: thirteen months of bars, each beside the year before; and one line of comparison.

Where nothing is metered, the bars are what the bills came to.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from bill import ZERO, Bill, History, Span, span_of
from render.colour import LINE
from render.flow import Flow
from render.look import Look
from render.page import COLUMNS, RIGHT, Box, mm
from render.plain import plain
from render.sheet import Sheet

#: Fewer bills before this one tell no story.
LEAST_SPANS: Final = 3
MOST_BARS: Final = 13
_A_YEAR: Final = timedelta(days=365)
_ABOUT: Final = timedelta(days=20)
_A_MONTH: Final = range(20, 45)  # days between two bills that are a month apart

#: A voice knows no narrow space; and without one a text string has a byte a character.
_SPOKEN: Final = {ord("\N{NARROW NO-BREAK SPACE}"): " ", ord("\N{NO-BREAK SPACE}"): " "}

HEIGHT: Final = mm(29)
_PLOT_TOP: Final = mm(8)
_ZERO: Final = mm(25.2)
_TITLE: Final = mm(2.6) - _ZERO  # baselines, from zero down
_MONTHS: Final = mm(3)
_LEFT: Final = COLUMNS[2]
_WIDTH: Final = RIGHT - _LEFT
_AIR: Final = mm(0.2)
#: How much of a brand's colour is left in the bars of months before, and of the year before.
_PAST, _LONG_PAST = 0.62, 0.28


class Bar(NamedTuple):
    """A span as drawn: its month, its value, and that of the year before, if anybody knows it."""

    month: str
    year: int
    value: Decimal
    before: Decimal | None


class Chart(NamedTuple):
    """Bars in one unit, the oldest first; the last one is this bill's."""

    title: str
    bars: list[Bar]
    highest: Decimal


def compared(bill: Bill, history: History, look: Look) -> str:
    """`12 % de moins que le mois dernier`: what the bill comes to, against the one before; "" where there is none."""
    if bill.is_credit_note or not history.spans:
        return ""
    this, last = span_of(bill), history.spans[-1]
    if last.gross <= 0 or this.gross < 0:
        return ""
    change = round((this.gross / last.gross - 1) * 100)
    words, is_monthly = look.words, (this.issued - last.issued).days in _A_MONTH
    what = words.last_month if is_monthly else words.last_bill
    sentence = words.more if change > 0 else words.less if change < 0 else words.same
    return sentence.format(percent=look.number(Decimal(abs(change))), what=what)


def chart_of(bill: Bill, history: History, look: Look) -> Chart | None:
    """The bars of this bill and those before it; None where there is too little to draw."""
    this = span_of(bill)
    spans = [span for span in history.spans if this.used is None or (span.unit == this.unit and span.used is not None)]
    if bill.is_credit_note or len(spans) < LEAST_SPANS:
        return None
    spans.append(this)
    recent = [span for span in spans if this.until - span.until <= _A_YEAR + _ABOUT][-MOST_BARS:]
    bars = [_bar(span, spans, look) for span in recent]
    highest = max(max(bar.value, bar.before or ZERO) for bar in bars)
    if highest <= 0:
        return None
    unit = bill.currency if this.used is None else look.units.get(this.unit, this.unit)
    title = look.words.billed if this.used is None else look.words.used
    return Chart(plain(f"{title}, {unit}"), bars, highest)


def _bar(span: Span, spans: Sequence[Span], look: Look) -> Bar:
    day = span.until
    near = [each for each in spans if abs(day - each.until - _A_YEAR) <= _ABOUT]
    before = min(near, key=lambda each: abs(day - each.until - _A_YEAR), default=None)
    return Bar(look.words.months[day.month - 1], day.year, _value(span), None if before is None else _value(before))


def _value(span: Span) -> Decimal:
    """What is drawn: the use, else the amount in whole units of its currency; nothing hangs below zero."""
    return max(round(span.gross, 0) if span.used is None else span.used, ZERO)


def draw_consumption(chart: Chart, top: int, flow: Flow) -> int:
    """Draw it in the right half of the page; gives the y below."""
    drawing = Sheet()
    areas = _draw_bars(chart, flow.look, drawing)
    words = drawing.over().decode("latin-1")
    box = Box(_LEFT, top, RIGHT, top + HEIGHT)
    flow.sheet.figure(box, _spoken(chart, flow.look), f"q 1 0 0 1 {_LEFT} {top + _ZERO} cm\n{areas}\n{words}\nQ")
    return top + HEIGHT


def _draw_bars(chart: Chart, look: Look, drawing: Sheet) -> str:
    """Its areas, as operators with their origin where zero is; its words go onto *drawing*.

    Bars stand a slot apart, each drawn from its own origin: so a bar is some bytes, once deflated.
    """
    manner, fine = look.manner, look.manner.fine
    slot = _WIDTH // len(chart.bars)
    width = min(slot * 2 // 5, mm(4))
    has_before = any(bar.before is not None for bar in chart.bars)
    x = slot // 2 - (0 if has_before else width // 2)
    past = [_height(bar.value, chart) for bar in chart.bars]
    long_past = [0 if bar.before is None else _height(bar.before, chart) for bar in chart.bars]
    drawing.text(manner.label, 0, _TITLE, chart.title)
    areas = [f"{LINE} rg 0 0 {_WIDTH} {mm(0.15)} re f"]
    if has_before:
        colour = tone(manner.colour, _LONG_PAST)
        areas.append(f"{colour} rg {_draw_key(look, drawing)}{_row(x - width, slot, width, long_past)}")
    areas.append(f"{tone(manner.colour, _PAST)} rg{_row(x, slot, width, past[:-1])}")
    areas.append(f"{manner.colour} rg {x + slot * (len(past) - 1)} 0 {width} -{past[-1]} re f")
    values = [look.number(bar.value) for bar in chart.bars]
    shows_all = max(map(fine.width, values)) + _AIR < slot - has_before * width
    for number, (value, height) in enumerate(zip(values, past, strict=True)):
        if shows_all or number == len(past) - 1 or chart.bars[number].value == chart.highest:
            long = fine.width(value)
            # The bars of the year before stand on the left: a figure keeps to its own bar and the gap behind it.
            aside = (width - long) // 2
            at = number * slot + x + (_AIR if aside < 0 and has_before and shows_all else aside)
            drawing.text(fine, min(at, _WIDTH - long), -height - mm(0.7), value)
    _draw_months(chart, slot, look, drawing)
    return "\n".join(areas)


def _row(x: int, slot: int, width: int, heights: list[int]) -> str:
    """Bars from zero, a slot apart, in the colour that is set; the origin is left as it was."""
    step = f" f 1 0 0 1 {slot} 0 cm 0 0 {width} -"
    bars = step.join(f"{height} re" for height in heights)
    return f" q 1 0 0 1 {x} 0 cm 0 0 {width} -{bars} f Q"


def _draw_months(chart: Chart, slot: int, look: Look, drawing: Sheet) -> None:
    """Their names below the bars, or their first letters where those are too many."""
    fine, months = look.manner.fine, [bar.month for bar in chart.bars]
    if max(map(fine.width, months)) >= slot:
        months = [month[0].upper() for month in months]
    for number, month in enumerate(months):
        drawing.text(fine, number * slot + (slot - fine.width(month)) // 2, _MONTHS, month)


def _draw_key(look: Look, drawing: Sheet) -> str:
    """Which bars are the year before: its words, and a square of their colour."""
    label, said = look.manner.label, look.words.year_before
    side = mm(1.8)
    drawing.right(label, _WIDTH, _TITLE, said)
    return f"{_WIDTH - label.width(said) - side - mm(1)} {_TITLE} {side} -{side} re f"


def _height(value: Decimal, chart: Chart) -> int:
    return int((_ZERO - _PLOT_TOP) * value / chart.highest)


def _spoken(chart: Chart, look: Look) -> str:
    """`Consommation, kWh : 412, octobre 2026 ; 430, un an avant ; 858, janvier 2026.`: this bill's bar, the year
    before, and the highest."""
    this = chart.bars[-1]
    told = [_told(this.value, this, look)]
    if this.before is not None:
        told.append(f"{look.number(this.before)}, {look.words.year_before}")
    highest = max(chart.bars, key=lambda bar: bar.value)
    if highest is not this:
        told.append(_told(highest.value, highest, look))
    return f"{chart.title} : {' ; '.join(told)}.".translate(_SPOKEN)


def _told(value: Decimal, bar: Bar, look: Look) -> str:
    return f"{look.number(value)}, {bar.month} {bar.year}"


@lru_cache(256)
def tone(colour: str, share: float) -> str:
    """So much of a colour on white; three numbers, as PDF writes them."""
    return " ".join(f"{1 - share * (1 - float(channel)):.3f}" for channel in colour.split())
