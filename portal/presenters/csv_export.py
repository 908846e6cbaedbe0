"""CSV tables as responses, in the visitor's language (`export.saved_files.csv_table`)."""

from collections.abc import Iterable, Iterator, Sequence

from export.saved_files.csv_table import Cell, csv_table
from portal.translation import language


def csv_response(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Returns the table as a CSV response. The visitor's language is asked now: the rows may be written when their
    request is over."""
    return csv_table(head, rows, language())
