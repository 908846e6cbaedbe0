"""Search words of a bill, folded to lower case without accents: « Électricité » is found by « electricite »."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bill import Bill, outline

#: The most characters of search words stored for a bill.
MOST_WORDS: Final = 4_000
_LONGEST_WORD: Final = 40
_MOST_ASKED: Final = 8
_word: Final = re.compile(r"[^\W_]+(?:[.,'’/-][^\W_]+)*")


def fold(text: str) -> str:
    """The text in lower case without accents."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))


def words_of(bill: Bill, text: str = "") -> str:
    """The search words of a bill, each once: number, amount, lines, notes, and *text* (that of its own PDF pages)."""
    found: dict[str, None] = {}
    room = MOST_WORDS
    for said in (*_said(bill), text):
        for word in _word.findall(fold(said)):
            if word not in found and len(word) <= _LONGEST_WORD:
                room -= len(word) + 1
                if room < 0:
                    return " ".join(found)
                found[word] = None
    return " ".join(found)


def asked_for(query: str) -> list[str]:
    """The words of a search query, folded. A bill matches if it has all of them."""
    return [word[:_LONGEST_WORD] for word in fold(query).replace("\0", " ").split()[:_MOST_ASKED]]


def _said(bill: Bill) -> Iterator[str]:
    amount = f"{bill.totals.payable:.2f}"
    yield f"{bill.number} {amount} {amount.replace('.', ',')}"
    for line, *_ in outline(bill.lines):
        yield f"{line.name} {line.description}"
    for note in bill.notes:
        yield note.text
