"""The bitmap of a two-dimensional barcode: a square of dark and light modules."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple


class ModuleGrid(NamedTuple):
    """A square of modules packed into one integer: row after row, each padded to whole bytes. The first module is the
    highest bit; 1 is dark."""

    size: int
    modules: int

    @classmethod
    def of(cls, rows: Sequence[int]) -> "ModuleGrid":
        """Build a grid from its rows. In each row's integer the leftmost module is the highest bit."""
        size = len(rows)
        wide = stride(size)
        return cls(size, reduce(lambda modules, row: modules << wide | row << wide - size, rows, 0))

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows as integers; the leftmost module is the highest bit."""
        size, wide = self.size, stride(self.size)
        mask = (1 << size) - 1
        return tuple([self.modules >> wide * (size - row) - size & mask for row in range(size)])


def stride(size: int) -> int:
    """Return the number of bits that a row of *size* modules takes: a whole number of bytes."""
    return (size + 7) // 8 * 8
