"""Tables of figures and lists as CSV."""

from collections.abc import Iterable, Sequence

from flask import Response, stream_with_context

from export.saved_files.csv_table import Cell
from export.saved_files.file_name import file_name
from portal.presenters.csv_export import csv_response


def figures_sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Returns the table as a CSV file of this name, streamed."""
    answer = Response(stream_with_context(csv_response(head, rows)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(f"{name}.csv"))
    return answer
