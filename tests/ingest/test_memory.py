"""Memory while a feed is read does not depend on its length, nor on who wrote it. `make bench-memory` asks the same of
feeds of 1 GB."""

import pytest

from bench.ingest_memory import MEGABYTE, PROMISED, measure


@pytest.mark.parametrize("case", ["one XML of many invoices", "ZIP of single invoices"])
def test_memory_is_the_same_after_a_third_and_at_the_end(case: str):
    read = measure(case, 9 * MEGABYTE)
    assert read.whole
    assert read.items > 500
    assert read.peak < read.first_third + 4
    assert read.peak < PROMISED / 2


@pytest.mark.parametrize("case", ["text inside an invoice", "tiny elements", "tiny elements in an invoice", "blanks"])
def test_nobody_can_make_it_take_more(case: str):
    read = measure(case, 15 * MEGABYTE)
    assert not read.whole
    assert read.items <= 1
    assert read.peak < PROMISED
