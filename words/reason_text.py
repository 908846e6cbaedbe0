"""Spells a reason, a code and its values, in the reader's language."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from words.catalogue import N_, known_language, say, sentence
from words.listed_words import listed
from words.reason_sentences import REASONS
from words.written_dates import written_date

_BLANK: Final = re.compile(r"\{([a-z_]+)\}")

#: What is counted.
_COUNTED: Final = {
    "letters": N_("{n} pli|{n} plis"),
    "sheets": N_("{n} feuille|{n} feuilles"),
    "pages": N_("{n} page|{n} pages"),
    "attempts": N_("{n} essai|{n} essais"),
    "working_days": N_("{n} jour ouvré|{n} jours ouvrés"),
    "days": N_("{n} jour|{n} jours"),
}
#: What is named by its numbers.
_NUMBERED: Final = {
    "credit_notes": N_("l’avoir {numbers}|les avoirs {numbers}"),
    "bills": N_("la facture {numbers}|les factures {numbers}"),
}
#: Terms that a value may be.
_TERMS: Final = {
    "portal": N_("dans le portail"),
    "paper": N_("sur papier"),
    "city": N_("la ville"),
    "postcode": N_("le code postal"),
    "line1": N_("la rue"),
    "country": N_("un pays connu"),
}


def reason_text(code: str, values: Mapping[str, Any], language: str) -> str:
    """Return the reason in *language* (French for one that we do not have); "" for the empty code. What a sender or a
    person wrote stays as it is. A code of a later version is shown as such."""
    if not code:
        return ""
    language = known_language(language)
    if code not in REASONS:
        return f"{code} {' '.join(map(str, values.values()))}".rstrip()
    pattern = REASONS[code]
    if _BLANK.sub("", pattern):
        pattern = sentence(pattern, language)
    return _BLANK.sub(
        lambda blank: _spelled(blank[1], values[blank[1]], language) if blank[1] in values else blank[0], pattern
    )


def _spelled(name: str, value: Any, language: str) -> str:
    """Return one value as its blank's name asks for."""
    if name.endswith("day"):
        return written_date(date.fromisoformat(value), language)
    for kind, nouns in _COUNTED.items():
        if name.endswith(kind):
            return say(nouns, language, n=int(value))
    if name in _NUMBERED:
        return say(_NUMBERED[name], language, n=len(value), numbers=listed(value, language))
    if name == "rules":
        return ", ".join(value)
    if name == "address_parts":
        return ", ".join(_term(each, language) for each in value)
    return _term(value, language) if name == "channel" else str(value)


def _term(value: str, language: str) -> str:
    return sentence(_TERMS[value], language) if value in _TERMS else value
