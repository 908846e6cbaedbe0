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
from render.page.amount_summary import AmountSummary, answer, draw_amount_summary
from render.page.consumption_chart import HEIGHT, LEAST_HEIGHT, Chart, chart_of, compared, draw_consumption
from render.page.instalment_plan import draw_plan_below
from render.page.key_facts import draw_key_facts, facts
from render.page.line_table import draw_table
from render.page.payment_slip import draw_payment_slip, payment_slip_of
from render.page.totals_block import draw_sums
from render.style.page_style import PageStyle
from render.style.stylesheet import DETAIL_ROW
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

NO_HISTORY: Final = History()
_AIR: Final = mm(4)  # between the parts of a page
_FOOT_ROOM: Final = RIGHT - LEFT - mm(25)


def title_of(bill: Bill, look: PageStyle) -> str:
    """Return the document's title in printable characters: `Facture 2026-11-000123`."""
    kind = look.words.credit_note if bill.is_credit_note else look.words.invoice
    return f"{kind} {printable(bill.number)}"


def lay_out_bill(bill: Bill, look: PageStyle, history: History = NO_HISTORY) -> list[PageCanvas]:
    """Return the pages of *bill*, in order; at least one. The consumption chart gets the largest height that adds no
    page, and is left out if there is none."""
    due = as_issued(bill)
    said = answer(bill, due, look)._replace(compared=compared(bill, history, look))
    chart = chart_of(bill, history, look) if history.spans else None
    whole = _compose(bill, due, look, said, chart, HEIGHT)
    if chart is None or len(whole.sheets) == 1:
        return whole.sheets
    bare = _compose(bill, due, look, said, None)
    if len(bare.sheets) == len(whole.sheets):
        return whole.sheets
    if bare.room >= LEAST_HEIGHT:
        low = _compose(bill, due, look, said, chart, min(bare.room, HEIGHT))
        if len(low.sheets) == len(bare.sheets):
            return low.sheets
    return bare.sheets


class _Composed(NamedTuple):
    sheets: list[PageCanvas]
    room: int  # how high a chart could be drawn, and all below still has its place


def _compose(
    bill: Bill, due: AmountDue, look: PageStyle, said: AmountSummary, chart: Chart | None, height: int = 0
) -> _Composed:
    flow = PageFlow(look, f"{title_of(bill, look)} · {look.words.figure_day(bill.issue_date)}")
    draw_amount_summary(said, flow)
    is_beside = look.brand.sections[:1] == ("consumption",)
    below = draw_key_facts(facts(bill, look), flow, keeps_right=is_beside and chart is not None)
    flow.y = below.y
    if chart and is_beside:
        draw_consumption(chart, Box(COLUMNS[2], below.right_half, RIGHT, below.right_half + height), flow)
        flow.y = max(flow.y, below.right_half + height)
    flow.y += _AIR
    if goes_by_platform(bill, look.brand.platforms_since):
        _draw_copy(flow)
    for section in look.brand.sections:
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
    return _Composed(flow.sheets, left + (below.y - below.right_half if is_beside else -_AIR))


def _draw_message(flow: PageFlow) -> None:
    if height := flow.look.forms["Word"].height:
        flow.keep(height)
        flow.place("P", "Word", flow.y)
        flow.y += height


def _draw_chart(chart: Chart, height: int, flow: PageFlow) -> None:
    """Draw the chart as a section of its own, over the whole width."""
    flow.keep(height)
    draw_consumption(chart, Box(LEFT, flow.y, RIGHT, flow.y + height), flow)
    flow.y += height + _AIR


def _draw_copy(flow: PageFlow) -> None:
    """Say that this page is a copy: a company's legal invoice is the one from its invoicing platform (CGI art. 289
    bis)."""
    flow.sheet.tag("P")
    flow.sheet.text(flow.look.manner.strong, LEFT, flow.y + mm(2.6), flow.look.words.legal_copy)
    flow.y += mm(6.5)


def _draw_notes(bill: Bill, flow: PageFlow) -> None:
    """Draw the payment terms and the bill's notes (BT-22)."""
    detail = flow.look.manner.detail
    texts = (*_terms(bill, flow.look), *(note.text for note in bill.notes))
    for text in texts:
        tagged = None
        for line in wrap(printable(text), detail, RIGHT - LEFT, 60):
            flow.keep(DETAIL_ROW)
            if tagged is not flow.sheet:
                tagged = flow.sheet
                tagged.tag("P")
            flow.sheet.text(detail, LEFT, flow.y + mm(2.6), line)
            flow.y += DETAIL_ROW
        flow.y += mm(1)
    if texts and flow.look.brand.sections[-1] != "notes":
        flow.y += _AIR - mm(1)


def _terms(bill: Bill, look: PageStyle) -> list[str]:
    """Return the payment terms and early payment discounts as texts. Instalments are left out: the plan shows them. On
    a credit note the label "conditions" is left out too, because nobody has to pay."""
    said = early_payment_discounts(bill)
    told = {part.text for part in bill.instalments}  # in the plan
    said = [each for each in said if each not in told]
    pieces = [each if isinstance(each, str) else _spell_offer(each, bill.currency, look) for each in said]
    if pieces == said:
        pieces = [" ".join(pieces)] if pieces else []
    if pieces and not bill.is_credit_note:
        pieces[0] = f"{look.words.conditions}{look.words.colon}{pieces[0]}"
    return pieces


def _spell_offer(offer: EarlyPaymentDiscount, currency: str, look: PageStyle) -> str:
    """Return an early payment discount, or interest on late payment, as a sentence."""
    words, day = look.words, look.words.spell_day(offer.day)
    pattern = words.discount if offer.kind == "discount" else words.interest
    amount = "" if offer.amount is None else look.money(offer.amount, currency)
    return pattern.format(percent=look.rate(offer.percent), amount=amount, day=day)


def _draw_end(bill: Bill, due: AmountDue, flow: PageFlow) -> int:
    """Draw payment slip and legal text at the foot of the last page. Returns the free height above them, in drawing
    units."""
    slip, legal = payment_slip_of(bill, due, flow.look), flow.look.forms["Legal"].height
    flow.keep(slip.height + legal)
    left = flow.bottom - slip.height - legal - flow.y
    flow.y += left
    if slip.height:
        draw_payment_slip(slip, flow)
    if legal:
        flow.place("P", "Legal", flow.bottom - legal)
    return left


def _number_pages(bill: Bill, flow: PageFlow) -> None:
    fine, words, count = flow.look.manner.fine, flow.look.words, len(flow.sheets)
    flow.sheets[0].artifact()
    flow.sheets[0].text(fine, LEFT, FOOT_LINE, shorten(printable(_identity(bill.seller)), fine, _FOOT_ROOM))
    for number, sheet in enumerate(flow.sheets, 1):
        sheet.artifact()
        sheet.right(fine, RIGHT, FOOT_LINE, words.page.format(number=number, of=count))


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
