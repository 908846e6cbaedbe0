"""The key facts of a bill, on the four-column grid below the summary: number, date, account, customer, references."""

from functools import lru_cache
from typing import Final, NamedTuple

from bill import LOOKED_AT, Bill, Party, PostalAddress, account_label, account_number_of
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, FACTS_TOP, mm, wide
from render.page.line_rows import spell_period
from render.style.page_style import PageStyle
from render.type.line_breaking import wrap
from render.type.printable_text import printable
from words.printed_bill_labels import BillLabels

_HALF: Final = len(COLUMNS) // 2
_STEP: Final = mm(4)
_BETWEEN: Final = mm(2.6)
#: An account number, of up to 200 characters, is never cut: a long one gets two columns and as many lines as it needs.
_NARROW: Final = 30
_WHOLE: Final = 20
_MOST_BEFORE: Final = 4


class KeyFact(NamedTuple):
    """A label, the values below it, and its size: *span* grid columns, at most *most* lines."""

    label: str
    values: list[str]
    span: int = 1
    most: int = 2


def key_facts_of(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return every fact that the bill states, in reading order; absent terms are left out."""
    words = page_style.words
    kind = words.credit_note if bill.is_credit_note else words.invoice
    found = [
        KeyFact(f"{kind} n°" if page_style.language == "fr" else kind, [bill.number]),
        KeyFact(words.issued, [words.figure_day(bill.issue_date)]),
        *_account(bill, page_style),
        KeyFact(words.period, [spell_period(bill.period, page_style)] if bill.period else []),
        KeyFact(words.billed_to, _who_and_where(bill.buyer, words), 2, 6),
        KeyFact(words.delivered_to, _delivered(bill), 2, 5),
        *_reference(bill, page_style),
        KeyFact(words.order, [bill.order]),
        KeyFact(words.corrects, _preceding(bill), most=_MOST_BEFORE),
    ]
    return [fact for fact in found if any(fact.values)]


def _preceding(bill: Bill) -> list[str]:
    """Return the numbers of the preceding invoices (BG-3). Where they do not all fit, the last entry counts the
    rest."""
    numbers = [reference.number for reference in bill.preceding]
    return (
        numbers
        if len(numbers) <= _MOST_BEFORE
        else [*numbers[: _MOST_BEFORE - 1], f"+ {len(numbers) - _MOST_BEFORE + 1}"]
    )


def _account(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return the account number, in full and under the label that the claim form uses, then the customer's other
    identifiers."""
    brand, number = page_style.brand, account_number_of(bill, page_style.brand.account_term or None)
    found = []
    if number:
        span = 1 if len(number.value) <= _NARROW else 2
        found.append(
            KeyFact(account_label(number.term, page_style.language, brand.account_label), [number.value], span, _WHOLE)
        )
    for term in LOOKED_AT:
        other = account_number_of(bill, term)
        if other and other != number:
            found.append(KeyFact(account_label(term, page_style.language), [other.value]))
    return found


def _reference(bill: Bill, page_style: PageStyle) -> list[KeyFact]:
    """Return the buyer reference (BT-10), unless it is the account number."""
    found = account_number_of(bill, "BT-10")
    is_account = page_style.brand.account_term == "BT-10"
    return [KeyFact(account_label("BT-10", page_style.language), [found.value])] if found and not is_account else []


def _who_and_where(party: Party, words: BillLabels) -> list[str]:
    legal = [f"{words.vat} {party.vat_id}"] if party.vat_id else []
    return [party.name, *_lines(party.address), *legal]


def _lines(address: PostalAddress) -> list[str]:
    town = f"{address.postcode} {address.city}".strip()
    return [line for line in (address.line1, address.line2, address.line3, town) if line]


def _delivered(bill: Bill) -> list[str]:
    if bill.delivered is None:
        return []
    where = _lines(bill.delivered.party.address) if bill.delivered.party else []
    identifier = [bill.delivered.location.value] if bill.delivered.location else []
    return [line for line in (bill.delivered.name, *where, *identifier) if line]


class FactsExtent(NamedTuple):
    """Where the facts end: *y*, and the y from which the right half of the page is free. Drawing units."""

    y: int
    right_half: int


class _Cell(NamedTuple):
    """A fact as the grid sees it: label, columns, number of lines."""

    label: str
    span: int
    lines: int


class _Grid(NamedTuple):
    """The layout: (column, top) of each cell, the bottom, and the y from which the right half is free."""

    places: tuple[tuple[int, int], ...]
    bottom: int
    free: int


def draw_key_facts(found: list[KeyFact], flow: PageFlow, *, keeps_right: bool) -> FactsExtent:
    """Draw the facts row by row. *keeps_right* leaves the right half free from the second row on."""
    styles = flow.page_style.styles
    texts: list[str] = []
    cells = []
    for label, values, span, most in found:
        style = styles.strong if span == 1 else styles.body
        lines = [
            line
            for value in values
            for line in wrap(printable(value), style, wide(span), most if len(values) == 1 else 2)
        ][:most]
        cells.append(_Cell(label, span, len(lines)))
        texts += lines
    outline = tuple(cells)
    flow.draw_fragment(_lay_facts, 0, texts, outline, keeps_right)
    return FactsExtent(_arranged(outline, keeps_right).bottom, _arranged(outline, True).free)


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
        bottom = max(bottom, tops[-1] + (1 + cell.lines) * _STEP)
        column += cell.span
    if keeps_right and len(tops) > 1:
        return _Grid(tuple(places), bottom, tops[1])
    return _Grid(tuple(places), bottom, tops[-1] if cells and column <= _HALF else bottom + _BETWEEN)


def _lay_facts(canvas: FragmentCanvas, page_style: PageStyle, cells: tuple[_Cell, ...], keeps_right: bool) -> None:
    styles = page_style.styles
    for cell, (column, y) in zip(cells, _arranged(cells, keeps_right).places, strict=True):
        x = COLUMNS[column]
        canvas.tag("P")
        canvas.text(styles.label, x, y + mm(2.6), cell.label)
        for number in range(cell.lines):
            canvas.write(styles.body if number or cell.span > 1 else styles.strong, x, y + mm(6.8) + number * _STEP)
