"""Spells the place of a finding, such as `mars.zip: invoice 3, line 45`, in a reader's language.

A place has parts; each is one of the sentences below, alone or with figures. The code says them in English; the
catalogue `places` has the French. Names of elements, files and terms stay as they are.
"""

import re
from typing import Final

from words.catalogue import sentence

PLACES: Final = (
    "end of the file",
    "before the root element",
    "document",
    "attached XML",
    "control",
    "trailer",
    "manifest",
    "seller",
    "buyer",
    "payee",
    "tax representative",
    "place of delivery",
    "line {number}",
    "line {number} ({name})",
    "lines {number} to {last}",
    "after line {number}",
    "column {name}",
    "characters {number} to {last}",
    "byte {number}",
    "invoice {number}",
    "bill {number}",
    "record {number}",
    "page {number}",
    "pages {number}-{last}",
    "statement {number}",
    "entry {number}",
    "transaction {number}",
    "collection {name}",
    "direct debit {number}",
    "payment {name}",
    "order {number}",
)
_BETWEEN: Final = re.compile(r"(, |: )")
_FIGURES: Final = {r"\{number\}": r"(?P<number>\d+)", r"\{last\}": r"(?P<last>\d+)", r"\{name\}": r"(?P<name>.+)"}


def place_text(where: str, language: str) -> str:
    """Return the place in *language*, French for one that we do not have."""
    return "".join(_spelled(part, language) for part in _BETWEEN.split(where))


def _spelled(part: str, language: str) -> str:
    for place, form in _FORMS:
        if found := form.fullmatch(part):
            return sentence(place, language, domain="places").format(**found.groupdict())
    return part


def _form(place: str) -> re.Pattern[str]:
    form = re.escape(place)
    for blank, figures in _FIGURES.items():
        form = form.replace(blank, figures)
    return re.compile(form)


_FORMS: Final = tuple((place, _form(place)) for place in PLACES)
