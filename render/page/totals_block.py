"""The totals of a bill: VAT breakdown on the left, totals on the right, the amount due last."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO, AmountDue, Bill, Totals, VatBreakdown, settled_amounts
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, FLOW_BOTTOM, LEFT, NEXT_TOP, RIGHT, mm
from render.page.amount_summary import AmountSummary
from render.page.instalment_plan import draw_plan_beside, height_beside
from render.page.payment_terms_and_notes import draw_paragraphs
from render.style.brand_text_styles import DETAIL_ROW
from render.style.page_colours import LINE
from render.style.page_style import PageStyle
from render.type.line_breaking import paragraphs, shorten
from render.type.printable_text import printable
from words.bill_term_labels import TermLabels
from words.vat_reasons import exemption_reason, vat_category_word

#: Right edges of the VAT table's columns, from the table's left edge, and the width of their amounts.
_BASE: Final = mm(66) - LEFT
_VAT: Final = mm(94) - LEFT
_VAT_ROOM: Final = mm(26)
#: The room that a rate and its base have together.
_RATE_AND_BASE: Final = _BASE - mm(1.5)
_BASELINE: Final = mm(3.4)
_AMOUNT_ROOM: Final = mm(34)
_STEP: Final = mm(4.8)
_TOTAL_ROW: Final = mm(7.2)
_AIR: Final = mm(4)
#: So many VAT categories and lines of reasons stand beside the totals; further ones below them.
_MOST_PARTS: Final = 20
_MOST_REASONS: Final = 10
#: Space below the totals: little where the page is nearly full, more where it has room.
_BELOW: Final = mm(1.2)
_ROOMY_BELOW: Final = mm(3)
_ROOMY: Final = mm(30)
_TOTALS: Final = RIGHT - COLUMNS[2]
_PAGE: Final = FLOW_BOTTOM - NEXT_TOP


class Sum(NamedTuple):
    """A total: its label and its formatted amount."""

    label: str
    amount: str


def draw_sums(bill: Bill, due: AmountDue, said: AmountSummary, flow: PageFlow, keep: int) -> None:
    """Draw VAT breakdown, short instalment plan and totals, on one page with the *keep* drawing units of the slip where
    a page has room for both. The summary's total is the last row."""
    page_style = flow.page_style
    sums = sums_of(bill, page_style)
    notes = _vat_notes(bill, page_style)
    reasons = [line for note in notes for line in paragraphs(note, page_style.styles.detail, _VAT)]
    beside = reasons if bill.vat and len(reasons) <= _MOST_REASONS else []
    left = mm(6) + min(len(bill.vat), _MOST_PARTS) * _STEP + len(beside) * DETAIL_ROW if bill.vat else 0
    plan = height_beside(due)
    left += _AIR + plan if plan else 0
    right = len(sums) * _STEP + _TOTAL_ROW
    block = min(max(left, right) + _BELOW, _PAGE)
    flow.make_room(block + keep if block + keep <= _PAGE else block)
    top = left_bottom = flow.y
    if bill.vat:
        _draw_vat(bill.vat[:_MOST_PARTS], beside, bill.currency, flow)
        left_bottom = flow.y
    if plan:
        flow.y += _AIR if bill.vat else 0
        draw_plan_beside(due, flow)
        left_bottom = flow.y
    flow.y = top
    _draw_totals(sums, said, flow)
    flow.y = max(flow.y, left_bottom)
    flow.y += _ROOMY_BELOW if flow.bottom - keep - flow.y > _ROOMY else _BELOW
    for at in range(_MOST_PARTS, len(bill.vat), _MOST_PARTS):
        flow.make_room(mm(6) + _MOST_PARTS * _STEP)
        _draw_vat(bill.vat[at : at + _MOST_PARTS], [], bill.currency, flow)
    if reasons and not beside:
        for note in notes:
            draw_paragraphs(note, flow)


def sums_of(bill: Bill, page_style: PageStyle) -> list[Sum]:
    """Return the totals above the last one, which is what is due."""
    words, totals, currency = page_style.words, bill.totals, bill.currency
    found: list[tuple[str, Decimal | None]] = [
        *_before_net(totals, page_style.terms),
        (words.net, totals.net),
        (words.vat, totals.vat),
        (words.gross, totals.gross),
        *((getattr(words, kind), amount) for kind, amount in settled_amounts(bill)),
        (words.third_party, totals.third_party or None),
        (words.rounding, totals.rounding or None),
    ]
    return [Sum(label, page_style.money(amount, currency)) for label, amount in found if amount is not None]


