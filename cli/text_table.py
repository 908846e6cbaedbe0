"""Prints a table of text: as wide as it is where nobody looks, and within the terminal where somebody does.

Cells and headings are wrapped between words, never cut. Where not even the longest words fit beside each other, each
row becomes a block of lines, `heading: value`.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console

#: Blanks between two columns, and where there is little room.
GAPS: Final = (2, 1)


def print_table(
    out: Console, headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()
) -> None:
    """Print rows under headings. *right* are the columns, counted from 0, that are set to the right: figures."""
    width = out.width if out.is_terminal else None
    for line in table_lines(headings, list(rows), frozenset(right), width):
        out.print(line, markup=False)


def table_lines(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int], width: int | None
) -> list[str]:
    """Return the lines of a table no wider than *width* (None: as wide as it likes)."""
    widths, gap = _layout(headings, rows, width)
    return (
        [line for row in (headings, *rows) for line in _row_lines(row, widths, gap, right)]
        if widths
        else _blocks(headings, rows)
    )


def _layout(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> tuple[list[int], int]:
    """Return the columns' widths and the gap between them; no widths where not even the longest words fit. Headings are
    wrapped before cells are."""
    columns = range(len(headings))
    cells = [_longest(line for row in rows for line in row[n].split("\n")) for n in columns]
    natural = [max(_longest(headings[n].split("\n")), cells[n]) for n in columns]
    if width is None:
        return natural, GAPS[0]
    words = [_longest(_words(headings[n])) for n in columns]
    whole_cells = [max(pair) for pair in zip(words, cells, strict=True)]
    broken_cells = [max(words[n], _longest(word for row in rows for word in _words(row[n]))) for n in columns]
    for least in (whole_cells, broken_cells):
        for gap in GAPS:
            room = width - gap * (len(headings) - 1)
            if sum(least) <= room:
                return _narrowed(natural, least, room), gap
    return [], 0


def _words(text: str) -> list[str]:
    return re.split(r"[ \n]", text)


def _longest(texts: Iterable[str]) -> int:
    return max((cell_len(text) for text in texts), default=0)


def _narrowed(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns, none below its longest word, until all fit into the room."""
    narrowed = list(widths)
    while sum(narrowed) > room:
        widest = max((n for n in range(len(narrowed)) if narrowed[n] > least[n]), key=lambda n: narrowed[n])
        narrowed[widest] -= 1
    return narrowed


def _row_lines(row: Sequence[str], widths: Sequence[int], gap: int, right: frozenset[int]) -> list[str]:
    wrapped = [_wrapped(text, width) for text, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for at in range(height):
        parts = [column[at] if at < len(column) else "" for column in wrapped]
        padded = [_padded(part, width, n in right) for n, (part, width) in enumerate(zip(parts, widths, strict=True))]
        lines.append((" " * gap).join(padded).rstrip())
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    lines = text.split("\n")
    return [part for line in lines for part in textwrap.wrap(line, max(width, 1), break_on_hyphens=False) or [""]]


def _padded(text: str, width: int, is_right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if is_right else text + blanks


def _blocks(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    wide = _longest(headings)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        lines += [
            f"{_padded(heading, wide, False)}  {part}" if n == 0 else f"{' ' * wide}  {part}"
            for heading, text in zip(headings, row, strict=True)
            for n, part in enumerate(text.split("\n"))
        ]
    return lines
