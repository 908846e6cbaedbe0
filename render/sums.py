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

_BASE_RIGHT: Final = mm(66)
_VAT_RIGHT: Final = mm(94)
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
    sheet.open("Table")
    for label, amount in sums:
        sheet.open("TR")
        sheet.tag("TH", "r")
        sheet.text(manner.body, x, flow.y + mm(3.4), label)
        sheet.tag("TD")
        sheet.squeezed(manner.body, RIGHT, flow.y + mm(3.4), amount, _AMOUNT_ROOM)
        sheet.close()
        flow.y += _STEP
    sheet.rule(manner.colour, x, flow.y, RIGHT - x, mm(0.3))
    room = RIGHT - x - mm(2) - manner.total.width(said.amount)
    sheet.open("TR")
    sheet.tag("TH", "r")
    sheet.text(manner.total, x, flow.y + mm(6.2), shorten(said.what, manner.total, max(room, mm(25))))
    sheet.tag("TD")
    sheet.squeezed(manner.total, RIGHT, flow.y + mm(6.2), said.amount, mm(55))
    sheet.close()
    sheet.close()
    flow.y += mm(7.5)


def _reasons(bill: Bill, look: Look) -> list[str]:
    """Why no VAT is charged, in the sender's words, each once."""
    detail = look.manner.detail
    said = dict.fromkeys(plain(part.exemption_reason or part.exemption_code) for part in bill.vat)
    return [line for reason in said if reason for line in wrap(reason, detail, _VAT_RIGHT - LEFT, 3)][:9]


def _draw_vat(parts: tuple[VatBreakdown, ...], reasons: list[str], currency: str, flow: Flow) -> None:
    sheet, look = flow.sheet, flow.look
    manner, words = look.manner, look.words
    baseline = flow.y + mm(3.4)
    sheet.open("Table")
    sheet.open("TR")
    sheet.tag("TH", "c")
    sheet.text(manner.label, LEFT, baseline, words.vat_rate)
    sheet.tag("TH", "c")
    sheet.right(manner.label, _BASE_RIGHT, baseline, words.base)
    sheet.tag("TH", "c")
    sheet.right(manner.label, _VAT_RIGHT, baseline, words.vat)
    sheet.close()
    sheet.rule(LINE, LEFT, flow.y + mm(4.8), _VAT_RIGHT - LEFT, mm(0.15))
    for part in parts[:30]:
        baseline += _STEP
        rate = look.rate(part.rate) if part.rate else words.exempt
        sheet.open("TR")
        sheet.tag("TH", "r")
        sheet.text(manner.body, LEFT, baseline, rate)
        for x, amount in ((_BASE_RIGHT, part.taxable), (_VAT_RIGHT, part.vat)):
            if amount is None:
                sheet.empty("TD")
            else:
                sheet.tag("TD")
                sheet.squeezed(manner.body, x, baseline, look.amount(amount, currency), mm(26))
        sheet.close()
    sheet.close()
    if reasons:
        sheet.tag("P")
    for number, reason in enumerate(reasons, 1):
        sheet.text(manner.detail, LEFT, baseline + mm(1) + number * DETAIL_ROW, reason)
    flow.y = baseline + mm(1) + len(reasons) * DETAIL_ROW
