"""Reads what somebody typed into the search box. Anything may be typed: nothing is an error, and nothing is syntax."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from store.search.amount_token import AMOUNT, amount_token, typed_amount
from store.search.day_token import month_alone, typed_day
from store.search.left_out_words import is_label, is_left_out, names_any_bill
from store.search.search_expression import EVERY_BILL, Expression, Token, all_of, any_of
from store.search.word_forms import LONGEST, WORD, fold, normalised, word_forms

#: How much of what was typed is read: characters, and words.
MOST_CHARACTERS: Final = 200
MOST_WORDS: Final = 10
#: A word, or a number with its separators: `LUM-2026/0042`.
_PIECE: Final = re.compile(r"[^\W_]+(?:[-/._][^\W_]+)*")
#: A number with its unit right after it.
_WITH_UNIT: Final = re.compile(r"(\d+)([a-z]{2,}\d?)")
_IS_AMOUNT: Final = re.compile(r"_\d")
#: Fewer digits are no number that is written with blanks, as an IBAN is.
_FEWEST_DIGITS: Final = 4


class TypedSearch(NamedTuple):
    """What is asked for, and the words to mark: a word of a text that has one of *forms* among its own, or begins with
    one of *beginnings*; an amount whose token is one of *amounts*."""

    expression: Expression
    forms: frozenset[str]
    beginnings: tuple[str, ...]
    amounts: tuple[Token, ...]

    def is_asked(self, word: str) -> bool:
        """Whether this word of a normalised text is one of those asked for."""
        plain, stems = word_forms(word)
        return plain in self.forms or plain.startswith(self.beginnings) or not self.forms.isdisjoint(stems)

    def asks_amount(self, amount: Decimal) -> bool:
        """Whether this amount is one of those asked for."""
        told = f" {amount_token(amount)} "
        return any(each.is_in(told) for each in self.amounts)


@lru_cache(64)
def typed_search(text: str) -> TypedSearch | None:
    """The search that was typed; None if there is no word in it. All its words must be found, the last one by its
    beginning."""
    said = " ".join(normalised(text[: 2 * MOST_CHARACTERS]).replace("\0", " ").split())[:MOST_CHARACTERS]
    parts = [each for each, _ in zip(_parts(said), range(MOST_WORDS))]  # noqa: B905 - the shorter one
    if not parts:
        return None
    expression = all_of(*parts)
    if len(parts) > 1:
        expression = any_of(expression, *_numbers_with_blanks(said))
    tokens = list(_tokens(expression))
    words = [token for token in tokens if _is_marked(token)]
    return TypedSearch(
        expression,
        frozenset(token.text for token in words),
        tuple(dict.fromkeys(token.text for token in words if token.is_prefix)),
        tuple(token for token in tokens if _IS_AMOUNT.match(token.text)),
    )


def _parts(said: str) -> Iterator[Expression]:
    """What each word, amount and day asks for. Words that say nothing are left out, unless there are no others."""
    pieces = _telling(list(_pieces(said)))
    for n, each in enumerate(pieces):
        if not isinstance(each, str):
            yield each
        elif names_any_bill(fold(each)):
            yield EVERY_BILL
        elif expression := _asked_word(each, is_last=n == len(pieces) - 1 or is_left_out(fold(each))):
            yield expression


def _telling(pieces: list[str | Expression]) -> list[str | Expression]:
    """These without the words that say nothing; all of them if there are no others."""
    has_number = not all(isinstance(each, str) for each in pieces)

    def tells(piece: str | Expression) -> bool:
        if not isinstance(piece, str):
            return True
        plain = fold(piece)
        return not (is_left_out(plain) or names_any_bill(plain) or (has_number and is_label(plain)))

    return list(filter(tells, pieces)) or pieces


def _pieces(said: str) -> Iterator[str | Expression]:
    """Words, and the expressions of amounts, days and numbers, in order."""
    at = 0
    while at < len(said):
        if said[at] == " ":
            end = at + 1
        elif day := typed_day(said, at):
            tokens, end = day
            yield any_of(*tokens, *_as_words(said[at:end]))
        elif amount := AMOUNT.match(said, at):
            yield typed_amount(amount)
            end = amount.end()
        elif piece := _PIECE.match(said, at):
            end = piece.end()
            if any(c.isdigit() for c in piece[0]):
                yield from _as_number(piece[0])
            else:
                yield from WORD.findall(piece[0])
        else:
            end = at + 1
        at = end


def _as_words(said: str) -> list[Expression]:
    """Its words as such, for texts that say « décembre 2026 »; none if there is but one."""
    words = [word_forms(word).plain for word in WORD.findall(said)]
    return [all_of(*map(Token, words))] if len(words) > 1 else []


def _as_number(said: str) -> Iterator[Expression]:
    """A number by its beginning, with its separators or without; or all its parts."""
    parts = [plain for word in WORD.findall(said) if (plain := word_forms(word).plain)]
    if not parts:
        return
    whole = Token("".join(parts)[:LONGEST], is_prefix=True)
    if unit := _WITH_UNIT.fullmatch(parts[-1]):  # « 80go » is « 80 Go », too
        parts[-1:] = unit.groups()
    yield any_of(whole, all_of(*map(Token, parts[:-1]), Token(parts[-1], is_prefix=True)))


def _asked_word(word: str, *, is_last: bool) -> Expression | None:
    plain, stems = word_forms(word)
    if not plain:
        return None
    tokens = dict.fromkeys((Token(plain, is_prefix=is_last), *map(Token, stems), *month_alone(word, is_last=is_last)))
    return any_of(*tokens)


def _numbers_with_blanks(said: str) -> Iterator[Token]:
    """All that was typed as one number, as an IBAN is written in groups of four, and the same without the words that
    say what it is; none if it has few digits."""
    plain = [word_forms(word).plain for word in WORD.findall(said)]
    for words in (plain, [each for each in plain if not (is_left_out(each) or is_label(each))]):
        whole = "".join(words)
        digits = sum(c.isdigit() for c in whole)
        if len(whole) <= LONGEST and digits >= _FEWEST_DIGITS and digits >= len(whole) / 2:
            yield Token(whole, is_prefix=True)


def _is_marked(token: Token) -> bool:
    """Amounts and days are no words of a text; a figure alone, as of « 3 décembre », stands everywhere."""
    return len(token.text) > 1 and not token.text.startswith("_")


def _tokens(expression: Expression) -> Iterator[Token]:
    if isinstance(expression, Token):
        yield expression
    else:
        for part in expression.parts:
            yield from _tokens(part)
