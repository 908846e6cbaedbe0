"""Lays out a bill as pages, section by section: summary, key facts, lines, totals, notes, further terms; payment slip
and legal text at the foot of the page where the totals are."""

from typing import Final, NamedTuple

from bill import AmountDue, Bill, History, as_issued, goes_by_platform
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_flow import FootPlace, PageFlow
from render.canvas.page_geometry import COLUMNS, FACTS_TOP, FOOT_LINE, LEFT, RIGHT, Box, mm
from render.page.amount_summary import AmountSummary, amount_summary_of, draw_amount_summary
from render.page.consumption_chart import HEIGHT, LEAST_HEIGHT, Chart, chart_of, compared, draw_consumption
from render.page.document_kind import title_of
from render.page.instalment_plan import draw_plan_below
from render.page.key_facts import draw_key_facts, key_facts_of
from render.page.line_table import draw_table
from render.page.payment_slip import PaymentSlip, draw_payment_slip, how_to_pay, payment_slip_of
from render.page.payment_terms_and_notes import draw_notes, draw_paragraphs
from render.page.remaining_business_terms import draw_further_terms, further_terms_of
from render.page.seller_identity import draw_identity
from render.page.totals_block import draw_sums
from render.style.brand_text_styles import ROW
from render.style.page_style import PageStyle
from render.type.line_breaking import wrap

NO_HISTORY: Final = History()
_AIR: Final = mm(3)  # between the parts of a page
#: How often a page is laid out again because the page of the slip, which page one names, has changed by that.
_MOST_TRIES: Final = 3


def lay_out_bill(bill: Bill, page_style: PageStyle, history: History = NO_HISTORY) -> list[PageCanvas]:
    """Return the pages of *bill*, in order; at least one. The consumption chart gets the largest height that adds no
    page, and is left out if there is none. Where the slip is not on page one, page one says on which it is."""
    due = as_issued(bill)
    said, chart = amount_summary_of(bill, due, page_style), None
    if history.spans:
        said = said._replace(compared=compared(bill, history, page_style))
        chart = chart_of(bill, history, page_style)
    content = _Content(bill, due, said, chart, page_style)
    composed = _best(content)
    for _ in range(_MOST_TRIES):
        if composed.slip_page == content.slip_page:
            break
        content = content._replace(slip_page=composed.slip_page)
        composed = _best(content)
    return composed.pages


class _Content(NamedTuple):
    """What the pages show. *slip_page* is the page that the payment slip is expected on, from 1."""

    bill: Bill
    due: AmountDue
    said: AmountSummary
    chart: Chart | None
    page_style: PageStyle
    slip_page: int = 1


class _Composed(NamedTuple):
    pages: list[PageCanvas]
    room: int  # the largest height of a chart that adds no page
    slip_page: int


def _best(content: _Content) -> _Composed:
    """Compose with the highest chart that adds no page."""
    whole = _compose(content, HEIGHT)
    if content.chart is None or len(whole.pages) == 1:
        return whole
    bare = _compose(content._replace(chart=None))
    if len(bare.pages) == len(whole.pages):
        return whole
    if bare.room >= LEAST_HEIGHT:
        low = _compose(content, min(bare.room, HEIGHT))
        if len(low.pages) == len(bare.pages):
            return low
    return bare


