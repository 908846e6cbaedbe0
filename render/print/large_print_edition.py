"""Lays out the large-print edition of a bill, for the print stream: pages before the original, for a customer who needs
them.

RNIB Clear Print and the UEB guidelines ask for 16 to 18 points at least, one column, left-aligned, black on white, with
generous leading. All text here has 18 points or more. Words are not broken; only a number or a URL that would have to
be condensed below 70 % of its width is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from bill import SANS, AmountDue, Bill, Brand, payment_instructions
from bill.payment.amount_due import is_changed
from bill.spelled_address import postal_lines
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import LEFT, RIGHT, mm, pt
from render.page.amount_summary import AmountSummary, amount_summary_of
from render.page.document_kind import document_kind, title_of
from render.page.key_facts import key_facts_of
from render.page.payment_slip import payment_values_of
from render.page.totals_block import spell_vat_category, sums_of
from render.print.amount_due_notice import amount_due_notice
from render.style.page_style import PageStyle, page_style_of
from render.type.font_family import font_faces
from render.type.line_breaking import wrap
from render.type.printable_text import printable
from render.type.typesetting import TextStyle, style
from words.printed_label import L_, labels_in

_TOP: Final = mm(20)
_BOTTOM: Final = mm(274)
_FOOT: Final = mm(286)
_WIDTH: Final = RIGHT - LEFT
#: Space between two blocks, and the rule above a section with the space around it.
_BETWEEN: Final = mm(4)
_RULE: Final = mm(0.7)
_AROUND_RULE: Final = mm(4)
#: Line height in hundredths of the type size.
_LEADING: Final = 135
#: The space between words and the amount behind them.
_GAP: Final = mm(2)
#: The narrowest that a word is condensed to before it is broken.
_NARROWEST: Final = 0.7
_BLACK: Final = "0 0 0"


class _Run(NamedTuple):
    """Text that stands at *x*."""

    x: int
    style: TextStyle
    text: str


class _Row(NamedTuple):
    """A line of type: its height in drawing units, and its runs; a row without runs is a rule."""

    height: int
    runs: tuple[_Run, ...] = ()


#: Rows that stay on one page, where a page has room for them.
_Block = list[_Row]


class _Type(NamedTuple):
    body: TextStyle
    strong: TextStyle
    answer: TextStyle
    answer_strong: TextStyle
    figure: TextStyle


@dataclass(frozen=True, slots=True)
class _EditionLabels:
    """What only the large-print edition says, in French; the other languages are in the catalogue `printed`."""

    of_bill: str = L_("Édition en grands caractères de la facture {number}")
    of_credit_note: str = L_("Édition en grands caractères de l’avoir {number}")
    original: str = L_("Les pages placées derrière cette édition sont l’original, qui seul fait foi.")
    totals: str = L_("Taxes et totaux")


def compose_large_print(bill: Bill, brand: Brand, due: AmountDue) -> tuple[bytes, ...]:
    """Return the content streams of the pages, at least one, drawn with the fonts of letters. *due* is what is due of
    the bill now; the same arguments give the same bytes. Raises BrandError when the brand cannot be used."""
    page_style = _page_style(brand)
    due = due._replace(how=payment_instructions(bill))
    pages = _paginated(_blocks(bill, due, page_style))
    title = title_of(bill, page_style)
    return tuple(_drawn(page, number, len(pages), title, page_style) for number, page in enumerate(pages, 1))


# -- what it says --------------------------------------------------------------------------------------------------


def _blocks(bill: Bill, due: AmountDue, page_style: PageStyle) -> list[_Block]:
    """Return all blocks in reading order: the answer, how to pay, what the bill is, its lines, its totals, whom to
    ask."""
    said = amount_summary_of(bill, due, page_style)
    return [
        *_heading(bill, page_style),
        *_section("", _answer(bill, due, said, page_style)),
        *_section(document_kind(bill, page_style), _facts(bill, page_style)),
        *_section(f"{page_style.words.item} · {page_style.words.amount}", _lines(bill, page_style)),
        *_section(_labels(page_style.language).totals, _totals(bill, said, page_style)),
        *_section(page_style.words.help, _contact(bill, page_style)),
    ]


def _heading(bill: Bill, page_style: PageStyle) -> list[_Block]:
    labels, styles = _labels(page_style.language), _type()
    title = labels.of_credit_note if bill.is_credit_note else labels.of_bill
    return [
        _paragraph(page_style.brand.name or bill.seller.name, styles.answer_strong),
        _paragraph(title.format(number=bill.number), styles.answer_strong),
        _paragraph(labels.original, styles.body),
    ]


def _section(head: str, blocks: Iterable[_Block]) -> list[_Block]:
    """Return the blocks of a section, a rule and its head on the page of the first; [] for a section of nothing."""
    first, *others = list(blocks) or [[]]
    if not first:
        return []
    return [[_Row(_RULE + _AROUND_RULE), *_paragraph(head, _type().answer_strong), *first], *others]


def _answer(bill: Bill, due: AmountDue, said: AmountSummary, page_style: PageStyle) -> list[_Block]:
    """Return what is asked, by when and how: first of all what has changed since the bill was issued."""
    styles, words = _type(), page_style.words
    notice = amount_due_notice(due, page_style.language) if is_changed(due) else ""
    is_divided = len(due.instalments) > 1
    blocks = [
        [
            *_paragraph(notice, styles.answer_strong),
            *_paragraph(said.what, styles.answer),
            *_paragraph(said.amount, styles.figure),
            *_paragraph(said.when, styles.answer_strong),
            *_paragraph(said.how, styles.answer),
            *_paragraph("" if is_divided else said.part, styles.body),
        ]
    ]
    if is_divided:
        for each in due.instalments:
            pattern = words.on_day if due.is_collected else words.before
            day = pattern.format(day=words.spell_day(each.due)) if each.due else printable(each.text)
            blocks.append(_labelled(day, page_style.money(each.amount, due.currency), page_style))
    for value in payment_values_of(bill, due, page_style):
        rows = _paragraph(value.value, styles.answer_strong)
        if value.label:
            blocks.append([*_paragraph(value.label, styles.body), *rows])
        else:
            blocks[-1] += rows  # the value before goes on
    return blocks


def _facts(bill: Bill, page_style: PageStyle) -> list[_Block]:
    seller = bill.seller
    who = [seller.name, *postal_lines(seller.address, seller.address.country, page_style.language)]
    found = [(page_style.terms.seller, who), *((fact.label, fact.values) for fact in key_facts_of(bill, page_style))]
    return [
        [*_paragraph(label, _type().body), *(row for value in values for row in _paragraph(value, _type().strong))]
        for label, values in found
    ]


def _lines(bill: Bill, page_style: PageStyle) -> list[_Block]:
    """Return each line with its amount; a line whose amount is part of another's has its name alone."""
    blocks = []
    for line in bill.lines:
        amount = page_style.money(line.net_amount, bill.currency) if line.counts and line.net_amount is not None else ""
        blocks.append(_labelled(line.name or line.description, amount, page_style))
    return [block for block in blocks if block]


