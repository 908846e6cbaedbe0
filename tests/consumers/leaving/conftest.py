"""Zénobie, in a transaction that is committed at the end."""

from collections.abc import Iterator

import pytest

from store import Store
from tests.consumers.leaving.zenobie import Zenobie


@pytest.fixture
def zenobie(store: Store) -> Iterator[Zenobie]:
    with store.writing() as session:
        yield Zenobie(session)
