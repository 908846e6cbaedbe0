"""Finds amounts of money as bills write them: 1 234,56, 1.234,56, 1,234.56. Pure."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

#: Digits, in groups of three or not, and two decimals; whole amounts may be anything and are not taken.
AMOUNT: Final = r"-?(?:\d{1,3}(?:(?P<group>[  .,'’ ])\d{3})(?:(?P=group)\d{3})*|\d+)[.,]\d{2}"
_amount: Final = re.compile(rf"(?<![\w.,])(?:[€$£]\s?)?(?P<amount>{AMOUNT})(?![\d.,]?\d|\s?%)")


class WrittenAmount(NamedTuple):
    """An amount, and where it begins and ends in its text. *is_sure*: its blanks are not those between two columns."""

    amount: Decimal
    start: int
    end: int
    is_sure: bool


def amounts_in(text: str) -> list[WrittenAmount]:
    """The amounts in this text, in their order."""
    return [each for found in _amount.finditer(text) if (each := _read(found)) is not None]


def _read(found: re.Match[str]) -> WrittenAmount | None:
    written, group = found["amount"], found["group"]
    if group in {".", ","} and written[-3] == group:
        return None  # 1.234.56: neither spelling
    whole = re.sub(r"[^\d-]", "", written[:-3])
    return WrittenAmount(Decimal(f"{whole}.{written[-2:]}"), found.start("amount"), found.end(), group != " ")
