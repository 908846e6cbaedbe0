"""The name of a country by its code (ISO 3166-1 alpha-2). The words are in `words/lists/countries.txt`."""

from words.printed_languages import words_for


def country_name(code: str, language: str) -> str:
    """Return the name: `Allemagne` for DE; the code itself where it is none of ours."""
    return words_for("countries", code.strip().upper(), language) or code
