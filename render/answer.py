"""The answer on page one: how much, by when, how."""

from itertools import chain
from typing import NamedTuple

from bill import Bill
from render.colour import INK
from render.draft import Draft
from render.epc import payable_account
from render.flow import Flow
from render.look import Look
from render.page import ANSWER, mm
from render.plain import plain
from render.wrap import shorten, wrap

_INDENT = mm(5)
_WIDTH = ANSWER.width - _INDENT
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


def draw_answer(said: Answer, flow: Flow) -> None:
    """In the upper left, beside the window, behind a bar of the issuer's colour."""
    manner = flow.look.manner
    lines = [
        wrap(text, style, _WIDTH, 2)
        for style, text in ((manner.answer_strong, said.when), (manner.answer, said.how), (manner.body, said.compared))
    ]
    what = shorten(said.what, manner.answer, _WIDTH)
    counts = tuple(map(len, lines))
    flow.fill(_lay_answer, ANSWER.top, (what, said.amount, *chain.from_iterable(lines)), counts, bool(what))


def _lay_answer(draft: Draft, look: Look, counts: tuple[int, ...], is_coloured: bool) -> None:
    manner, x, y = look.manner, ANSWER.left + _INDENT, mm(26)
    draft.tag("H1")
    draft.write(manner.answer, x, mm(5))
    draft.show(manner.figure, x, mm(17), draft.gap(manner.figure.fitted(_WIDTH)))
    if any(counts):
        draft.tag("P")
    for style, count in zip((manner.answer_strong, manner.answer, manner.body), counts, strict=True):
        for _ in range(count):
            draft.write(style, x, y)
            y += mm(6.3)
    draft.rule(manner.colour if is_coloured else INK, ANSWER.left, 0, mm(1.1), y - mm(5))
