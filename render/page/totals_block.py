"""The totals of a bill: VAT breakdown on the left, totals on the right, the amount due last."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import AmountDue, Bill, VatBreakdown
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, LEFT, RIGHT, mm
from render.page.amount_summary import AmountSummary
from render.page.instalment_plan import draw_plan_beside, height_beside
from render.style.brand_text_styles import DETAIL_ROW
from render.style.page_colours import LINE
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable
from words.printed_bill_labels import BillLabels

#: Right edges of the VAT table's columns, from the table's left edge, and the width of their amounts.
_BASE: Final = mm(66) - LEFT
_VAT: Final = mm(94) - LEFT
_VAT_ROOM: Final = mm(26)
_BASELINE: Final = mm(3.4)
_AMOUNT_ROOM: Final = mm(34)
_STEP: Final = mm(5)
_AIR: Final = mm(4)
_TOTALS: Final = RIGHT - COLUMNS[2]


class Sum(NamedTuple):
    """A total: its label and its formatted amount."""

    label: str
    amount: str


def draw_sums(bill: Bill, due: AmountDue, said: AmountSummary, flow: PageFlow) -> None:
    """Draw VAT breakdown, short instalment plan and totals, kept together on one page. The summary's total is the last
    row."""
    page_style = flow.page_style
    sums = _sums(bill, page_style)
    reasons = _reasons(bill, page_style)
    left = mm(6) + len(bill.vat) * _STEP + len(reasons) * DETAIL_ROW if bill.vat else 0
    left += _AIR + height_beside(due) if height_beside(due) else 0
    right = len(sums) * _STEP + mm(7.5)
    flow.make_room(min(max(left, right), mm(230)))
    top = left_bottom = flow.y
    if bill.vat:
        _draw_vat(bill.vat, reasons, bill.currency, flow)
        left_bottom = flow.y
    if height_beside(due):
        flow.y += _AIR if bill.vat else 0
        draw_plan_beside(due, flow)
        left_bottom = flow.y
    flow.y = top
    _draw_totals(sums, said, flow)
    flow.y = max(flow.y, left_bottom) + mm(2)


def _sums(bill: Bill, page_style: PageStyle) -> list[Sum]:
    words, totals, currency = page_style.words, bill.totals, bill.currency
    found: list[tuple[str, Decimal | None]] = [
        (words.net, totals.net),
        (words.vat, totals.vat),
        (words.gross, totals.gross),
        *_settled(bill, words),
        (words.third_party, totals.third_party or None),
        (words.rounding, totals.rounding or None),
    ]
    sums = [Sum(label, page_style.money(amount, currency)) for label, amount in found if amount is not None]
    if totals.vat_in_vat_currency is not None and bill.vat_currency not in ("", currency):
        label = words.vat_in.format(currency=printable(bill.vat_currency))
        sums.append(Sum(label, page_style.money(totals.vat_in_vat_currency, bill.vat_currency)))
    return sums


def _settled(bill: Bill, words: BillLabels) -> list[tuple[str, Decimal | None]]:
    """Return previous balance and payments where the bill states both; else the paid amount (BT-113)."""
    totals = bill.totals
    if totals.previous_balance is None and totals.payments is None:
        return [(words.paid, -totals.paid if totals.paid else None)]
    return [
        (words.previous_balance, totals.previous_balance or None),
        (words.payments, -totals.payments if totals.payments else None),
    ]


def _draw_totals(sums: list[Sum], said: AmountSummary, flow: PageFlow) -> None:
    total = flow.page_style.styles.total
    label = shorten(said.what, total, max(_TOTALS - mm(2) - total.width(said.total), mm(25)))
    labels = tuple([each.label for each in sums])
    flow.draw_fragment(_lay_totals, flow.y, [*(each.amount for each in sums), label, said.total], labels)
    flow.y += len(sums) * _STEP + mm(7.5)


def _lay_totals(canvas: FragmentCanvas, page_style: PageStyle, labels: tuple[str, ...]) -> None:
    styles, x, y = page_style.styles, COLUMNS[2], 0
    body, total = styles.body, styles.total
    amount = body.column(_TOTALS, _AMOUNT_ROOM)
    canvas.open("Table")
    for label in labels:
        canvas.row(body, x, y + _BASELINE, body.shown(label), [canvas.next_text(amount)])
        y += _STEP
    canvas.rule(styles.colour, x, y, _TOTALS, mm(0.3))
    canvas.row(total, x, y + mm(6.2), canvas.next_text(total.shown), [canvas.next_text(total.column(_TOTALS, mm(55)))])
    canvas.close()


def _reasons(bill: Bill, page_style: PageStyle) -> list[str]:
    """Return the reasons for VAT exemption (BT-120, BT-121), each once, as lines."""
    detail = page_style.styles.detail
    said = dict.fromkeys(printable(part.exemption_reason or part.exemption_code) for part in bill.vat)
    return [line for reason in said if reason for line in wrap(reason, detail, _VAT, 3)][:9]


def _draw_vat(parts: tuple[VatBreakdown, ...], reasons: list[str], currency: str, flow: PageFlow) -> None:
    page_style, texts, outline = flow.page_style, [], []
    for part in parts[:30]:
        amounts = [part.taxable, part.vat]
        texts.append(page_style.rate(part.rate) if part.rate or part.vat else page_style.words.exempt)
        texts += [page_style.amount(amount, currency) for amount in amounts if amount is not None]
        outline.append(tuple([amount is not None for amount in amounts]))
    flow.draw_fragment(_lay_vat, flow.y, texts + reasons, tuple(outline), len(reasons))
    flow.y += _BASELINE + len(outline) * _STEP + mm(1) + len(reasons) * DETAIL_ROW


def _lay_vat(canvas: FragmentCanvas, page_style: PageStyle, parts: tuple[tuple[bool, ...], ...], reasons: int) -> None:
    """Draw the VAT table. *parts* says for each row whether its base and its tax are filled."""
    label, body, detail, words = (
        page_style.styles.label,
        page_style.styles.body,
        page_style.styles.detail,
        page_style.words,
    )
    columns = [body.column(right, _VAT_ROOM) for right in (_BASE, _VAT)]
    y = _BASELINE
    canvas.open("Table")
    heads = (label.column(_BASE, _BASE)(words.base), label.column(_VAT, _VAT)(words.vat))
    canvas.head(label, LEFT, y, (label.shown(words.rate), *heads))
    canvas.rule(LINE, LEFT, mm(4.8), _VAT, mm(0.15))
    for filled in parts:
        y += _STEP
        rate = canvas.next_text(body.shown)
        cells = [
            canvas.next_text(column) if is_filled else "" for column, is_filled in zip(columns, filled, strict=True)
        ]
        canvas.row(body, LEFT, y, rate, cells)
    canvas.close()
    if reasons:
        canvas.tag("P")
    for number in range(reasons):
        canvas.write(detail, LEFT, y + mm(1) + (number + 1) * DETAIL_ROW)