def _compose(content: _Content, height: int = 0) -> _Composed:
    bill, due, said, chart, page_style, slip_page = content
    flow = PageFlow(page_style, f"{title_of(bill, page_style)} · {page_style.words.figure_day(bill.issue_date)}")
    draw_amount_summary(said, flow)
    down = _draw_where_to_pay(due, slip_page, flow) if slip_page > 1 else 0
    is_beside = page_style.brand.sections[:1] == ("consumption",)
    below = draw_key_facts(key_facts_of(bill, page_style), flow, down=down, keeps_right=is_beside and chart is not None)
    flow.y = below.y
    if chart and is_beside:
        draw_consumption(chart, Box(COLUMNS[2], below.right_half, RIGHT, below.right_half + height), flow)
        flow.y = max(flow.y, below.right_half + height)
    flow.y += _AIR
    if goes_by_platform(bill, page_style.brand.platforms_since):
        _draw_copy(flow)
    foot = None
    for section in page_style.brand.sections:
        if section == "message":
            _draw_message(flow)
        elif section == "lines":
            foot = _draw_lines(content, flow)
        elif section == "notes":
            if draw_notes(bill, flow) and page_style.brand.sections[-1] != "notes":
                flow.y += _AIR
        elif chart and not is_beside:
            _draw_chart(chart, height, flow)
    draw_further_terms(further_terms_of(bill, due, below.left, page_style), flow)
    if not page_style.forms["Legal"].height and page_style.brand.legal_text:
        draw_paragraphs(page_style.brand.legal_text, flow)
    left = flow.bottom - flow.y
    assert foot is not None  # every brand has lines (`bill.branding.brand`)
    _draw_foot(foot, flow)
    _number_pages(bill, flow)
    on = next(number for number, page in enumerate(flow.pages, 1) if page is foot.place.canvas)
    room = left + (below.y - below.right_half if is_beside else -_AIR)
    return _Composed(flow.pages, room, on if due.is_asking else 1)


class _Foot(NamedTuple):
    """The slip, and where it stands, with the legal text below it."""

    slip: PaymentSlip
    place: FootPlace


def _draw_lines(content: _Content, flow: PageFlow) -> _Foot:
    """Draw lines and totals, and keep the foot of the totals' page free for the slip, which is never alone on a page
    while there is room. What comes after stands above it, and goes on on the next page."""
    bill, due, page_style = content.bill, content.due, flow.page_style
    slip = payment_slip_of(bill, due, page_style)
    height = slip.height + page_style.forms["Legal"].height
    draw_table(bill, flow)
    draw_sums(bill, due, content.said, flow, keep=height)
    draw_plan_below(due, flow)
    return _Foot(slip, flow.keep_foot(height))


def _draw_foot(foot: _Foot, flow: PageFlow) -> None:
    flow.turn_to(foot.place)
    if foot.slip.height:
        draw_payment_slip(foot.slip, flow)
    if flow.page_style.forms["Legal"].height:
        flow.place("P", "Legal", foot.place.top + foot.slip.height)


def _draw_where_to_pay(due: AmountDue, page: int, flow: PageFlow) -> int:
    """Say above the key facts how to pay, and on which page the slip is. Returns the height of it."""
    words, terms, strong = flow.page_style.words, flow.page_style.terms, flow.page_style.styles.strong
    how = ", ".join(filter(None, [how_to_pay(due), terms.on_page.format(number=page)]))
    lines = wrap(f"{words.how_to_pay}{words.colon}{how}", strong, RIGHT - LEFT)
    flow.canvas.tag("P")
    for row, line in enumerate(lines):
        flow.canvas.text(strong, LEFT, FACTS_TOP + mm(3) + row * ROW, line)
    return len(lines) * ROW + mm(2.5)


def _draw_message(flow: PageFlow) -> None:
    if height := flow.page_style.forms["Word"].height:
        flow.make_room(height)
        flow.place("P", "Word", flow.y)
        flow.y += height


def _draw_chart(chart: Chart, height: int, flow: PageFlow) -> None:
    """Draw the chart as a section of its own, over the whole width."""
    flow.make_room(height)
    draw_consumption(chart, Box(LEFT, flow.y, RIGHT, flow.y + height), flow)
    flow.y += height + _AIR


def _draw_copy(flow: PageFlow) -> None:
    """Say that this page is a copy: a company's legal invoice is the one from its invoicing platform (CGI art. 289
    bis)."""
    flow.canvas.tag("P")
    flow.canvas.text(flow.page_style.styles.strong, LEFT, flow.y + mm(3), flow.page_style.words.legal_copy)
    flow.y += mm(6.5)


def _number_pages(bill: Bill, flow: PageFlow) -> None:
    quiet, words, count = flow.page_style.styles.quiet, flow.page_style.words, len(flow.pages)
    flow.pages[0].artifact()
    draw_identity(bill, flow.page_style, flow.pages[0])
    for number, canvas in enumerate(flow.pages, 1):
        canvas.artifact()
        canvas.right(quiet, RIGHT, FOOT_LINE, words.page.format(number=number, of=count))
