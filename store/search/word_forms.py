"""The forms under which a word is found: its letters without accents, and its French stems.

Words are folded and stemmed here, before they are indexed and before they are asked for, so that SQLite and PostgreSQL
give the same answers.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import Stemmer
from anyascii import anyascii

#: A word of a text that `normalised` gave: letters and digits.
WORD: Final = re.compile(r"[^\W_]+")
#: The longest form of a word, in characters; longer ones are cut.
LONGEST: Final = 40
_KNOWN_WORDS: Final = 1 << 16
_french: Final = Stemmer.Stemmer("french", 0)  # its own cache is off: `word_forms` has one


class WordForms(NamedTuple):
    """*plain* is the word in small letters of ASCII; *stems* are its French stems, spelled alike: that of the word as
    written and that of the word without accents, for those who type none. A number has no stems."""

    plain: str
    stems: tuple[str, ...]


def normalised(text: str) -> str:
    """The text in Unicode's compatibility form (NFKC): one character for letter and accent, plain blanks for narrow and
    no-break ones, `fi` for its ligature."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(_KNOWN_WORDS)
def word_forms(word: str) -> WordForms:
    """The forms of one word of a normalised text. *plain* is "" for what has no letter or digit in ASCII."""
    lower = word[: 2 * LONGEST].casefold()
    plain = fold(lower)
    if not plain.isalpha():
        return WordForms(plain, ())
    return WordForms(plain, tuple(dict.fromkeys((_french.stemWord(plain), fold(_french.stemWord(lower)) or plain))))


def fold(word: str) -> str:
    """The word in small letters and digits of ASCII, without accents; letters of other scripts are transliterated."""
    said = word.lower() if word.isascii() else anyascii(fold_text(word)).lower()
    return "".join(_ascii_word.findall(said))[:LONGEST]


def fold_text(text: str) -> str:
    """The text in small letters without accents; its other characters stay."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))


_ascii_word: Final = re.compile("[a-z0-9]+")
