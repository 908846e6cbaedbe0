"""The summary at the top of page one: the amount to pay, its due date, the payment method, as of the day of issue."""

from typing import NamedTuple

from bill import AmountDue, Bill, PaymentMeans, spell_payment_means
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import SUMMARY, SUMMARY_TEXT, mm
from render.page.refund_text import spell_refund
from render.style.page_colours import INK
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

_INDENT = SUMMARY.width - SUMMARY_TEXT
#: Lines between the amount and the key facts.
_MOST_LINES = 4


class AmountSummary(NamedTuple):
    """The texts of the summary. *amount* is what is due next; *total* is all that is due, which differs when *amount*
    is the first of several instalments; *part* then says so, and under a credit what happens with it."""

    what: str
    amount: str
    when: str
    how: str
    total: str
    part: str = ""
    compared: str = ""  # the change against the bill before


def amount_summary_of(bill: Bill, due: AmountDue, page_style: PageStyle) -> AmountSummary:
    """Return the summary of *bill*. *due* is what the bill asked on the day it was issued."""
    words = page_style.words
    if not (due.is_asking or due.is_collected):
        return _in_favour(bill, due, page_style)
    amount, total = page_style.money(due.amount, due.currency), page_style.money(due.left, due.currency)
    day = words.spell_day(due.due) if due.due else ""
    part = ""
    if len(due.instalments) > 1:
        part = words.instalment_of.format(number=_number(bill, due), count=len(bill.instalments), total=total)
    if due.is_collected:
        when = words.on_day.format(day=day) if day else ""
        return AmountSummary(words.to_be_debited, amount, when, words.by_debit, total, part)
    return AmountSummary(
        words.to_pay, amount, words.before.format(day=day) if day else "", _means(due, page_style), total, part
    )


def _in_favour(bill: Bill, due: AmountDue, page_style: PageStyle) -> AmountSummary:
    """Return the summary of a credit note, of a balance in the customer's favour, or of a bill of nothing."""
    words = page_style.words
    favour = page_style.money(due.favour, due.currency)
    if bill.is_credit_note:
        return AmountSummary(words.credited, favour, words.nothing_due, "", favour, spell_refund(bill, page_style))
    if due.favour:
        return AmountSummary(
            words.in_your_favour, favour, words.nothing_due, "", favour, spell_refund(bill, page_style)
        )
    how = words.paid_already.lower() if bill.totals.paid and bill.totals.paid > 0 else ""
    return AmountSummary(words.to_pay, favour, words.nothing_due, how, favour)


def _number(bill: Bill, due: AmountDue) -> int:
    """Return the number of the next instalment, from 1. Earlier ones were paid when the bill was issued (BT-113)."""
    return len(bill.instalments) - len(due.instalments) + 1


def _means(due: AmountDue, page_style: PageStyle) -> str:
    """List the payment methods that can be used, in words. A transfer to a wrong account number is left out."""
    how = due.how
    if how is None:
        return ""
    ways: list[PaymentMeans] = [
        way for way in how.ways if way != "transfer" or (how.account and not how.account.is_wrong)
    ]
    said = [spell_payment_means(way, page_style.language) for way in ways]
    if page_style.brand.pay_url and page_style.words.online not in said:
        said.append(page_style.words.online)
    return ", ".join(filter(None, said)) or printable(how.text)


def draw_amount_summary(said: AmountSummary, flow: PageFlow) -> None:
    """Draw the summary in the upper left, beside the address window, behind a bar in the brand's colour."""
    styles = flow.page_style.styles
    texts = ((styles.summary_strong, said.when), (styles.summary, said.how), (styles.body, said.part),
             (styles.body, said.compared))  # fmt: skip
    what = shorten(said.what, styles.summary, SUMMARY_TEXT)
    shown, counts, room = [what, said.amount], [], _MOST_LINES
    for style, text in texts:
        lines = wrap(text, style, SUMMARY_TEXT, min(2, room)) if text and room else []
        shown += lines
        counts.append(len(lines))
        room -= len(lines)
    flow.draw_fragment(_lay_summary, SUMMARY.top, shown, tuple(counts), bool(what))


def _lay_summary(canvas: FragmentCanvas, page_style: PageStyle, counts: tuple[int, ...], is_coloured: bool) -> None:
    styles, x, y = page_style.styles, SUMMARY.left + _INDENT, mm(26)
    canvas.tag("H1")
    canvas.write(styles.summary, x, mm(5))
    canvas.show(styles.figure, x, mm(17), canvas.next_text(styles.figure.fitted(SUMMARY_TEXT)))
    if any(counts):
        canvas.tag("P")
    for style, count in zip((styles.summary_strong, styles.summary, styles.body, styles.body), counts, strict=True):
        for place in range(count):
            canvas.write(style, x, y)
            y += mm(4.8) if style is styles.body and place + 1 < count else mm(6.3)
    canvas.rule(styles.colour if is_coloured else INK, SUMMARY.left, 0, mm(1.1), y - mm(5))
