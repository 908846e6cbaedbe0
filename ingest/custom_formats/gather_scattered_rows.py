"""Groups the rows of one bill that stand apart in the file, as in a table sorted by product. Where grouping would be a
guess, the rows are refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from bill import warning
from ingest.custom_formats.record_mapper import MOST_ROWS, MappedRecord
from ingest.custom_formats.text_rows import TextRow, sha_of
from ingest.reader_interface import ReadContext
from untrusted.feed_error import FeedError

#: Rows are grouped in files up to this size. In larger ones, rows that stand apart are refused: the sender sorts them.
LARGEST_GATHERED: Final = 16_000_000
_MOST_PLACES: Final = 8


@dataclass(slots=True)
class RowRun:
    """Consecutive rows of one bill number, with the mapped record of each."""

    number: str
    rows: list[TextRow]
    records: list[MappedRecord]

    @property
    def place(self) -> str:
        """The lines of the file: `line 4`, `lines 2 to 3`, `lines 2, 4 to 5`."""
        spans: list[tuple[int, int]] = []
        for row in self.rows:
            if spans and row.line == spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], row.line)
            else:
                spans.append((row.line, row.line))
        return spell_lines(spans)


def spell_lines(spans: list[tuple[int, int]]) -> str:
    """Return spans of line numbers in words."""
    said = [f"{first}" if first == last else f"{first} to {last}" for first, last in spans]
    more = ", …" if len(said) > _MOST_PLACES else ""
    return f"{'line' if spans[0] == spans[-1] and spans[0][0] == spans[0][1] else 'lines'} " + (
        ", ".join(said[:_MOST_PLACES]) + more
    )


def times_apart(source: BinaryIO, numbers: Callable[[BinaryIO], Iterable[str]]) -> dict[str, int]:
    """Return the bill numbers that have several runs of rows in a file, with how many; *source* is left at its
    beginning.

    *numbers* reads the file once and yields one number per run. The result is empty for a file that is too large or
    cannot be read.
    """
    size = source.seek(0, 2)
    source.seek(0)
    if size > LARGEST_GATHERED:
        return {}
    try:
        counts = Counter(number for number in numbers(source) if number)
    except FeedError:
        return {}
    finally:
        source.seek(0)
    return {number: count for number, count in counts.items() if count > 1}


def group_rows(runs: Iterable[RowRun], apart: Mapping[str, int], read_context: ReadContext) -> Iterator[RowRun]:
    """Yield the rows of each bill: a run, or, for numbers in *apart*, all runs of the number together.

    Equal runs are the same bill sent twice. Where some runs are equal and others are not, nobody can tell what belongs
    to the bill: the runs stay apart and are refused as one number with several contents.
    """
    waiting = dict(apart)
    held: dict[str, list[RowRun]] = {}
    joined = 0
    for run in runs:
        if run.number not in waiting:
            yield run
            continue
        parts = held.setdefault(run.number, [])
        parts.append(run)
        waiting[run.number] -= 1
        if not waiting[run.number]:
            held.pop(run.number)
            if len({sha_of(part.rows) for part in parts}) == len(parts):
                joined += 1
                yield _together(parts)
            else:
                yield from parts
    for parts in held.values():  # what the first reading counted is no longer there: the file changed under us
        yield from parts
    if joined:
        sentence = "the rows of {count} bills stood apart from each other and were put together: sort them by number"
        read_context.findings.append(warning("NUMBER-APART", sentence, count=joined))


def _together(parts: list[RowRun]) -> RowRun:
    rows = [row for part in parts for row in part.rows]
    if len(rows) > MOST_ROWS:
        sentence = "more than {most} rows have the same number"
        raise FeedError("LINES-TOO-MANY", sentence, f"line {rows[MOST_ROWS].line}", most=MOST_ROWS)
    return RowRun(parts[0].number, rows, [record for part in parts for record in part.records])
