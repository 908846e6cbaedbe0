"""A person's name as others read it in a mail of ours: nothing in it leads anywhere, and it is no letter.

Whoever signs up types a name, and asks us to mail it to somebody.
"""

import re
import unicodedata
from typing import Final

#: Characters of a name that is told; it ends at a blank.
LONGEST: Final = 40
#: Addresses of pages and mailboxes: what mail programs turn into links.
_LEADS: Final = re.compile(r"[@/\\:]|^www\b|\w[.\N{IDEOGRAPHIC FULL STOP}]\w{2}", re.IGNORECASE)
#: A number that somebody could call, or count: so many digits in a word, or in all of them.
_DIGITS_OF_A_WORD: Final = 3
_DIGITS: Final = 4
_OTHERS: Final = re.compile(r"[^\w\s.,&'\N{RIGHT SINGLE QUOTATION MARK}-]|_")


def told_name(name: str) -> str:
    """Returns a name without addresses, numbers and signs, at most `LONGEST` characters; "" where nothing is left."""
    words = [word for word in unicodedata.normalize("NFKC", name).split() if not _LEADS.search(word)]
    words = [word for word in words if _digits(word) < _DIGITS_OF_A_WORD]
    if _digits("".join(words)) > _DIGITS:
        words = [word for word in words if not _digits(word)]
    plain = " ".join(_OTHERS.sub(" ", " ".join(words)).split())
    if len(plain) > LONGEST:
        plain = plain[: LONGEST + 1].rpartition(" ")[0] or plain[:LONGEST]
    return plain.strip(" ,&-")


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in text)
