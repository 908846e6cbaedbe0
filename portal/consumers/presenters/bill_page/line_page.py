"""A page of a bill's lines: so many at once, however long the bill, and the way to the others."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bill import Placed

#: Lines of one page.
LINES: Final = 200


class LinePage(NamedTuple):
    """Some lines of a bill in its outline. *first* and *last* are their numbers, from 1; *previous* and *next* the
    pages beside this one, None at an end."""

    lines: Sequence[Placed]
    first: int
    last: int
    total: int
    previous: int | None
    next: int | None

    @property
    def is_part(self) -> bool:
        """Whether the bill has more lines than these."""
        return len(self.lines) < self.total


def line_page(lines: Sequence[Placed], asked: str) -> LinePage:
    """Returns the page with the number *asked*, as a visitor wrote it: the first for what is no number, the last for
    one that is too large."""
    pages = max(1, -(-len(lines) // LINES))
    wanted = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 10 else 1
    page = min(max(wanted, 1), pages)
    shown = lines[(page - 1) * LINES : page * LINES]
    first = (page - 1) * LINES + 1
    previous, following = (page - 1 or None), (page + 1 if page < pages else None)
    return LinePage(shown, first, first + len(shown) - 1, len(lines), previous, following)
