"""The key facts of a bill, on the four-column grid below the summary: number, date, account, customer, references."""

from functools import lru_cache
from typing import Final, NamedTuple

from bill import LOOKED_AT, Bill, Delivered, account_label, account_number_of
from bill.labelled_identifier import spell_identifier
from bill.spelled_address import postal_lines
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, FACTS_TOP, mm, wide
from render.page.document_kind import document_kind
from render.page.line_details import spell_period
from render.style.brand_text_styles import TypeStyles
from render.style.number_format import NBSP
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

_HALF: Final = len(COLUMNS) // 2
#: Line height of a value, baselines of label and first value, and the height of a cell beside its values.
_STEP: Final = mm(4.3)
_LABEL: Final = mm(3)
_VALUE: Final = mm(7.3)
_HEAD: Final = mm(4.2)
_BETWEEN: Final = mm(2)
#: How narrow a value may be set, to stay on its line.
_CONDENSED: Final = 0.92
#: An account number, of up to 200 characters, is never cut: a long one gets two columns and as many lines as it needs.
_NARROW: Final = 30
#: A fact of more lines than this stands below, as a further term.
_MOST: Final = 24
#: With more preceding bills than this, they stand there too.
_MOST_BEFORE: Final = 3


class KeyFact(NamedTuple):
    """A label, the values below it, and how many grid columns they have."""

    label: str
    values: list[str]
    span: int = 1


