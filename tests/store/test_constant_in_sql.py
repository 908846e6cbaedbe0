"""Constants of the code in SQL: only names go in."""

import pytest
from sqlalchemy import column

from store.db.constant_in_sql import is_one_of


def test_constants_stand_in_the_statement() -> None:
    assert str(is_one_of(column("state"), {"rendered", "chosen"})) == "state IN ('chosen', 'rendered')"


@pytest.mark.parametrize("word", ["", "o'clock", "a b", "née", "x;--"])
def test_nothing_else_goes_in(word: str) -> None:
    with pytest.raises(ValueError, match="no constants"):
        is_one_of(column("state"), ["chosen", word])
