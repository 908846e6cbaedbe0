"""The facts of a bill below its answer, on the grid of four columns: number, date, account, customer, references."""

from typing import Final, NamedTuple

from bill import Bill, Party, PostalAddress
from render.look import Look
from render.page import COLUMN, COLUMNS, FACTS_TOP, GUTTER, mm
from render.plain import plain
from render.sheet import Sheet
from render.table import spell_period
from render.words import Words
from render.wrap import wrap

_HALF: Final = len(COLUMNS) // 2


class Fact(NamedTuple):
    """A label and what stands below it, over so many columns."""

    label: str
    values: list[str]
    span: int = 1
    most: int = 2


def facts(bill: Bill, look: Look) -> list[Fact]:
    """Every fact that the bill states, in reading order; what it does not say has no place."""
    words = look.words
    kind = words.credit_note if bill.is_credit_note else words.invoice
    found = [
        Fact(f"{kind} n°" if look.language == "fr" else kind, [bill.number]),
        Fact(words.issued, [words.figure_day(bill.issue_date)]),
        Fact(words.account, [identifier.value for identifier in bill.buyer.identifiers[:1]]),
        Fact(words.contract, [bill.contract]),
        Fact(words.period, [spell_period(bill.period, look)] if bill.period else []),
        Fact(words.billed_to, _who_and_where(bill.buyer, words), 2, 6),
        Fact(words.delivered_to, _delivered(bill), 2, 5),
        Fact(words.your_reference, [bill.buyer_reference]),
        Fact(words.order, [bill.order]),
        Fact(words.corrects, [reference.number for reference in bill.preceding[:2]]),
    ]
    return [fact for fact in found if any(fact.values)]


def _who_and_where(party: Party, words: Words) -> list[str]:
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


class Below(NamedTuple):
    """How far down the facts reach, and from where on the right half of the page is free."""

    y: int
    right_half: int


def draw_facts(found: list[Fact], look: Look, sheet: Sheet) -> Below:
    """Draw them row by row."""
    y, column, row_bottom = FACTS_TOP, 0, FACTS_TOP
    for fact in found:
        if column + fact.span > len(COLUMNS):
            y, column = row_bottom + mm(2.6), 0
        row_bottom = max(row_bottom, _draw(fact, column, y, look, sheet))
        column += fact.span
    is_free = bool(found) and column <= _HALF
    return Below(row_bottom, y if is_free else row_bottom + mm(2.6))


def _draw(fact: Fact, column: int, y: int, look: Look, sheet: Sheet) -> int:
    manner, x = look.manner, COLUMNS[column]
    width = fact.span * COLUMN + (fact.span - 1) * GUTTER
    sheet.tag("P")
    sheet.text(manner.label, x, y + mm(2.6), fact.label)
    lines = [line for value in fact.values for line in wrap(plain(value), manner.body, width, 2)][: fact.most]
    for number, line in enumerate(lines):
        sheet.text(manner.body if number or fact.span > 1 else manner.strong, x, y + mm(6.8) + number * mm(4), line)
    return y + mm(4) + len(lines) * mm(4)
