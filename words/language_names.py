"""The name of a language as its speakers call it (CLDR)."""

from functools import cache

from babel.core import Locale


@cache
def own_name(language: str) -> str:
    """Return `Français` for fr, with a capital as at the beginning of a sentence; *language* is ISO 639-1."""
    name = str(Locale.parse(language).display_name)
    return name[:1].upper() + name[1:]
