"""Whether a bill's consumption was read from the meter or estimated, as its issuer writes it.

EN 16931 has no term for it: issuers say it in attributes of the item (BG-32) or in notes of the line, in words of their
language, a reading at the beginning of the days and one at their end. The one at the end counts.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

from bill.bill import Bill
from bill.billing_history import METERED
from bill.line import LinePart
from bill.matching.person_name import fold_name

ReadingKind = Literal["actual", "estimated", ""]
_Place = Literal["start", "end", ""]

#: Beginnings of folded words, in French, English, German, Dutch and Spanish.
_ESTIMATED: Final = (
    "estim", "evalu", "provisoire", "approxim", "projected", "schatz", "geschatz", "schaetz", "geschaetz",
    "hochgerechnet", "hochrechnung", "rechnerisch", "geschat", "schatting", "geraamd",
)  # fmt: skip
_ACTUAL: Final = (
    "releve", "telereleve", "autoreleve", "reel", "mesure", "actual", "measured", "abgelesen", "ablesung",
    "selbstables", "fernables", "gemessen", "opgenomen", "afgelezen", "gemeten", "werkelijk", "doorgegeven", "leida",
    "medida",
)  # fmt: skip
_ACTUAL_WORDS: Final = frozenset({"read", "real"})
#: At the head of an attribute's name these are what is read, not how: `Relevé : estimé`.
_NOUNS: Final = ("releve", "mesure", "read", "ablesung")
_NOT: Final = frozenset({"non", "not", "pas", "nicht", "niet", "kein", "keine", "geen", "sans", "no", "aucune"})
#: Answers to what an attribute's name asks: `Estimé : non`.
_YES: Final = frozenset({"oui", "yes", "ja", "vrai", "true"})
_NO: Final = frozenset({"non", "no", "nein", "nee", "faux", "false"})
#: What follows says what it is based on: `estimée d’après vos relevés`.
_BASIS: Final = frozenset({
    "apres", "selon", "base", "basis", "based", "partir", "fonction", "grundlage", "anhand", "grond",
})  # fmt: skip
_END: Final = frozenset({
    "nouvel", "nouveau", "fin", "final", "new", "latest", "end", "closing", "neu", "neuer", "ende", "nieuw", "nieuwe",
    "eind", "actuel", "nuevo", "nueva",
})  # fmt: skip
_START: Final = frozenset({
    "ancien", "debut", "depart", "precedent", "old", "previous", "start", "opening", "alt", "alter", "anfang", "vorher",
    "oud", "oude", "begin", "vorige", "anterior",
})  # fmt: skip
#: Words of an attribute's name by which it tells of a meter, and of those that tell of another day.
_METER: Final = (
    "index", "relev", "compteur", "consommation", "quantite", "reading", "read", "meter", "consumption", "quantity",
    "estim", "type", "actual", "schatz", "geschatz", "geschat", "eindstand",
    "zahler", "zaehler", "stand", "ables", "verbrauch", "tellerstand", "verbruik", "opname",
    "lectura", "contador", "consumo",
)  # fmt: skip
_ANOTHER_DAY: Final = frozenset({"date", "prochain", "prochaine", "next", "datum", "nachste", "volgende", "fecha"})
_NEXT: Final = frozenset({"prochain", "prochaine", "next", "nachste", "nachster", "volgende", "proxima"})
#: A sentence of a note that tells of these, and of no meter, is about money.
_PRICES: Final = ("prix", "tarif", "price", "preis", "prijs", "precio")
_METERS: Final = ("index", "compteur", "consommation", "meter", "consumption", "zahler", "verbrauch", "verbruik")
_sentence: Final = re.compile(r"[.;!?\n]\s")
#: Spanish for the present one, not for one that was read.
_SPANISH: Final = frozenset({"lectura", "consumo"})


def reading_of(bill: Bill) -> ReadingKind:
    """Whether the consumption of a bill was read (`actual`) or at least partly estimated; "" where it does not say."""
    kinds = {kind for line in bill.lines if line.counts for kind in [_of_line(line)] if kind}
    return "estimated" if "estimated" in kinds else "actual" if kinds else ""


def _of_line(line: LinePart) -> ReadingKind:
    """By what is said of the end of the days, else by the last that is said of none."""
    at_end: ReadingKind = ""
    anywhere: ReadingKind = ""
    for kind, place in _said(line):
        if place == "end":
            at_end = kind or at_end
        elif not place:
            anywhere = kind or anywhere
    return at_end or anywhere


def _said(line: LinePart) -> Iterator[tuple[ReadingKind, _Place]]:
    """What a metered line says, and of which end of its days."""
    if line.unit.strip().upper() not in METERED:
        return
    for attribute in line.attributes:
        name = fold_name(attribute.name)
        if any(word.startswith(_METER) for word in name) and _ANOTHER_DAY.isdisjoint(name):
            told = name[1:] if name[0].startswith(_NOUNS) else name
            yield _of_answer(told, fold_name(attribute.value)), _place(name)
    for text in (line.description, line.note):
        for sentence in _sentence.split(text):
            words = fold_name(sentence)
            if _is_of_readings(words):
                yield _of_words(words), ""


def _is_of_readings(words: list[str]) -> bool:
    """Whether a sentence may tell of the readings of this bill: not of the next one, nor of prices alone."""
    is_of_prices = any(word.startswith(_PRICES) for word in words)
    return _NEXT.isdisjoint(words) and (not is_of_prices or any(word.startswith(_METERS) for word in words))


def _of_answer(name: list[str], value: list[str]) -> ReadingKind:
    """What an attribute says: its value does, or its name, which a value such as `non` denies."""
    asked = _of_words(name)
    if asked and len(value) == 1 and value[0] in _NO:
        return "actual" if asked == "estimated" else "estimated"
    return asked if len(value) == 1 and value[0] in _YES else _of_words(value) or asked


def _place(name: list[str]) -> _Place:
    if not _START.isdisjoint(name):
        return "start"
    return "" if _END.isdisjoint(name) else "end"


def _of_words(words: list[str]) -> ReadingKind:
    """By the last of the words that tells, before what it is based on: `12 340 (relevé) à 12 560 (estimé)` and
    `estimé d’après le relevé de mars` are estimated."""
    found: ReadingKind = ""
    is_spanish = not _SPANISH.isdisjoint(words)
    for place, word in enumerate(words):
        if found and word in _BASIS:
            break
        is_not = place > 0 and words[place - 1] in _NOT
        if word.startswith(_ESTIMATED):
            found = "actual" if is_not else "estimated"
        elif (word.startswith(_ACTUAL) or word in _ACTUAL_WORDS) and not (is_spanish and word == "actual"):
            found = "estimated" if is_not else "actual"
    return found
