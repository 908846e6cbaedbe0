"""The consumption chart: thirteen months of bars beside those of the year before, and a sentence of comparison.

Where nothing is metered, the bars are the amounts of the bills.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from bill import ZERO, Bill, History, Span, span_of
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import Box, mm
from render.style.page_colours import LINE
from render.style.page_style import PageStyle
from render.type.printable_text import printable

#: With fewer earlier bills no chart is drawn.
LEAST_SPANS: Final = 3
MOST_BARS: Final = 13
_A_YEAR: Final = 365  # days
#: Day offsets for finding the same period a year before, nearest first.
_ABOUT: Final = sorted(range(-20, 21), key=abs)
_A_MONTH: Final = range(20, 45)  # days between two bills that are a month apart

#: Plain spaces for the alternative text: without narrow ones, a text string has one byte a character.
_SPOKEN: Final = {ord("\N{NARROW NO-BREAK SPACE}"): " ", ord("\N{NO-BREAK SPACE}"): " "}

#: The full height, and the smallest legible one.
HEIGHT: Final = mm(29)
LEAST_HEIGHT: Final = mm(18)
_TITLE: Final = mm(2.8)
_PLOT_TOP: Final = mm(8)
_BELOW_ZERO: Final = mm(4.2)
_MONTHS: Final = mm(3.2)  # baseline of the months, below the zero line
_AIR: Final = mm(0.2)
#: The share of the brand's colour in bars of earlier months, and of the year before.
_PAST, _LONG_PAST = 0.62, 0.28


class PeriodBar(NamedTuple):
    """A billing period as drawn: its month, its value, and the value a year before, or None if unknown."""

    month: str
    year: int
    value: Decimal
    before: Decimal | None


class Chart(NamedTuple):
    """The bars in one unit, oldest first; the last is this bill's."""

    title: str
    bars: list[PeriodBar]
    highest: Decimal
    has_before: bool


def compared(bill: Bill, history: History, page_style: PageStyle) -> str:
    """Return the change against the last bill: `12 % de moins que le mois dernier`; "" where there is none to compare
    with."""
    if bill.is_credit_note or not history.spans:
        return ""
    this, last = span_of(bill), history.spans[-1]
    if last.gross <= 0 or this.gross < 0:
        return ""
    change = round((this.gross / last.gross - 1) * 100)
    words, is_monthly = page_style.words, (this.issued - last.issued).days in _A_MONTH
    what = words.last_month if is_monthly else words.last_bill
    sentence = words.more if change > 0 else words.less if change < 0 else words.same
    return sentence.format(percent=page_style.number(Decimal(abs(change))), what=what)


def chart_of(bill: Bill, history: History, page_style: PageStyle) -> Chart | None:
    """Return the chart of this bill and those before it; None where there is too little to draw."""
    this = span_of(bill)
    spans = [span for span in history.spans if this.used is None or (span.unit == this.unit and span.used is not None)]
    if bill.is_credit_note or len(spans) < LEAST_SPANS:
        return None
    spans.append(this)
    first = this.until.toordinal() - _A_YEAR - _ABOUT[-1]
    recent = [span for span in spans if span.until.toordinal() >= first][-MOST_BARS:]
    by_day = {span.until.toordinal(): span for span in reversed(spans)}
    bars = [_bar(span, by_day, page_style) for span in recent]
    highest = max(max(bar.value, bar.before or ZERO) for bar in bars)
    if highest <= 0:
        return None
    unit = bill.currency if this.used is None else page_style.unit(this.unit)
    title = page_style.words.billed if this.used is None else page_style.words.used
    return Chart(printable(f"{title}, {unit}"), bars, highest, any(bar.before is not None for bar in bars))


def _bar(span: Span, by_day: Mapping[int, Span], page_style: PageStyle) -> PeriodBar:
    day = span.until
    year_before = day.toordinal() - _A_YEAR
    before = next((by_day[year_before + away] for away in _ABOUT if year_before + away in by_day), None)
    return PeriodBar(
        page_style.words.months[day.month - 1], day.year, _value(span), None if before is None else _value(before)
    )


def _value(span: Span) -> Decimal:
    """Return what a bar shows: the consumption, else the amount in whole currency units; never below zero."""
    return max(round(span.gross, 0) if span.used is None else span.used, ZERO)


