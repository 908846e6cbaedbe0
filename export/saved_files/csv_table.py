"""CSV tables for spreadsheets, streamed, and safe to open.

A cell that begins like a formula would be run by a spreadsheet: text from senders gets a leading apostrophe (OWASP, CSV
injection). Our own numbers stay numbers.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from typing import Final

from words.number_form import number_form

Cell = str | int | Decimal | None

#: Beginnings that a spreadsheet takes for a formula, in their full width too; a tab or a line break hides one.
_FORMULAS: Final = tuple("=+-@\t\r\n＝＋－＠")
#: By this mark spreadsheets know UTF-8.
_MARK: Final = "\ufeff"


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Cell]], language: str) -> Iterator[str]:
    """The table, piece by piece; in French with decimal commas, and semicolons between the cells: spreadsheets part
    cells by semicolons where a comma begins the decimals."""
    decimal = number_form(language).decimal
    paper = StringIO()
    writer = csv.writer(paper, delimiter=";" if decimal == "," else ",", lineterminator="\r\n")
    paper.write(_MARK)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_written(cell, decimal) for cell in row])
        if paper.tell() > 1 << 14:
            yield _taken(paper)
    yield _taken(paper)


def plain(text: str) -> str:
    """Returns text that no spreadsheet runs, without invisible characters."""
    seen = "".join(c if c.isprintable() else " " for c in text)
    return f"'{seen}" if text.startswith(_FORMULAS) or seen.lstrip().startswith(_FORMULAS) else seen


def _written(cell: Cell, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", decimal)
    return str(cell) if isinstance(cell, int) else plain(cell)


def _taken(paper: StringIO) -> str:
    text = paper.getvalue()
    paper.seek(0)
    paper.truncate()
    return text
