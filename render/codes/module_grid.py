"""A square of dark and light modules."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple


class ModuleGrid(NamedTuple):
    """A square of modules as one number: row after row, each filled up to whole bytes; the first module is the highest
    bit, 1 is dark."""

    size: int
    modules: int

    @classmethod
    def of(cls, rows: Sequence[int]) -> "ModuleGrid":
        """A symbol of its rows; in each one's int the leftmost module is the highest bit."""
        size = len(rows)
        wide = stride(size)
        return cls(size, reduce(lambda modules, row: modules << wide | row << wide - size, rows, 0))

    @property
    def rows(self) -> tuple[int, ...]:
        size, wide = self.size, stride(self.size)
        mask = (1 << size) - 1
        return tuple([self.modules >> wide * (size - row) - size & mask for row in range(size)])


def stride(size: int) -> int:
    """How many bits a row takes."""
    return (size + 7) // 8 * 8
