"""Finds amounts of money as bills write them: 1 234,56, 1.234,56, 1,234.56, 1'234.56. Pure."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

#: Digits, in groups of three or not, and two decimals; whole amounts may be anything and are not taken. A group begins
#: with one sign, or with the blanks that a page sets there.
_AMOUNT: Final = r"[-−]?(?:\d{1,3}(?:(?P<group>[.,'’‘´`′]|\s{1,2})\d{3})(?:(?P=group)\d{3})*|\d+)[.,]\d{2}"
_amount: Final = re.compile(rf"(?<![\w.,])(?:[€$£]\s?)?(?P<amount>{_AMOUNT})(?![\d.,]?\d|\s?%)")
#: Before three digits: others that may belong to them.
_GOES_ON: Final = re.compile(r"(?<![.,\d])\d{1,3}[^\w%]{1,4}$")
#: What makes an amount less than nothing, before it and after it.
_LESS: Final = re.compile(r"(?:[-−–—]\s?(?:[A-Z]{3}\s?)?|\(\s?)$")
_LESS_AFTER: Final = re.compile(r"\s?(?:[€$£]|[A-Z]{3}\b)?\s?(?:[-−–—](?!\s*\w)|(?:CR|cr|Cr)\b)")
#: Characters before an amount that are looked at.
_BEFORE: Final = 12
#: Blanks that part columns as well as groups of digits; the narrow ones part groups alone.
_WIDE: Final = " \u00a0\t"


class WrittenAmount(NamedTuple):
    """An amount, and where it begins and ends in its text. *is_sure*: its blanks are not those between two columns.
    *is_whole*: nothing around it may be a sign or more digits of it."""

    amount: Decimal
    start: int
    end: int
    is_sure: bool
    is_whole: bool


def amounts_in(text: str) -> list[WrittenAmount]:
    """The amounts in this text, in their order."""
    return [each for found in _amount.finditer(text) if (each := _read(found)) is not None]


def _read(found: re.Match[str]) -> WrittenAmount | None:
    written, group = found["amount"].replace("−", "-"), found["group"] or ""
    if group in {".", ","} and written[-3] == group:
        return None  # 1.234.56: neither spelling
    whole = re.sub(r"[^\d-]", "", written[:-3])
    before = found.string[max(0, found.start() - _BEFORE) : found.start()]
    is_cut = bool(re.match(r"\d{3}(?!\d)", written) and _GOES_ON.search(before))
    is_signed = bool(_LESS.search(before) or _LESS_AFTER.match(found.string, found.end()))
    is_whole = not is_cut and not is_signed
    is_sure = is_whole and not any(each in _WIDE for each in group)
    return WrittenAmount(
        Decimal(f"{whole}.{written[-2:]}"), found.start("amount"), found.end(), is_sure, is_whole
    )  # fmt: skip
