"""Rows of a cross-reference stream: filtered all alike, and read back."""

import random
from itertools import pairwise

import pytest

from render.pdf.xref_rows import FREE, filtered, packed_row, read_rows, row_at


def by_hand(rows: list[bytes]) -> bytes:
    """PNG's filter Up, byte after byte (ISO 32000-1, 7.4.4.4)."""
    return b"".join(
        b"\2" + bytes((one - over) % 256 for over, one in zip(above[1:], row[1:], strict=True))
        for above, row in pairwise([bytes(9), *rows])
    )


def test_rows_are_filtered_as_the_standard_says():
    rows = [
        FREE,
        row_at(17),
        row_at(70_000),
        row_at(2**32 - 1),
        packed_row(41, 0),
        packed_row(41, 255),
        packed_row(41, 70_000),
    ]
    assert filtered(b"".join(rows)) == by_hand(rows)


def test_rows_that_follow_others_know_the_last_of_them():
    rows = [FREE, row_at(300), row_at(200), row_at(100)]
    assert filtered(b"".join(rows[:2])) + filtered(b"".join(rows[2:]), rows[1]) == by_hand(rows)


def test_the_257th_object_of_a_stream_is_found_like_the_second():
    rows = [packed_row(41, index) for index in range(600)]
    written = filtered(b"".join(rows))
    assert written == by_hand(rows)
    assert written[9:18] == b"\2\0\0\0\0\0\0\0\1"
    assert written[256 * 9 : 257 * 9] == b"\2\0\0\0\0\0\0\1\1"


def test_a_tree_may_have_more_objects_than_two_bytes_count():
    """As that of a bill of eleven thousand lines has."""
    assert packed_row(41, 65_536)[-3:] == b"\1\0\0"
    assert len({packed_row(41, index) for index in range(65_530, 65_600)}) == 70


@pytest.mark.parametrize("count", [1, 2, 3, 36, 500])
def test_offsets_are_read_back(count: int):
    dice = random.Random(count)
    offsets = [dice.randrange(2**32) for _ in range(count)]
    rows = [FREE, *map(row_at, offsets), packed_row(count, 0), packed_row(count, 1)]
    assert read_rows(filtered(b"".join(rows))) == [0, *offsets, 0, 0]