def _before_net(totals: Totals, terms: TermLabels) -> list[tuple[str, Decimal | None]]:
    """Return what the net total is made of, where that is more than the lines."""
    if not totals.allowances and not totals.charges:
        return []
    return [
        (terms.lines_total, totals.lines),
        (terms.allowances_total, -totals.allowances if totals.allowances else None),
        (terms.charges_total, totals.charges or None),
    ]


def _draw_totals(sums: list[Sum], said: AmountSummary, flow: PageFlow) -> None:
    total = flow.page_style.styles.total
    label = shorten(said.what, total, max(_TOTALS - mm(2) - total.width(said.total), mm(25)))
    labels = tuple([each.label for each in sums])
    flow.draw_fragment(_lay_totals, flow.y, [*(each.amount for each in sums), label, said.total], labels)
    flow.y += len(sums) * _STEP + _TOTAL_ROW


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


def _vat_notes(bill: Bill, page_style: PageStyle) -> list[str]:
    """Return the reasons for VAT exemption (BT-120, BT-121), each once, and the VAT in the accounting currency
    (BT-111), which is part of no sum."""
    language, words, totals = page_style.language, page_style.words, bill.totals
    reasons = (
        exemption_reason(part.exemption_reason, part.exemption_code, part.category, language) for part in bill.vat
    )
    notes = list(filter(None, dict.fromkeys(reasons)))
    if totals.vat_in_vat_currency is not None and bill.vat_currency not in ("", bill.currency):
        label = words.vat_in.format(currency=printable(bill.vat_currency))
        notes.append(f"{label}{words.colon}{page_style.money(totals.vat_in_vat_currency, bill.vat_currency)}")
    return notes


def spell_vat_category(part: VatBreakdown, page_style: PageStyle) -> str:
    """Return the rate of a VAT category, or what it has instead: `20 %`, `exonéré`, `7 % IGIC`. Zero-rated is 0 %."""
    word = vat_category_word(part.category, page_style.language)
    if word and not part.rate:
        return word
    rate = ZERO if part.rate is None and part.category == "Z" else part.rate
    return f"{page_style.rate(rate)} {word}".strip()


def _draw_vat(parts: tuple[VatBreakdown, ...], reasons: list[str], currency: str, flow: PageFlow) -> None:
    page_style, texts, outline = flow.page_style, [], []
    for part in parts:
        amounts = [part.taxable, part.vat]
        said = [page_style.amount(amount, currency) for amount in amounts if amount is not None]
        rate = spell_vat_category(part, page_style)
        texts += [rate, *said]
        outline.append((tuple([amount is not None for amount in amounts]), _rate_room(rate, said, page_style)))
    flow.draw_fragment(_lay_vat, flow.y, texts + reasons, tuple(outline), len(reasons))
    flow.y += _BASELINE + len(outline) * _STEP + mm(1) + len(reasons) * DETAIL_ROW


def _rate_room(rate: str, amounts: list[str], page_style: PageStyle) -> int:
    """Return the room of a rate whose base is so wide that both are condensed alike, in whole millimetres; 0 if both
    have room."""
    body = page_style.styles.body
    width = body.width(rate)
    needed = width + min(body.width(amounts[0]) if amounts else 0, _VAT_ROOM)
    return 0 if needed <= _RATE_AND_BASE else _RATE_AND_BASE * width // needed // mm(1) * mm(1)


def _lay_vat(
    canvas: FragmentCanvas, page_style: PageStyle, parts: tuple[tuple[tuple[bool, ...], int], ...], reasons: int
) -> None:
    """Draw the VAT table. *parts* says for each row whether its base and its tax are filled, and the room of its rate
    (see `_rate_room`)."""
    label, body, detail, words = (
        page_style.styles.label,
        page_style.styles.body,
        page_style.styles.detail,
        page_style.words,
    )
    y = _BASELINE
    canvas.open("Table")
    heads = (label.column(_BASE, _BASE)(words.base), label.column(_VAT, _VAT)(words.vat))
    canvas.head(label, LEFT, y, (label.shown(words.rate), *heads))
    canvas.rule(LINE, LEFT, mm(4.8), _VAT, mm(0.15))
    for filled, room in parts:
        y += _STEP
        rate = canvas.next_text(body.fitted(room) if room else body.shown)
        base_room = min(_VAT_ROOM, _RATE_AND_BASE - room)
        columns = (body.column(_BASE, base_room), body.column(_VAT, _VAT_ROOM))
        cells = [
            canvas.next_text(column) if is_filled else "" for column, is_filled in zip(columns, filled, strict=True)
        ]
        canvas.row(body, LEFT, y, rate, cells)
    canvas.close()
    if reasons:
        canvas.tag("P")
    for number in range(reasons):
        canvas.write(detail, LEFT, y + mm(1) + (number + 1) * DETAIL_ROW)
