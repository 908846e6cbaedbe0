"""Texts and numbers as the official validation computes them (XPath 2.0): `xs:decimal` is exact, what has no type is a
double.

A text that is no number gives None here. The official stylesheets stop there, and we refuse the bill under a rule of
our own.
"""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from lxml import etree

from bill import ZERO
from ingest.checks.computed_sums import cents
from untrusted.value_parsing import remembered

#: Characters of a number; longer ones are refused anyhow (AMOUNT-RANGE).
_LONGEST: Final = 60
_is_decimal = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*").fullmatch


def string_of(element: etree._Element) -> str:
    """Return the text of an element, with that of elements inside it."""
    return element.text or "" if not len(element) else "".join(map(str, element.itertext()))


def decimal_of(element: etree._Element | None) -> Decimal | None:
    """Return `xs:decimal(element)`; None for an absent element."""
    return None if element is None else _number(string_of(element))


@remembered
def _number(text: str) -> Decimal | None:
    return Decimal(text.strip()) if len(text) <= _LONGEST and _is_decimal(text) else None


def double_of(element: etree._Element | None) -> float | None:
    """Return the untyped value of an element as a double; None for an absent element."""
    number = decimal_of(element)
    return None if number is None else float(number)


def sum_of(elements: Iterable[etree._Element | None]) -> Decimal:
    """Return the exact sum; what is absent counts nothing."""
    return sum((number for number in map(decimal_of, elements) if number is not None), ZERO)


def sum_of_doubles(elements: Iterable[etree._Element | None]) -> float:
    """Return the sum of untyped values; what is absent counts nothing."""
    numbers = [number for number in map(double_of, elements) if number is not None]
    return sum(numbers[1:], numbers[0]) if numbers else 0.0


def rounded_double(number: float) -> float:
    """Return `round(number * 10 * 10) div 100`."""
    nearest_cent = math.floor(number * 10 * 10 + 0.5)
    return math.copysign(0.0, number) if nearest_cent == 0 else nearest_cent / 100


def are_equal(number: float | None, other: float) -> bool:
    """Return whether two doubles are equal. Saxon, which the official validation runs on, tells -0 from 0."""
    if number is None or number != other:
        return False
    return number != 0 or math.copysign(1, number) == math.copysign(1, other)


def is_at_least_zero(number: float | None) -> bool:
    """Return whether a double is 0 or more; -0 is not."""
    return number is not None and (number > 0 or are_equal(number, 0.0))


def nearest(number: Decimal) -> Decimal:
    """Return `round(number)`: halves go up."""
    return cents(number / 100) * 100
