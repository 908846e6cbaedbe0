"""Looks up what is printed on bills and letters in the catalogue `printed`, in one of its five languages.

The label in the code is French and is the key, as in `words.catalogue`; a word that other languages say in two ways
has a context. A label is taken as it stands and its spaces are not set: the bytes of printed bills are promised.
"""

from dataclasses import fields
from typing import TYPE_CHECKING, Final, TypeVar

from words.catalogue import catalogue
from words.printed_languages import printed_language

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Labels = TypeVar("Labels", bound="DataclassInstance")

#: Stands between context and text in gettext's keys (`msgctxt`).
END_OF_CONTEXT: Final = "\x04"


def L_(text: str, context: str = "") -> str:  # noqa: N802 -- beside `N_`, the name that gettext's tools know
    """Mark a label of printed bills, and return its key. `make words` finds it."""
    return f"{context}{END_OF_CONTEXT}{text}" if context else text


def printed_label(label: str, language: str) -> str:
    """Return a label in this language, French for one that bills are not printed in."""
    found = catalogue("printed", printed_language(language)).gettext(label)
    return found.rpartition(END_OF_CONTEXT)[2]


def labels_in(labels: type[Labels], language: str) -> Labels:
    """Return a class of labels in this language: every field whose default is a label is looked up."""
    found = ((each.name, each.default) for each in fields(labels) if isinstance(each.default, str) and each.default)
    return labels(**{name: printed_label(label, language) for name, label in found})