def draw_consumption(chart: Chart, box: Box, flow: PageFlow) -> None:
    """Draw *chart* in this *box*, as a figure with an alternative text."""
    page_style, zero = flow.page_style, box.height - _BELOW_ZERO
    months = tuple([bar.month for bar in chart.bars])
    drawing = PageCanvas()
    flow.draw_fragment(_lay_frame, 0, (), chart.title, months, chart.has_before, box.width, zero, on=drawing)
    _draw_bars(chart, box.width // len(months), zero - _PLOT_TOP, page_style, drawing)
    drawn = b"\n".join([drawing.under(), drawing.over()]).decode("latin-1")
    flow.canvas.figure(box, _spoken(chart, page_style), f"q 1 0 0 1 {box.left} {box.top + zero} cm\n{drawn}\nQ")


def _lay_frame(
    canvas: FragmentCanvas,
    page_style: PageStyle,
    title: str,
    months: tuple[str, ...],
    has_before: bool,
    width: int,
    zero: int,
) -> None:
    """Draw what many charts have in common: the title, the months, the zero line, the legend."""
    label, fine, slot, top = page_style.styles.label, page_style.styles.fine, width // len(months), _TITLE - zero
    canvas.text(label, 0, top, title)
    canvas.rule(LINE, 0, 0, width, mm(0.15))
    if has_before:
        said, side = page_style.words.year_before, mm(1.8)
        canvas.right(label, width, top, said)
        square = f"{width - label.width(said) - side - mm(1)} {top} {side} -{side} re f"
        canvas.marks.append(f"{tint(page_style.styles.colour, _LONG_PAST)} rg {square}")
    if max(map(fine.width, months)) >= slot:
        months = tuple([month[0].upper() for month in months])
    for number, month in enumerate(months):
        canvas.text(fine, number * slot + (slot - fine.width(month)) // 2, _MONTHS, month)


def _draw_bars(chart: Chart, slot: int, room: int, page_style: PageStyle, drawing: PageCanvas) -> None:
    """Draw the bars upwards from zero, at most *room* high, and their values.

    Each bar is drawn from its own origin, a slot further than the one before, because equal bytes compress well.
    """
    colour, marks = page_style.styles.colour, drawing.marks
    width = min(slot // 3, mm(4))
    x = slot // 2 - (0 if chart.has_before else width // 2)
    past = [int(room * bar.value / chart.highest) for bar in chart.bars]
    if chart.has_before:
        long_past = [int(room * (bar.before or ZERO) / chart.highest) for bar in chart.bars]
        marks.append(f"{tint(colour, _LONG_PAST)} rg{_row(x - width, slot, width, long_past)}")
    marks.append(f"{tint(colour, _PAST)} rg{_row(x, slot, width, past[:-1])}")
    marks.append(f"{colour} rg {x + slot * (len(past) - 1)} 0 {width} -{past[-1]} re f")
    _draw_values(chart, past, Box(x, 0, x + width, 0), slot, page_style, drawing)


def _draw_values(
    chart: Chart, heights: list[int], first: Box, slot: int, page_style: PageStyle, drawing: PageCanvas
) -> None:
    """Write each value above its bar where all fit; else only those of this bill and of the highest."""
    fine, has_before = page_style.styles.fine, chart.has_before
    values = [page_style.number(bar.value) for bar in chart.bars]
    widths = list(map(fine.width, values))
    shows_all = max(widths) + _AIR < slot - has_before * first.width
    for number, (value, long, height) in enumerate(zip(values, widths, heights, strict=True)):
        if shows_all or number == len(heights) - 1 or chart.bars[number].value == chart.highest:
            # The bar of the year before is on the left: a value uses its own bar and the gap to the right of it.
            aside = (first.width - long) // 2
            at = number * slot + first.left + (_AIR if aside < 0 and has_before and shows_all else aside)
            drawing.text(fine, min(at, slot * len(values) - long), -height - mm(0.7), value)


def _row(x: int, slot: int, width: int, heights: list[int]) -> str:
    """Return the operators of bars from zero, a slot apart, in the current colour. They restore the origin."""
    step = f" f 1 0 0 1 {slot} 0 cm 0 0 {width} -"
    bars = step.join(f"{height} re" for height in heights)
    return f" q 1 0 0 1 {x} 0 cm 0 0 {width} -{bars} f Q"


def _spoken(chart: Chart, page_style: PageStyle) -> str:
    """Return the alternative text: this bill's bar, the year before, the highest bar. `Consommation, kWh : 412, octobre
    2026 ; 430, un an avant ; 858, janvier 2026.`"""
    this = chart.bars[-1]
    told = [_told(this.value, this, page_style)]
    if this.before is not None:
        told.append(f"{page_style.number(this.before)}, {page_style.words.year_before}")
    highest = max(chart.bars, key=lambda bar: bar.value)
    if highest is not this:
        told.append(_told(highest.value, highest, page_style))
    return f"{chart.title} : {' ; '.join(told)}.".translate(_SPOKEN)


def _told(value: Decimal, bar: PeriodBar, page_style: PageStyle) -> str:
    return f"{page_style.number(value)}, {bar.month} {bar.year}"


@lru_cache(256)
def tint(colour: str, share: float) -> str:
    """Mix *share* of a colour with white. Returns three numbers, as PDF writes colours."""
    return " ".join(f"{1 - share * (1 - float(channel)):.3f}" for channel in colour.split())
