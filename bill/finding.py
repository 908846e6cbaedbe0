"""A finding: one broken rule, with its severity, rule id, position, message and values."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from msgspec import field

from bill.frozen_struct import FrozenStruct
from words.counted_findings import counted

Severity = Literal["fatal", "warning"]
#: The value of a placeholder: a text, a count, an amount.
Value = str | int | Decimal

#: The number of characters of a value that are stored.
LONGEST_VALUE: Final = 1_000
_blank = re.compile(r"\{([a-z0-9_]+)\}")


class Finding(FrozenStruct, frozen=True):
    """A broken rule in an item, or in a whole feed (then *number* is None).

    *rule* is the official id if there is one (`BR-CO-15`), else ours in capitals (`XML-DOCTYPE`). *place* is where to
    look: a line, an XPath, a file in a container, a profile's key. A `fatal` finding rejects the item. *sentence* is
    the English message with placeholders (`{code}`) for *values*; other languages translate the sentence and use the
    same values.
    """

    severity: Severity
    rule: str
    sentence: str
    place: str = ""
    number: str | None = None
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English message with its values."""
        return fill_in(self.sentence, self.values)


def fatal(rule: str, sentence: str, place: str = "", **values: Value) -> Finding:
    """A finding that rejects the item."""
    return Finding(severity="fatal", rule=rule, sentence=sentence, place=place, values=_bounded(values))


def warning(rule: str, sentence: str, place: str = "", **values: Value) -> Finding:
    """A finding that does not reject the item."""
    return Finding(severity="warning", rule=rule, sentence=sentence, place=place, values=_bounded(values))


def fill_in(sentence: str, values: Mapping[str, object]) -> str:
    """The English message with its placeholders filled. Values are plain text: braces in them are not read, and other
    braces of the sentence stay."""
    if not values:
        return sentence
    return _blank.sub(lambda blank: str(values.get(blank[1], blank[0])), counted(sentence, values, "en"))


def _bounded(values: dict[str, Value]) -> dict[str, Value]:
    return {name: shown(value) if isinstance(value, str) else value for name, value in values.items()}


def shown(text: str) -> str:
    """A text of a sender's, shortened and without invisible characters."""
    cut = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in cut)
