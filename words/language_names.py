"""The name of a language, as its speakers or others call it (CLDR)."""

from functools import cache

from babel.core import Locale

from words.catalogue import locale_of


@cache
def own_name(language: str) -> str:
    """Return `Français` for fr, with a capital as at the beginning of a sentence; *language* is ISO 639-1."""
    name = str(Locale.parse(language).display_name)
    return name[:1].upper() + name[1:]


def language_name(code: str, language: str) -> str:
    """Return what the language *code* is called in *language*, `français` for fr in French; a code that CLDR does not
    know as it is."""
    return str(Locale.parse(locale_of(language)).languages.get(code.lower(), code))
