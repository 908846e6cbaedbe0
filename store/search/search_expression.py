"""What a search asks of a bill: tokens, joined by "all of" and "any of". Pure.

A token is a form of a word (`store.search.word_forms`), an amount or a day; it has small letters and digits of ASCII
and `_` only, so that no database takes it for syntax.
"""

from collections.abc import Callable
from typing import NamedTuple


class Token(NamedTuple):
    """One token, or the beginning of one. The empty token is in every bill."""

    text: str
    is_prefix: bool = False

    def is_in(self, tokens: str) -> bool:
        """Whether this one is among *tokens*: a text in which each token stands between blanks."""
        return f" {self.text}" in tokens if self.is_prefix or not self.text else f" {self.text} " in tokens


class AllOf(NamedTuple):
    """Each of these expressions must hold."""

    parts: "tuple[Expression, ...]"


class AnyOf(NamedTuple):
    """One of these expressions must hold."""

    parts: "tuple[Expression, ...]"


Expression = Token | AllOf | AnyOf
EVERY_BILL = Token("")


def holds(expression: Expression, tokens: str) -> bool:
    """Whether a bill with these tokens, each between blanks, is found."""
    if isinstance(expression, Token):
        return expression.is_in(tokens)
    found = (holds(part, tokens) for part in expression.parts)
    return all(found) if isinstance(expression, AllOf) else any(found)


def spell(expression: Expression, token: Callable[[Token], str], all_of: str, any_of: str) -> str:
    """The expression in a query language: how it writes a *token*, and its operators."""
    if isinstance(expression, Token):
        return token(expression)
    operator = all_of if isinstance(expression, AllOf) else any_of
    return "(" + operator.join(spell(part, token, all_of, any_of) for part in expression.parts) + ")"


def without_known(expression: Expression, tokens: str) -> Expression:
    """What is left to ask of a bill that is known to have these tokens; EVERY_BILL if nothing is."""
    if isinstance(expression, Token):
        return EVERY_BILL if expression.is_in(tokens) else expression
    parts = [without_known(part, tokens) for part in expression.parts]
    if isinstance(expression, AnyOf):
        return EVERY_BILL if EVERY_BILL in parts else AnyOf(tuple(parts))
    return all_of(*(part for part in parts if part != EVERY_BILL))


def all_of(*parts: Expression) -> Expression:
    """The expression that all of these hold."""
    if not parts:
        return EVERY_BILL
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_of(*parts: Expression) -> Expression:
    """The expression that one of these holds; each is asked once."""
    different = tuple(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AnyOf(different)
