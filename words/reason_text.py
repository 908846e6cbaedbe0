"""Spells a reason, a code and its values, in the reader's language."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal, format_percent

from words.catalogue import N_, known_language, locale_of, say, sentence
from words.listed_words import listed
from words.reason_sentences import REASONS
from words.relative_dates import spell_month
from words.written_dates import written_date

#: Stands for a value that is not there.
_UNKNOWN: Final = "?"
_TENTH_OF_A_PERCENT: Final = Decimal("0.001")
_BLANK: Final = re.compile(r"\{([a-z_]+)\}")

#: What is counted.
_COUNTED: Final = {
    "letters": N_("{n} pli|{n} plis"),
    "sheets": N_("{n} feuille|{n} feuilles"),
    "pages": N_("{n} page|{n} pages"),
    "attempts": N_("{n} essai|{n} essais"),
    "working_days": N_("{n} jour ouvré|{n} jours ouvrés"),
    "days": N_("{n} jour|{n} jours"),
    "months": N_("{n} mois|{n} mois"),
    "pdfs": N_("{n} autre PDF|{n} autres PDF"),
    "bills_unread": N_("{n} facture|{n} factures"),
    "bills_shown": N_("{n} facture|{n} factures"),
    "reminders": N_("{n} rappel|{n} rappels"),
    "messages": N_("{n} message|{n} messages"),
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
    "unknown": N_("destinataire inconnu à l’adresse"),
    "moved": N_("n’habite plus à l’adresse"),
    "insufficient": N_("défaut d’accès ou d’adressage"),
    "refused": N_("pli refusé par le destinataire"),
    "unclaimed": N_("pli avisé et non réclamé"),
    "deceased": N_("destinataire décédé"),
    "other": N_("motif non précisé"),
    "key": N_("les clés"),
    "password": N_("le mot de passe"),
}


def reason_text(code: str, values: Mapping[str, Any], language: str) -> str:
    """Return the reason in *language* (French for one that we do not have); "" for the empty code. What a sender or a
    person wrote stays as it is. A code of a later version is shown as such."""
    if not code:
        return ""
    language = known_language(language)
    if code not in REASONS:
        return f"{code} {' '.join(map(_as_it_stands, values.values()))}".rstrip()
    pattern = REASONS[code]
    if _BLANK.sub("", pattern):
        pattern = sentence(pattern, language)
    return _BLANK.sub(lambda blank: _spelled(blank[1], values.get(blank[1]), language), pattern)


def _spelled(name: str, value: Any, language: str) -> str:
    """Return one value as its blank's name asks for, or as it stands: a row may be of another version."""
    try:
        return _in_words(name, value, language) or _UNKNOWN
    except (ArithmeticError, TypeError, ValueError):
        return _as_it_stands(value) or _UNKNOWN


def _in_words(name: str, value: Any, language: str) -> str:
    if name.endswith("day"):
        return written_date(date.fromisoformat(value), language)
    if name.endswith("month"):
        return spell_month(date.fromisoformat(value), language)
    if name.endswith("share"):
        share = Decimal(value).quantize(_TENTH_OF_A_PERCENT).normalize()
        return str(format_percent(share, locale=locale_of(language), decimal_quantization=False))
    for kind, nouns in _COUNTED.items():
        if name.endswith(kind):
            return say(nouns, language, n=int(value))
    if name in _NUMBERED:
        return say(_NUMBERED[name], language, n=len(_all(value)), numbers=listed(_all(value), language))
    if name in {"address_parts", "access_kinds"}:
        return ", ".join(_term(each, language) for each in _all(value))
    if name == "contrast":
        return format_decimal(Decimal(value), "0.0", locale_of(language))
    return _term(value, language) if name in {"channel", "return_reason"} else _as_it_stands(value)


def _term(value: Any, language: str) -> str:
    return sentence(_TERMS[value], language) if value in _TERMS else _as_it_stands(value)


def _all(value: Any) -> list[str]:
    """Return a list's values as texts. Raises ValueError if it is none, or empty."""
    if not (isinstance(value, list) and value):
        raise ValueError(value)
    return [str(each) for each in value]


def _as_it_stands(value: Any) -> str:
    """Return a value without knowing what it is; "" for none."""
    if isinstance(value, list):
        return ", ".join(map(_as_it_stands, value))
    return "" if value is None else str(value)