def key_facts_of(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return every fact that the bill states, in reading order; absent terms are left out."""
    words = page_style.words
    found = [
        _number(bill, page_style),
        KeyFact(words.issued, [words.figure_day(bill.issue_date)]),
        *_account(bill, page_style),
    ]
    if bill.period:
        found.append(KeyFact(words.period, [spell_period(bill.period, page_style)]))
    found.append(KeyFact(words.billed_to, _who_and_where(bill, page_style), 2))
    if bill.delivered:
        found += _delivered(bill.delivered, bill, page_style)
    if bill.buyer_reference:
        found += _reference(bill, page_style)
    if bill.order:
        found.append(KeyFact(words.order, [bill.order]))
    if bill.preceding:
        found.append(KeyFact(words.corrects, shown_preceding(bill, page_style)))
    return _in_rows([fact for fact in found if any(fact.values)])


def _in_rows(facts: list[KeyFact]) -> list[KeyFact]:
    """Fill the first row, which begins with what the document is, with facts of one column; then come those of two,
    which are high, beside each other, then the rest."""
    kind, *others = facts
    narrow, wider = [fact for fact in others if fact.span == 1], [fact for fact in others if fact.span > 1]
    room = len(COLUMNS) - kind.span
    return [kind, *narrow[:room], *wider, *narrow[room:]]


def _number(bill: Bill, page_style: PageStyle) -> KeyFact:
    """Return the bill's number under the kind of document that it is; a long kind takes two columns."""
    kind = document_kind(bill, page_style)
    label, style = page_style.words.numbered.format(kind=kind), page_style.styles.label
    if style.width(label) <= wide(1):
        return KeyFact(label, [bill.number])
    return KeyFact(shorten(label, style, wide(2)), [bill.number], 2)


def shown_preceding(bill: Bill, page_style: PageStyle) -> list[str]:
    """Return the numbers and days of the preceding invoices (BG-3), if they are few."""
    if len(bill.preceding) > _MOST_BEFORE:
        return []
    days = page_style.words.figure_day
    said = [(each.number, days(each.issue_date) if each.issue_date else "") for each in bill.preceding]
    return [line for lines in said for line in lines if line]


def _account(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return the account number, in full and under the label that the claim form uses, then the customer's other
    identifiers."""
    brand, number = page_style.brand, account_number_of(bill, page_style.brand.account_term or None)
    found = []
    if number:
        span = 1 if len(number.value) <= _NARROW else 2
        found.append(
            KeyFact(account_label(number.term, page_style.language, brand.account_label), [number.value], span)
        )
    for term in LOOKED_AT:
        other = None if number and number.term == term else account_number_of(bill, term)
        if other:
            found.append(KeyFact(account_label(term, page_style.language), [other.value]))
    return found


def _reference(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return the buyer reference (BT-10), unless it is the account number."""
    found = account_number_of(bill, "BT-10")
    is_account = page_style.brand.account_term == "BT-10"
    return [KeyFact(account_label("BT-10", page_style.language), [found.value])] if found and not is_account else []


def _who_and_where(bill: Bill, page_style: PageStyle) -> list[str]:
    buyer, home = bill.buyer, bill.seller.address.country
    legal = [f"{page_style.terms.vat_id}{NBSP}{buyer.vat_id}"] if buyer.vat_id else []
    return [buyer.name, *postal_lines(buyer.address, home, page_style.language), *legal]


def _delivered(delivered: Delivered, bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return where and when (BG-13)."""
    home, language = bill.seller.address.country, page_style.language
    where = postal_lines(delivered.party.address, home, language) if delivered.party else []
    place = [spell_identifier(delivered.location, language)] if delivered.location else []
    day = [page_style.words.figure_day(delivered.on)] if delivered.on else []
    return [
        KeyFact(page_style.words.delivered_to, [line for line in (delivered.name, *where, *place) if line], 2),
        KeyFact(page_style.terms.delivered_on, day),
    ]


class FactsExtent(NamedTuple):
    """Where the facts end: *y*, and the y from which the right half of the page is free. Drawing units. *left* are the
    facts that were too long for the grid."""

    y: int
    right_half: int
    left: list[KeyFact]


class _Cell(NamedTuple):
    """A fact as the grid sees it: label, columns, number of lines, and whether a line is condensed to its columns."""

    label: str
    span: int
    lines: int
    is_tight: bool


class _Grid(NamedTuple):
    """The layout: (column, top) of each cell, the bottom, and the y from which the right half is free."""

    places: tuple[tuple[int, int], ...]
    bottom: int
    free: int


def draw_key_facts(found: list[KeyFact], flow: PageFlow, *, down: int, keeps_right: bool) -> FactsExtent:
    """Draw the facts row by row, *down* drawing units below their usual place. *keeps_right* leaves the right half free
    from the second row on."""
    styles = flow.page_style.styles
    texts: list[str] = []
    cells, left = [], []
    for fact in found:
        width = wide(fact.span)
        lines, is_tight = _set(fact.values, styles, width)
        if len(lines) > _MOST:
            left.append(fact)
            lines = [shorten(printable(fact.values[0]), styles.strong, width)]
        cells.append(_Cell(fact.label, fact.span, len(lines), is_tight))
        texts += lines
    layout = tuple(cells)
    flow.draw_fragment(_lay_facts, down, texts, layout, keeps_right)
    bottom, free = _extent(layout, keeps_right)
    return FactsExtent(down + bottom, down + free, left)


def _set(values: list[str], styles: TypeStyles, width: int) -> tuple[list[str], bool]:
    """Break values into lines. One that is hardly too wide, a period, stays on one line; returns whether one must be
    condensed for that."""
    lines, is_tight, style = [], False, styles.strong
    for value in map(printable, values):
        needed = style.typeset(value)[1]
        if needed * _CONDENSED <= width:
            lines.append(value)
            is_tight = is_tight or needed > width
        else:
            lines += wrap(value, style, width)
        style = styles.body
    return lines, is_tight


@lru_cache(maxsize=1024)
def _extent(cells: tuple[_Cell, ...], keeps_right: bool) -> tuple[int, int]:
    """Return the bottom, and the y from which the right half would be free if it were kept."""
    return _arranged(cells, keeps_right).bottom, _arranged(cells, keeps_right=True).free


@lru_cache(maxsize=1024)
def _arranged(cells: tuple[_Cell, ...], keeps_right: bool) -> _Grid:
    """Arrange cells in rows, from left to right."""
    places, tops, column, bottom = [], [FACTS_TOP], 0, FACTS_TOP
    for cell in cells:
        is_first = len(tops) == 1
        if column + cell.span > (len(COLUMNS) if is_first or not keeps_right else _HALF):
            tops.append(bottom + _BETWEEN)
            column = 0
        places.append((column, tops[-1]))
        bottom = max(bottom, tops[-1] + _HEAD + cell.lines * _STEP)
        column += cell.span
    if keeps_right and len(tops) > 1:
        return _Grid(tuple(places), bottom, tops[1])
    return _Grid(tuple(places), bottom, tops[-1] if cells and column <= _HALF else bottom + _BETWEEN)


def _lay_facts(canvas: FragmentCanvas, page_style: PageStyle, cells: tuple[_Cell, ...], keeps_right: bool) -> None:
    styles = page_style.styles
    for cell, (column, y) in zip(cells, _arranged(cells, keeps_right).places, strict=True):
        x = COLUMNS[column]
        canvas.tag("P")
        canvas.text(styles.label, x, y + _LABEL, cell.label)
        for number in range(cell.lines):
            style = styles.body if number else styles.strong
            typeset = style.fitted(wide(cell.span)) if cell.is_tight else style.shown
            canvas.show(style, x, y + _VALUE + number * _STEP, canvas.next_text(typeset))
