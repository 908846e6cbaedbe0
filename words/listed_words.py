"""Joins words as a sentence does: `A, B et C`."""

from collections.abc import Sequence

from babel.lists import format_list

from words.catalogue import locale_of


def listed(words: Sequence[str], language: str) -> str:
    """Return the words with commas and the language's "and" (CLDR); "" for none."""
    return format_list(list(words), locale=locale_of(language))
