"""The payment terms and the notes of a bill (BT-20, BT-22), and a legal text that is too long for the foot."""

from bill import Bill, EarlyPaymentDiscount, early_payment_discounts
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import LEFT, RIGHT, mm
from render.page.instalment_plan import fits_in_plan
from render.style.brand_text_styles import DETAIL_ROW
from render.style.page_style import PageStyle
from render.type.line_breaking import paragraphs

_BASELINE = mm(2.7)
_BELOW = mm(1)


def draw_notes(bill: Bill, flow: PageFlow) -> bool:
    """Draw the payment terms and the bill's notes, in full and with their line breaks. Returns whether there were
    any."""
    texts = (*_terms(bill, flow.page_style), *(note.text for note in bill.notes))
    for text in texts:
        draw_paragraphs(text, flow)
    return bool(texts)


def draw_paragraphs(text: str, flow: PageFlow) -> None:
    """Draw a text over the whole width, over as many pages as it needs."""
    detail, tagged = flow.page_style.styles.detail, None
    lines = paragraphs(text, detail, RIGHT - LEFT)
    for row, line in enumerate(lines):
        flow.make_room(DETAIL_ROW * (2 if row == len(lines) - 2 else 1))  # the last line is not alone on a page
        if tagged is not flow.canvas:
            tagged = flow.canvas
            tagged.tag("P")
        flow.canvas.text(detail, LEFT, flow.y + _BASELINE, line)
        flow.y += DETAIL_ROW
    flow.y += _BELOW


def _terms(bill: Bill, page_style: PageStyle) -> list[str]:
    """Return the payment terms and early payment discounts as texts. What the instalment plan shows is left out. On a
    credit note the label "conditions" is left out too, because nobody has to pay."""
    told = {part.text for part in bill.instalments if fits_in_plan(part, page_style)}
    said = [each for each in early_payment_discounts(bill) if each not in told]
    said += [part.text for part in bill.instalments if part.text and part.text not in told and part.text not in said]
    pieces = [each if isinstance(each, str) else _spell_offer(each, bill.currency, page_style) for each in said]
    if pieces == said:
        pieces = ["\n".join(pieces)] if pieces else []
    if pieces and not bill.is_credit_note and not pieces[0].startswith(page_style.words.conditions):
        pieces[0] = f"{page_style.words.conditions}{page_style.words.colon}{pieces[0]}"
    return pieces


def _spell_offer(offer: EarlyPaymentDiscount, currency: str, page_style: PageStyle) -> str:
    """Return an early payment discount, or interest on late payment, as a sentence."""
    words, day = page_style.words, page_style.words.spell_day(offer.day)
    pattern = words.discount if offer.kind == "discount" else words.interest
    base, less, amount = (
        "" if each is None else page_style.money(each, currency) for each in (offer.base, offer.less, offer.amount)
    )
    return pattern.format(
        percent=page_style.rate(offer.percent), base=base or words.rest_due, less=less, amount=amount, day=day
    )
