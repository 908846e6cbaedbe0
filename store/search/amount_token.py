"""Amounts in searches: the token of an amount, and what people type for one: « 84,20 », « 1 234.56 € », « -12 »."""

import re
from decimal import Decimal
from typing import Final

from store.search.search_expression import AllOf, Expression, Token, any_of

_SIGN: Final = r"(?:[€£$]|(?:eur|chf|gbp|usd)\b)"
_CURRENCY: Final = rf"\s?(?:{_SIGN}|euros?\b)"
#: A number with groups of three digits or without, decimals or not, and its currency, which may stand before it or in
#: place of the decimal sign (« 84€20 »); a sign before it is passed over.
AMOUNT: Final = re.compile(
    r"(?:[-+−–]\s?)?(?:(?:[€£$]|\b(?:eur|chf|gbp|usd))\s?)?"
    r"(?P<whole>\d{1,3}(?:[ .,'’]\d{3})+(?!\d)|\d{1,15})"
    rf"(?:(?<=\d)(?:[.,]|\s?(?:€|euros?)\s?(?=\d\d))(?P<cents>\d{{1,2}}))?(?P<currency>{_CURRENCY})?"
    r"(?![^\W_]|[-/.,]\d)",
    re.IGNORECASE,
)


def amount_token(amount: Decimal) -> str:
    """The token of an amount, without its sign and rounded down to cents: 84.20 is `_84_20`."""
    cents = int(abs(amount) * 100)
    return f"_{cents // 100}_{cents % 100:02}"


def typed_amount(match: re.Match[str]) -> Expression:
    """What is asked by a match of AMOUNT. Without decimals, whole euros: « 84 » finds 84,00 to 84,99, and the number
    84; « 1 234 » finds 1 234,00 to 1 234,99, and the numbers 1234, or 1 and 234."""
    groups = re.split(r"[ .,'’]", match["whole"])
    whole = "".join(groups)
    euros = str(int(whole))
    if cents := match["cents"]:
        return Token(f"_{euros}_{cents}", is_prefix=len(cents) == 1)
    amounts = Token(f"_{euros}_", is_prefix=True)
    if match["currency"]:
        return amounts
    number = Token(whole, is_prefix=len(whole) > 3)
    if whole != euros:  # it begins with a nought: no amount
        return number
    return any_of(amounts, number, AllOf(tuple(map(Token, groups)))) if len(groups) > 1 else any_of(amounts, number)


def asked_amount(said: str) -> Decimal | None:
    """The amount that is all of what was typed, without its sign; None if it is something else. Whole euros have no
    cents here."""
    match = AMOUNT.fullmatch(said.strip())
    if match is None:
        return None
    whole = "".join(re.split(r"[ .,'’]", match["whole"]))
    return Decimal(f"{whole}.{match['cents'] or '0'}")