def _totals(bill: Bill, said: AmountSummary, page_style: PageStyle) -> list[_Block]:
    words, money = page_style.words, page_style.money
    blocks = []
    for part in bill.vat:
        rate = f"{words.vat} {spell_vat_category(part, page_style)}"
        if part.taxable is not None:
            blocks.append(_labelled(f"{rate}, {words.base}", money(part.taxable, bill.currency), page_style))
        if part.vat is not None:
            blocks.append(_labelled(rate, money(part.vat, bill.currency), page_style))
    blocks += [_labelled(each.label, each.amount, page_style) for each in sums_of(bill, page_style)]
    total = [*_paragraph(said.what, _type().answer), *_paragraph(said.total, _type().answer_strong)]
    return [block for block in [*blocks, total] if block]


def _contact(bill: Bill, page_style: PageStyle) -> list[_Block]:
    contact = bill.seller.contact
    reached = (contact.name, contact.phone, contact.email) if contact else ()
    lines = page_style.brand.help_lines or reached
    return [[row for line in lines if line for row in _paragraph(line, _type().body)]]


# -- how it is set -------------------------------------------------------------------------------------------------


def _labelled(label: str, amount: str, page_style: PageStyle) -> _Block:
    """Return a label with its amount right behind it: on its last line, else on the next. Either may be missing."""
    styles, text = _type(), printable(label)
    if not text or not amount:
        return _paragraph(text, styles.body) or _paragraph(amount, styles.strong)
    *rows, last = _paragraph(f"{text}{page_style.words.colon}".rstrip(" "), styles.body)
    behind = last.runs[0].x + styles.body.width(last.runs[0].text) + _GAP
    if behind + styles.strong.width(amount) <= RIGHT:
        return [*rows, last._replace(runs=(*last.runs, _Run(behind, styles.strong, amount)))]
    return [*rows, last, *_paragraph(amount, styles.strong)]


