"""The totals of a bill: VAT breakdown on the left, totals on the right, the amount due last."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import AmountDue, Bill, VatBreakdown
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, LEFT, RIGHT, mm
from render.fragments.fragment_cache import FragmentBuilder
from render.page.amount_summary import AmountSummary
from render.page.instalment_plan import draw_plan_beside, height_beside
from render.style.brand_colour import LINE
from render.style.page_style import PageStyle
from render.style.stylesheet import DETAIL_ROW
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable
from words.printed_bill_labels import BillLabels

#: The right edges of the VAT table's columns, from its left one, and the room for their figures.
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
    look = flow.look
    sums = _sums(bill, look)
    reasons = _reasons(bill, look)
    left = mm(6) + len(bill.vat) * _STEP + len(reasons) * DETAIL_ROW if bill.vat else 0
    left += _AIR + height_beside(due) if height_beside(due) else 0
    right = len(sums) * _STEP + mm(7.5)
    flow.keep(min(max(left, right), mm(230)))
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


def _sums(bill: Bill, look: PageStyle) -> list[Sum]:
    words, totals, currency = look.words, bill.totals, bill.currency
    found: list[tuple[str, Decimal | None]] = [
        (words.net, totals.net),
        (words.vat, totals.vat),
        (words.gross, totals.gross),
        *_settled(bill, words),
        (words.third_party, totals.third_party or None),
        (words.rounding, totals.rounding or None),
    ]
    sums = [Sum(label, look.money(amount, currency)) for label, amount in found if amount is not None]
    if totals.vat_in_vat_currency is not None and bill.vat_currency not in ("", currency):
        label = words.vat_in.format(currency=printable(bill.vat_currency))
        sums.append(Sum(label, look.money(totals.vat_in_vat_currency, bill.vat_currency)))
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
    total = flow.look.manner.total
    label = shorten(said.what, total, max(_TOTALS - mm(2) - total.width(said.total), mm(25)))
    labels = tuple([each.label for each in sums])
    flow.fill(_lay_totals, flow.y, [*(each.amount for each in sums), label, said.total], labels)
    flow.y += len(sums) * _STEP + mm(7.5)


def _lay_totals(draft: FragmentBuilder, look: PageStyle, labels: tuple[str, ...]) -> None:
    manner, x, y = look.manner, COLUMNS[2], 0
    body, total = manner.body, manner.total
    amount = body.column(_TOTALS, _AMOUNT_ROOM)
    draft.open("Table")
    for label in labels:
        draft.row(body, x, y + _BASELINE, body.shown(label), [draft.gap(amount)])
        y += _STEP
    draft.rule(manner.colour, x, y, _TOTALS, mm(0.3))
    draft.row(total, x, y + mm(6.2), draft.gap(total.shown), [draft.gap(total.column(_TOTALS, mm(55)))])
    draft.close()


def _reasons(bill: Bill, look: PageStyle) -> list[str]:
    """Return the reasons for VAT exemption (BT-120, BT-121), each once, as lines."""
    detail = look.manner.detail
    said = dict.fromkeys(printable(part.exemption_reason or part.exemption_code) for part in bill.vat)
    return [line for reason in said if reason for line in wrap(reason, detail, _VAT, 3)][:9]


def _draw_vat(parts: tuple[VatBreakdown, ...], reasons: list[str], currency: str, flow: PageFlow) -> None:
    look, texts, outline = flow.look, [], []
    for part in parts[:30]:
        amounts = [part.taxable, part.vat]
        texts.append(look.rate(part.rate) if part.rate or part.vat else look.words.exempt)
        texts += [look.amount(amount, currency) for amount in amounts if amount is not None]
        outline.append(tuple([amount is not None for amount in amounts]))
    flow.fill(_lay_vat, flow.y, texts + reasons, tuple(outline), len(reasons))
    flow.y += _BASELINE + len(outline) * _STEP + mm(1) + len(reasons) * DETAIL_ROW


def _lay_vat(draft: FragmentBuilder, look: PageStyle, parts: tuple[tuple[bool, ...], ...], reasons: int) -> None:
    """Draw the VAT table. *parts* says for each row whether its base and its tax are filled."""
    label, body, detail, words = look.manner.label, look.manner.body, look.manner.detail, look.words
    columns = [body.column(right, _VAT_ROOM) for right in (_BASE, _VAT)]
    y = _BASELINE
    draft.open("Table")
    heads = (label.column(_BASE, _BASE)(words.base), label.column(_VAT, _VAT)(words.vat))
    draft.head(label, LEFT, y, (label.shown(words.rate), *heads))
    draft.rule(LINE, LEFT, mm(4.8), _VAT, mm(0.15))
    for filled in parts:
        y += _STEP
        rate = draft.gap(body.shown)
        cells = [draft.gap(column) if is_filled else "" for column, is_filled in zip(columns, filled, strict=True)]
        draft.row(body, LEFT, y, rate, cells)
    draft.close()
    if reasons:
        draft.tag("P")
    for number in range(reasons):
        draft.write(detail, LEFT, y + mm(1) + (number + 1) * DETAIL_ROW)
