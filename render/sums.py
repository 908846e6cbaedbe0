"""What it comes to: VAT on the left, the totals on the right, the heaviest last."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import Bill, VatBreakdown
from render.answer import Answer
from render.colour import LINE
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW
from render.page import COLUMNS, LEFT, RIGHT, mm
from render.plain import plain
from render.words import Words
from render.wrap import shorten, wrap

#: The right edges of the VAT table's columns, from its left one, and the room for their figures.
_BASE: Final = mm(66) - LEFT
_VAT: Final = mm(94) - LEFT
_VAT_ROOM: Final = mm(26)
_BASELINE: Final = mm(3.4)
_AMOUNT_ROOM: Final = mm(34)
_STEP: Final = mm(5)


class Sum(NamedTuple):
    label: str
    amount: str


def draw_sums(bill: Bill, said: Answer, flow: Flow) -> None:
    """Draw both sides, kept together on one page; the answer is the last of the totals."""
    look = flow.look
    sums = _sums(bill, look)
    reasons = _reasons(bill, look)
    left = mm(6) + len(bill.vat) * _STEP + len(reasons) * DETAIL_ROW if bill.vat else 0
    right = len(sums) * _STEP + mm(7.5)
    flow.keep(min(max(left, right), mm(230)))
    top = left_bottom = flow.y
    if bill.vat:
        _draw_vat(bill.vat, reasons, bill.currency, flow)
        left_bottom, flow.y = flow.y, top
    _draw_totals(sums, said, flow)
    flow.y = max(flow.y, left_bottom) + mm(2)


def _sums(bill: Bill, look: Look) -> list[Sum]:
    words, totals, currency = look.words, bill.totals, bill.currency
    found: list[tuple[str, Decimal | None]] = [
        (words.net, totals.net),
        (words.vat, totals.vat),
        (words.gross, totals.gross),
        *_settled(bill, words),
        (words.rounding, totals.rounding or None),
    ]
    sums = [Sum(label, look.money(amount, currency)) for label, amount in found if amount is not None]
    if totals.vat_in_vat_currency is not None and bill.vat_currency not in ("", currency):
        label = words.vat_in.format(currency=plain(bill.vat_currency))
        sums.append(Sum(label, look.money(totals.vat_in_vat_currency, bill.vat_currency)))
    return sums


def _settled(bill: Bill, words: Words) -> list[tuple[str, Decimal | None]]:
    """What was owed and received before: two sums where the sender gives both, else what is paid already (BT-113)."""
    totals = bill.totals
    if totals.previous_balance is None and totals.payments is None:
        return [(words.paid, -totals.paid if totals.paid else None)]
    return [
        (words.previous_balance, totals.previous_balance or None),
        (words.payments, -totals.payments if totals.payments else None),
    ]


def _draw_totals(sums: list[Sum], said: Answer, flow: Flow) -> None:
    sheet, manner, x = flow.sheet, flow.look.manner, COLUMNS[2]
    body, total, width = manner.body, manner.total, RIGHT - COLUMNS[2]
    sheet.open("Table")
    for label, amount in sums:
        sheet.row(body, x, flow.y + _BASELINE, body.typeset(label).shown, [body.cell(amount, width, _AMOUNT_ROOM)])
        flow.y += _STEP
    sheet.rule(manner.colour, x, flow.y, width, mm(0.3))
    label = shorten(said.what, total, max(width - mm(2) - total.width(said.amount), mm(25)))
    sheet.row(total, x, flow.y + mm(6.2), total.typeset(label).shown, [total.cell(said.amount, width, mm(55))])
    sheet.close()
    flow.y += mm(7.5)


def _reasons(bill: Bill, look: Look) -> list[str]:
    """Why no VAT is charged, in the sender's words, each once."""
    detail = look.manner.detail
    said = dict.fromkeys(plain(part.exemption_reason or part.exemption_code) for part in bill.vat)
    return [line for reason in said if reason for line in wrap(reason, detail, _VAT, 3)][:9]


def _draw_vat(parts: tuple[VatBreakdown, ...], reasons: list[str], currency: str, flow: Flow) -> None:
    sheet, look = flow.sheet, flow.look
    label, body, words = look.manner.label, look.manner.body, look.words
    baseline = flow.y + _BASELINE
    sheet.open("Table")
    heads = (label.cell(words.base, _BASE, _BASE), label.cell(words.vat, _VAT, _VAT))
    sheet.head(label, LEFT, baseline, (label.typeset(words.rate).shown, *heads))
    sheet.rule(LINE, LEFT, flow.y + mm(4.8), _VAT, mm(0.15))
    for part in parts[:30]:
        baseline += _STEP
        rate = look.rate(part.rate) if part.rate else words.exempt
        cells = [
            "" if amount is None else body.cell(look.amount(amount, currency), right, _VAT_ROOM)
            for right, amount in ((_BASE, part.taxable), (_VAT, part.vat))
        ]
        sheet.row(body, LEFT, baseline, body.typeset(rate).shown, cells)
    sheet.close()
    if reasons:
        sheet.tag("P")
    for number, reason in enumerate(reasons, 1):
        sheet.text(look.manner.detail, LEFT, baseline + mm(1) + number * DETAIL_ROW, reason)
    flow.y = baseline + mm(1) + len(reasons) * DETAIL_ROW
