"""Spells a reason, a code and its values, in the reader's language."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from words.reason_sentences import REASONS
from words.written_dates import written_date

_BLANK: Final = re.compile(r"\{([a-z_]+)\}")

#: What is counted: one and several, in French and English.
_COUNTED: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "letters": {"fr": ("pli", "plis"), "en": ("letter", "letters")},
    "sheets": {"fr": ("feuille", "feuilles"), "en": ("sheet", "sheets")},
    "pages": {"fr": ("page", "pages"), "en": ("page", "pages")},
    "attempts": {"fr": ("essai", "essais"), "en": ("attempt", "attempts")},
    "working_days": {"fr": ("jour ouvré", "jours ouvrés"), "en": ("working day", "working days")},
    "days": {"fr": ("jour", "jours"), "en": ("day", "days")},
}
#: What is named by its numbers.
_NUMBERED: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "credit_notes": {"fr": ("l’avoir", "les avoirs"), "en": ("credit note", "credit notes")},
    "bills": {"fr": ("la facture", "les factures"), "en": ("bill", "bills")},
}
#: Terms that a value may be.
_TERMS: Final[dict[str, dict[str, str]]] = {
    "portal": {"fr": "dans le portail", "en": "in the portal"},
    "paper": {"fr": "sur papier", "en": "on paper"},
    "city": {"fr": "la ville", "en": "the town"},
    "postcode": {"fr": "le code postal", "en": "the postcode"},
    "line1": {"fr": "la rue", "en": "the street"},
    "country": {"fr": "un pays connu", "en": "a country that is known"},
}
_AND: Final = {"fr": "et", "en": "and"}


def reason_text(
    code: str, values: Mapping[str, Any], language: str, set_type: Callable[[str], str] = lambda sentence: sentence
) -> str:
    """Return the reason in *language* (`en`, or for anything else French); "" for the empty code. *set_type* sets the
    sentence's spaces before it is filled in: what a sender or a person wrote stays as it is. A code of a later version
    is shown as such."""
    if not code:
        return ""
    language = "en" if language == "en" else "fr"
    sentence = REASONS.get(code)
    if sentence is None:
        return f"{code} {' '.join(map(str, values.values()))}".rstrip()
    pattern = set_type(sentence.english if language == "en" else sentence.french)
    return _BLANK.sub(
        lambda blank: _spelled(blank[1], values[blank[1]], language) if blank[1] in values else blank[0], pattern
    )


def _spelled(name: str, value: Any, language: str) -> str:
    """Return one value as its blank's name asks for."""
    if name.endswith("day"):
        return written_date(date.fromisoformat(value), language)
    for kind, nouns in _COUNTED.items():
        if name.endswith(kind):
            one, several = nouns[language]
            return f"{value} {one if value == 1 or (language == 'fr' and value == 0) else several}"
    if name in _NUMBERED:
        one, several = _NUMBERED[name][language]
        return f"{one if len(value) == 1 else several} {_listed(value, _AND[language])}"
    if name == "rules":
        return ", ".join(value)
    if name == "address_parts":
        return ", ".join(_term(each, language) for each in value)
    return _term(value, language) if name == "channel" else str(value)


def _term(value: str, language: str) -> str:
    return _TERMS[value][language] if value in _TERMS else value


def _listed(texts: Sequence[str], together: str) -> str:
    """Join texts as a sentence does: `A, B et C`."""
    *first, last = texts or [""]
    return f"{', '.join(first)} {together} {last}" if first else last
