"""What a bill adds to the store: its whole segment, encrypted, shared among the bills that lie in it."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import msgspec
import pytest

from bench.render import bill, stored_bytes
from bill import Bill, History, Span
from render.page.bill_layout import NO_HISTORY
from store.feeds.chunk import CHUNK_SIZE
from tests.render.sample_bills import OCTOBER, template

#: The record's head, the version, nonce and tag; then what says where a leaf goes.
ENCRYPTION, WORDS = 12 + 1 + 12 + 16, 12


def history(number: int) -> History:
    """Two years of bills and a month, each different."""
    spans: list[Span] = []
    end = date(2026, 9, 30)
    for month in range(25):
        start = end.replace(day=1)
        used = Decimal(200 + (number * 37 + month * 61) % 400)
        spans.insert(0, Span(issued=end, gross=used / 4, start=start, end=end, used=used, unit="KWH"))
        end = start - timedelta(days=1)
    return History(spans=tuple(spans))


@lru_cache(maxsize=1)
def plain() -> list[Bill]:
    return [bill(number) for number in range(CHUNK_SIZE)]


def test_a_bill_of_twelve_lines_is_a_fifteenth_of_its_file():
    stored = stored_bytes([template().parts(each) for each in plain()])
    files = sum(len(template().prefix) + len(template().suffix(each)) for each in plain()) / CHUNK_SIZE
    assert files <= 80_000
    assert stored <= files / 15


@pytest.mark.parametrize("lines", [6, 12])  # with a chart of them, and without: it may not cost a page
def test_with_two_years_of_history_it_is_a_little_more(lines: int):
    metered = [msgspec.structs.replace(each, period=OCTOBER, lines=each.lines[:lines]) for each in plain()]
    parts = [template().parts(each, history(number)) for number, each in enumerate(metered)]
    assert stored_bytes(parts) <= 5_000


def test_what_nobody_shares_costs_what_it_weighs():
    """Every bill has a number of lines that no other has: its tree stays with it, in its own record."""
    bills = [bill(number) for number in range(30)]
    odd = [msgspec.structs.replace(each, lines=each.lines * n) for n, each in enumerate(bills, 1)]
    parts = [template().parts(each, NO_HISTORY) for each in odd]
    suffixes = sum(len(b"".join(each)) for each in parts) / len(parts)
    assert len({leaf for each in parts for leaf in each[1::2] if b"/ObjStm" in leaf}) == len(parts)
    assert stored_bytes(parts) < suffixes + ENCRYPTION + WORDS


@pytest.mark.parametrize("bills", [1, 2])
def test_a_chunk_of_one_bill_or_two(bills: int):
    parts = [template().parts(each) for each in plain()[:bills]]
    assert stored_bytes(parts) < sum(len(b"".join(each)) for each in parts) / bills + ENCRYPTION + WORDS
