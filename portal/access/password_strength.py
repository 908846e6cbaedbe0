"""How soon a password is guessed: by whoever knows the person, and by lists of passwords that many people have.

Length and what others know count, never which kinds of characters there are (NIST SP 800-63B-4, 3.1.1.2).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

#: `own`: mostly the person's name or address, an issuer's name or ours; `common`: on a list, or nearly; `keys`:
#: neighbours on a keyboard; `pattern`: repeats or goes on as expected; `date`; `short`: guessed too soon otherwise.
Weakness = Literal["own", "common", "keys", "pattern", "date", "short"]

#: zxcvbn's score 3: more than 10**8 guesses, enough for a hash that is slow.
_LEAST_SCORE: Final = 3
#: zxcvbn's time grows fast with length: characters that it looks at, at the beginning and at the end.
_LOOKED_AT: Final = 24
#: A known word is at least so long, and what is left beside known words at most this.
_SHORTEST_WORD: Final = 3
_MOST_LEFT: Final = 3
#: More of them in a row are a sentence, whose choice of words counts.
_MOST_COMMON_WORDS: Final = 2
_FRENCH: Final = Path(__file__).with_name("french_passwords.txt")
_LEET: Final = str.maketrans("4@380617$5!", "aaebogitssi")
_WORD: Final = re.compile(r"[^\W\d_]+")
_PHONE: Final = re.compile(r"(\+33|0033|0)[1-9][0-9]{8}")
_BY_PATTERN: Final[dict[str, Weakness]] = {
    "dictionary": "common", "spatial": "keys", "repeat": "pattern", "sequence": "pattern", "regex": "date",
    "date": "date",
}  # fmt: skip


def weakness_of(password: str, own_words: Iterable[str]) -> Weakness | None:
    """Returns why this password is guessed too soon, or None if it is good. *own_words*: names and addresses that who
    guesses may know."""
    own = {folded for text in own_words for folded in _own_words(text)}
    forms = {_folded(password), _folded(password.translate(_LEET))}
    if any(_is_made_of(form, own, len(form)) for form in forms) or _PHONE.fullmatch(re.sub(r"[\s.-]", "", password)):
        return "own"
    if any(_is_made_of(form, own | _common(), _MOST_COMMON_WORDS) for form in forms):
        return "common"
    weakness = _scored(password[:_LOOKED_AT], own)
    return weakness and _scored(password[-_LOOKED_AT:], own)


def _scored(password: str, own: Collection[str]) -> Weakness | None:
    """Returns what zxcvbn finds in it; None from the least score on. Not by `zxcvbn.zxcvbn`, which keeps the words of
    one caller where another thread finds them."""
    from zxcvbn import matching, scoring, time_estimates

    known: dict[str, Any] = {
        **matching.RANKED_DICTIONARIES,
        "user_inputs": {word: n for n, word in enumerate(own, 1)},
        "french": {word: n for n, word in enumerate(_french(), 1)},
    }
    found = scoring.most_guessable_match_sequence(password, matching.omnimatch(password, known))
    if time_estimates.guesses_to_score(found["guesses"]) >= _LEAST_SCORE:
        return None
    longest = max(found["sequence"], key=lambda each: len(each["token"]), default={"pattern": ""})
    if longest.get("dictionary_name") == "user_inputs":
        return "own"
    return _BY_PATTERN.get(longest["pattern"], "short")


def _is_made_of(letters: str, words: Collection[str], most: int) -> bool:
    """Returns whether at most so many of these words leave hardly a letter over. Words that stand at the longest are
    taken first."""
    taken, rest = 0, letters
    while taken < most and (word := _longest_within(rest, words)):
        rest, taken = rest.replace(word, " "), taken + 1
    return taken > 0 and len(rest.replace(" ", "")) <= _MOST_LEFT


def _longest_within(text: str, words: Collection[str]) -> str:
    return next(
        (
            text[start : start + length]
            for length in range(len(text), _SHORTEST_WORD - 1, -1)
            for start in range(len(text) - length + 1)
            if text[start : start + length] in words
        ),
        "",
    )


def _own_words(text: str) -> Iterable[str]:
    """Returns the words of a name or address, and all of them in one, without marks."""
    words = [*map(_folded, _WORD.findall(text)), _folded(text), _folded(text.partition("@")[0])]
    return (word for word in words if len(word) >= _SHORTEST_WORD)


def _folded(text: str) -> str:
    """Returns the letters alone, small and without marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalpha())


@cache
def _french() -> tuple[str, ...]:
    return tuple(_FRENCH.read_text(encoding="utf-8").split("\n")[:-1])


@cache
def _common() -> frozenset[str]:
    """Returns the passwords that many people have: zxcvbn's thirty thousand, and French ones."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    words = map(_folded, (*FREQUENCY_LISTS["passwords"], *_french()))
    return frozenset(word for word in words if len(word) > _SHORTEST_WORD)
