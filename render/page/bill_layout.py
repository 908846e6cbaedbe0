"""Lays out a bill as pages, section by section: summary, key facts, lines, totals, notes, payment slip, legal text."""

from functools import lru_cache
from typing import Final, NamedTuple

from bill import (
    AmountDue,
    Bill,
    EarlyPaymentDiscount,
    History,
    Party,
    as_issued,
    early_payment_discounts,
    goes_by_platform,
)
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, FOOT_LINE, LEFT, RIGHT, Box, mm
from render.page.amount_summary import AmountSummary, amount_summary_of, draw_amount_summary
from render.page.consumption_chart import HEIGHT, LEAST_HEIGHT, Chart, chart_of, compared, draw_consumption
from render.page.instalment_plan import draw_plan_below
from render.page.key_facts import draw_key_facts, key_facts_of
from render.page.line_table import draw_table
from render.page.payment_slip import draw_payment_slip, payment_slip_of
from render.page.totals_block import draw_sums
from render.style.brand_text_styles import DETAIL_ROW
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

NO_HISTORY: Final = History()
_AIR: Final = mm(4)  # between the parts of a page
_FOOT_ROOM: Final = RIGHT - LEFT - mm(25)


def title_of(bill: Bill, page_style: PageStyle) -> str:
    """Return the document's title in printable characters: `Facture 2026-11-000123`."""
    kind = page_style.words.credit_note if bill.is_credit_note else page_style.words.invoice
    return f"{kind} {printable(bill.number)}"


def lay_out_bill(bill: Bill, page_style: PageStyle, history: History = NO_HISTORY) -> list[PageCanvas]:
    """Return the pages of *bill*, in order; at least one. The consumption chart gets the largest height that adds no
    page, and is left out if there is none."""
    due = as_issued(bill)
    said = amount_summary_of(bill, due, page_style)._replace(compared=compared(bill, history, page_style))
    chart = chart_of(bill, history, page_style) if history.spans else None
    whole = _compose(bill, due, page_style, said, chart, HEIGHT)
    if chart is None or len(whole.pages) == 1:
        return whole.pages
    bare = _compose(bill, due, page_style, said, None)
    if len(bare.pages) == len(whole.pages):
        return whole.pages
    if bare.room >= LEAST_HEIGHT:
        low = _compose(bill, due, page_style, said, chart, min(bare.room, HEIGHT))
        if len(low.pages) == len(bare.pages):
            return low.pages
    return bare.pages


class _Composed(NamedTuple):
    pages: list[PageCanvas]
    room: int  # the largest height of a chart that adds no page


def _compose(
    bill: Bill, due: AmountDue, page_style: PageStyle, said: AmountSummary, chart: Chart | None, height: int = 0
) -> _Composed:
    flow = PageFlow(page_style, f"{title_of(bill, page_style)} · {page_style.words.figure_day(bill.issue_date)}")
    draw_amount_summary(said, flow)
    is_beside = page_style.brand.sections[:1] == ("consumption",)
    below = draw_key_facts(key_facts_of(bill, page_style), flow, keeps_right=is_beside and chart is not None)
    flow.y = below.y
    if chart and is_beside:
        draw_consumption(chart, Box(COLUMNS[2], below.right_half, RIGHT, below.right_half + height), flow)
        flow.y = max(flow.y, below.right_half + height)
    flow.y += _AIR
    if goes_by_platform(bill, page_style.brand.platforms_since):
        _draw_copy(flow)
    for section in page_style.brand.sections:
        if section == "message":
            _draw_message(flow)
        elif section == "lines":
            draw_table(bill, flow)
            draw_sums(bill, due, said, flow)
            draw_plan_below(due, flow)
        elif section == "notes":
            _draw_notes(bill, flow)
        elif chart and not is_beside:
            _draw_chart(chart, height, flow)
    left = _draw_end(bill, due, flow)
    _number_pages(bill, flow)
    return _Composed(flow.pages, left + (below.y - below.right_half if is_beside else -_AIR))


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
    flow.canvas.text(flow.page_style.styles.strong, LEFT, flow.y + mm(2.6), flow.page_style.words.legal_copy)
    flow.y += mm(6.5)


