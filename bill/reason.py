"""A reason: why something was decided or happened, as a code and values that each reader's language spells."""

from dataclasses import dataclass, field
from typing import Final

from bill.finding import shown

#: A day is text (`2026-03-20`); several numbers or terms are a list.
ReasonValue = str | int | list[str]

#: The code of what a person wrote: shown as it is, in every language.
WORDS: Final = "words"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a *code* (`words.reason_sentences` has its sentence) and the values of its blanks. The
    empty code says nothing."""

    code: str = ""
    values: dict[str, ReasonValue] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, **values: ReasonValue) -> "Reason":
        """The reason of this code. Texts are shortened, without invisible characters: they may be a sender's."""
        return cls(code, {name: _shown(value) for name, value in values.items()})

    @classmethod
    def said(cls, words: str) -> "Reason":
        """The reason that a person gave in their own words."""
        return cls(WORDS, {"words": words})


def _shown(value: ReasonValue) -> ReasonValue:
    match value:
        case str():
            return shown(value)
        case list():
            return [shown(each) for each in value]
    return value