def _paragraph(text: str, letters: TextStyle) -> _Block:
    height = letters.size * _LEADING // 100
    return [_Row(height, (_Run(LEFT, letters, line),)) for line in _unbroken(printable(text), letters)]


def _unbroken(text: str, letters: TextStyle) -> list[str]:
    """Break *text* between words alone. A word that could not be read on one line even if condensed is broken."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and letters.width(longer) > _WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    whole: list[str] = []
    for line in lines:
        whole += [line] if letters.width(line) * _NARROWEST <= _WIDTH else wrap(line, letters, _WIDTH)
    return [line for line in whole if line]


def _paginated(blocks: list[_Block]) -> list[list[tuple[int, _Row]]]:
    """Return the pages: their rows, each with its top. A block that a page has no more room for begins the next page;
    one that is higher than a page goes on over pages."""
    pages: list[list[tuple[int, _Row]]] = [[]]
    y = _TOP
    for block in filter(None, blocks):
        height = sum(row.height for row in block)
        if y + height > _BOTTOM and pages[-1] and height <= _BOTTOM - _TOP:
            pages.append([])
            y = _TOP
        for row in block:
            if y + row.height > _BOTTOM:
                pages.append([])
                y = _TOP
            pages[-1].append((y, row))
            y += row.height
        y += _BETWEEN
    return pages


def _drawn(page: list[tuple[int, _Row]], number: int, count: int, title: str, page_style: PageStyle) -> bytes:
    canvas, body = PageCanvas(), _type().body
    for top, row in page:
        if not row.runs:
            canvas.rule(_BLACK, LEFT, top, _WIDTH, _RULE)
        for run in row.runs:
            canvas.show(run.style, run.x, top + run.style.size, run.style.fitted(_WIDTH)(run.text))
    foot = page_style.words.page.format(number=number, of=count)
    canvas.right(body, RIGHT, _FOOT, foot)
    if body.width(title) + _GAP + body.width(foot) <= _WIDTH:
        canvas.text(body, LEFT, _FOOT, title)
    return canvas.content()


@cache
def _labels(language: str) -> _EditionLabels:
    return labels_in(_EditionLabels, language)


@lru_cache(maxsize=16)
def _page_style(brand: Brand) -> PageStyle:
    return page_style_of(brand)


@lru_cache(maxsize=1)
def _type() -> _Type:
    text, strong = font_faces(SANS)
    return _Type(
        body=style(text, pt(18), _BLACK), strong=style(strong, pt(18), _BLACK), answer=style(text, pt(22), _BLACK),
        answer_strong=style(strong, pt(22), _BLACK), figure=style(strong, pt(36), _BLACK),
    )  # fmt: skip