def _draw_notes(bill: Bill, flow: PageFlow) -> None:
    """Draw the payment terms and the bill's notes (BT-22)."""
    detail = flow.page_style.styles.detail
    texts = (*_terms(bill, flow.page_style), *(note.text for note in bill.notes))
    for text in texts:
        tagged = None
        for line in wrap(printable(text), detail, RIGHT - LEFT, 60):
            flow.make_room(DETAIL_ROW)
            if tagged is not flow.canvas:
                tagged = flow.canvas
                tagged.tag("P")
            flow.canvas.text(detail, LEFT, flow.y + mm(2.6), line)
            flow.y += DETAIL_ROW
        flow.y += mm(1)
    if texts and flow.page_style.brand.sections[-1] != "notes":
        flow.y += _AIR - mm(1)


def _terms(bill: Bill, page_style: PageStyle) -> list[str]:
    """Return the payment terms and early payment discounts as texts. Instalments are left out: the plan shows them. On
    a credit note the label "conditions" is left out too, because nobody has to pay."""
    said = early_payment_discounts(bill)
    told = {part.text for part in bill.instalments}  # in the plan
    said = [each for each in said if each not in told]
    pieces = [each if isinstance(each, str) else _spell_offer(each, bill.currency, page_style) for each in said]
    if pieces == said:
        pieces = [" ".join(pieces)] if pieces else []
    if pieces and not bill.is_credit_note:
        pieces[0] = f"{page_style.words.conditions}{page_style.words.colon}{pieces[0]}"
    return pieces


def _spell_offer(offer: EarlyPaymentDiscount, currency: str, page_style: PageStyle) -> str:
    """Return an early payment discount, or interest on late payment, as a sentence."""
    words, day = page_style.words, page_style.words.spell_day(offer.day)
    pattern = words.discount if offer.kind == "discount" else words.interest
    amount = "" if offer.amount is None else page_style.money(offer.amount, currency)
    return pattern.format(percent=page_style.rate(offer.percent), amount=amount, day=day)


def _draw_end(bill: Bill, due: AmountDue, flow: PageFlow) -> int:
    """Draw payment slip and legal text at the foot of the last page. Returns the free height above them, in drawing
    units."""
    slip, legal = payment_slip_of(bill, due, flow.page_style), flow.page_style.forms["Legal"].height
    flow.make_room(slip.height + legal)
    left = flow.bottom - slip.height - legal - flow.y
    flow.y += left
    if slip.height:
        draw_payment_slip(slip, flow)
    if legal:
        flow.place("P", "Legal", flow.bottom - legal)
    return left


def _number_pages(bill: Bill, flow: PageFlow) -> None:
    fine, words, count = flow.page_style.styles.fine, flow.page_style.words, len(flow.pages)
    flow.pages[0].artifact()
    flow.pages[0].text(fine, LEFT, FOOT_LINE, shorten(printable(_identity(bill.seller)), fine, _FOOT_ROOM))
    for number, canvas in enumerate(flow.pages, 1):
        canvas.artifact()
        canvas.right(fine, RIGHT, FOOT_LINE, words.page.format(number=number, of=count))


@lru_cache(maxsize=256)
def _identity(seller: Party) -> str:
    """Return the seller's identity line: name, legal form, legal id, VAT id, address, as the law requires."""
    place = seller.address
    parts = [
        seller.name,
        seller.legal_form,
        seller.legal_id.value if seller.legal_id else "",
        seller.vat_id,
        " ".join(part for part in (place.line1, place.postcode, place.city) if part),
    ]
    return " · ".join([part for part in parts if part])
