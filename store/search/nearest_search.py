"""What a search that found nothing may have meant: its words, spelled as bills of the reader spell them. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from store.search.left_out_words import is_label, is_left_out, names_any_bill
from store.search.typed_search import MOST_CHARACTERS, MOST_WORDS
from store.search.word_forms import WORD, fold, normalised, word_forms

#: How alike two words must be (`difflib`): « eletricité » and « électricité » are 0.95.
_ALIKE: Final = 0.75
_SHORTEST: Final = 4
_MOST_KNOWN: Final = 4_000


def nearest_search(asked: str, texts: Iterable[str]) -> str | None:
    """The same search with the nearest words of these texts in place of those that are in none of them; None if there
    is no such word near enough, or nothing was misspelled."""
    known = _spellings(texts)
    stems = {stem for word in known.values() for stem in word_forms(normalised(word)).stems}
    words, is_other = [], False
    for word in WORD.findall(normalised(asked[:MOST_CHARACTERS]))[:MOST_WORDS]:
        plain, of_word = word_forms(word)
        says_nothing = is_left_out(plain) or is_label(plain) or names_any_bill(plain) or len(plain) < _SHORTEST
        if says_nothing or plain in known or not stems.isdisjoint(of_word):
            words.append(word)
            continue
        near = get_close_matches(plain, known, 1, _ALIKE) if plain.isalpha() else []
        if not near:
            return None
        words.append(known[near[0]])
        is_other = True
    return " ".join(words) if is_other else None


def _spellings(texts: Iterable[str]) -> dict[str, str]:
    """The words of these texts as they are written first, by their folded form."""
    known: dict[str, str] = {}
    for text in texts:
        for word in WORD.findall(normalised(text)):
            plain = fold(word)
            if len(plain) >= _SHORTEST and plain.isalpha():
                known.setdefault(plain, word.lower())
                if len(known) >= _MOST_KNOWN:
                    return known
    return known
