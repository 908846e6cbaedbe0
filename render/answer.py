"""The answer on page one: how much, by when, how."""

from typing import NamedTuple

from bill import Bill
from render.colour import INK
from render.epc import payable_account
from render.look import Look
from render.page import ANSWER, mm
from render.plain import plain
from render.sheet import Sheet
from render.wrap import shorten, wrap

_INDENT = mm(5)
#: UNTDID 4461: bank card, credit card, debit card.
_CARD_MEANS = frozenset({"48", "54", "55"})


class Answer(NamedTuple):
    """What somebody who reads nothing else must know."""

    what: str
    amount: str
    when: str
    how: str
    compared: str = ""  # with the bill before


def answer(bill: Bill, look: Look) -> Answer:
    words, payable = look.words, bill.totals.payable
    amount = look.money(payable, bill.currency)
    if bill.is_credit_note:
        return Answer(words.credited, amount, words.nothing_due, "")
    if payable < 0:
        return Answer(words.in_your_favour, look.money(-payable, bill.currency), words.nothing_due, "")
    if not payable:
        how = words.paid_already if bill.totals.paid else ""
        return Answer(words.to_pay, amount, words.nothing_due, how.lower())
    day = words.spell_day(bill.due_date) if bill.due_date else ""
    if bill.payment.is_direct_debit:
        return Answer(words.to_be_debited, amount, words.on_day.format(day=day) if day else "", words.by_debit)
    return Answer(words.to_pay, amount, words.before.format(day=day) if day else "", _means(bill, look))


def _means(bill: Bill, look: Look) -> str:
    words, ways = look.words, []
    if payable_account(bill):
        ways.append(words.by_transfer)
    if bill.payment.means_code in _CARD_MEANS:
        ways.append(words.by_card)
    if look.brand.pay_url:
        ways.append(words.online)
    return ", ".join(ways) or plain(bill.payment.means_text)


def draw_answer(said: Answer, look: Look, sheet: Sheet) -> None:
    """In the upper left, beside the window, behind a bar of the issuer's colour."""
    manner, x, width = look.manner, ANSWER.left + _INDENT, ANSWER.width - _INDENT
    sheet.tag("H1")
    sheet.text(manner.answer, x, ANSWER.top + mm(5), shorten(said.what, manner.answer, width))
    figure_width = manner.figure.width(said.amount)
    sheet.squeezed(manner.figure, x + min(figure_width, width), ANSWER.top + mm(17), said.amount, width)
    y = ANSWER.top + mm(26)
    if said.when or said.how or said.compared:
        sheet.tag("P")
    for style, text in ((manner.answer_strong, said.when), (manner.answer, said.how), (manner.body, said.compared)):
        for line in wrap(text, style, width, 2):
            sheet.text(style, x, y, line)
            y += mm(6.3)
    sheet.rule(manner.colour if said.what else INK, ANSWER.left, ANSWER.top, mm(1.1), y - mm(5) - ANSWER.top)
