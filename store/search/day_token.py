"""Days in searches: the tokens of a day, and what people type for one: « 3 décembre », « 03/12/2026 », « dec 2026 »."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from store.search.search_expression import Token
from store.search.word_forms import fold

_MONTHS: Final = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
#: Names that are other words, too, where they stand alone.
_OTHER_WORDS: Final = frozenset({"may", "march"})
_SHORTEST: Final = 3
_NAME: Final = r"(?P<name>[^\W\d_]{3,12})\.?"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:er|st|nd|rd|th)?"
_MONTH: Final = r"(?P<month>[01]?\d)"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_END: Final = r"(?![^\W_])"


def day_tokens(day: date) -> Iterator[str]:
    """The tokens of a day: itself, its month of that year, its day and month of any year, its month, its year."""
    yield f"_d{day:%Y%m%d}"
    yield f"_m{day:%Y%m}"
    yield f"_a{day:%m%d}"
    yield f"_n{day:%m}"
    yield str(day.year)


def typed_day(text: str, at: int) -> tuple[list[Token], int] | None:
    """The days that are typed at this place of a normalised text: tokens of which one is asked, and where it ends; None
    if it is no day."""
    for pattern, tokens in _PATTERNS:
        if (match := pattern.match(text, at)) and (found := tokens(match)):
            return found, match.end()
    return None


def months_named(word: str) -> list[int]:
    """The months, 1 to 12, whose French or English name begins with this word of three letters or more."""
    plain = fold(word)
    if len(plain) < _SHORTEST:
        return []
    return [n for n, names in enumerate(_MONTHS, 1) if any(name.startswith(plain) for name in names)]


def month_alone(word: str, *, is_last: bool) -> list[Token]:
    """The months that a word alone asks for, in any year: by its whole name, or by its beginning if it *is_last*, as it
    may be under way."""
    plain = fold(word)
    if plain in _OTHER_WORDS or not (is_last or any(plain in names for names in _MONTHS)):
        return []
    return [Token(f"_n{month:02}") for month in months_named(word)]


def _whole_day(match: re.Match[str]) -> list[Token]:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    year += 2000 if year < 100 else 0
    token = _day(year, month, day) or _day(year, day, month)
    return [token] if token else []


def _day(year: int, month: int, day: int) -> Token | None:
    try:
        return Token(f"_d{date(year, month, day):%Y%m%d}")
    except ValueError:
        return None


def _day_of_any_year(match: re.Match[str]) -> list[Token]:
    month, day = int(match["month"]), int(match["day"])
    return [Token(f"_a{month:02}{day:02}")] if _day(2000, month, day) else []


def _month_of_year(match: re.Match[str]) -> list[Token]:
    month = int(match["month"])
    return [Token(f"_m{match['year']}{month:02}")] if 1 <= month <= 12 else []


def _named_day(match: re.Match[str]) -> list[Token]:
    day = int(match["day"])
    if year := match["year"]:
        return [token for month in months_named(match["name"]) if (token := _day(int(year), month, day))]
    return [Token(f"_a{month:02}{day:02}") for month in months_named(match["name"]) if _day(2000, month, day)]


def _named_month(match: re.Match[str]) -> list[Token]:
    return [Token(f"_m{match['year']}{month:02}") for month in months_named(match["name"])]


_PATTERNS: Final[list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Token]]]]] = [
    (re.compile(rf"{_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?){_END}(?![-/.]\d)"), _whole_day),
    (
        re.compile(rf"(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>(?:(?:19|20)\d\d|\d\d)){_END}(?![-/.]\d)"),
        _whole_day,
    ),
    (re.compile(rf"{_DAY}[ -]{_NAME}(?:,?[ -]{_YEAR})?{_END}"), _named_day),
    (re.compile(rf"{_NAME} {_DAY}(?:,? {_YEAR})?{_END}"), _named_day),
    (re.compile(rf"{_NAME}[ -]{_YEAR}{_END}"), _named_month),
    (re.compile(rf"{_MONTH}[/.-]{_YEAR}{_END}"), _month_of_year),
    (re.compile(rf"{_YEAR}[/-](?P<month>[01]\d){_END}(?![-/.]\d)"), _month_of_year),
    (re.compile(rf"(?P<day>[0-3]?\d)/{_MONTH}{_END}(?![-/.]\d)"), _day_of_any_year),
]
