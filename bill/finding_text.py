"""Spells a finding's message in a reader's language.

The code keeps an English sentence and its values apart; the catalogue `findings` of `words` has the French sentence
with the same blanks. Values come from a sender: they are filled in as text.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from bill.finding import Value
from bill.money import spell_money, spell_number
from words.catalogue import DOMAINS, sentence
from words.counted_findings import counted
from words.finding_places import place_text
from words.french_typography import set_well

#: A blank, and the currency behind it.
_BLANK: Final = re.compile(r"\{([a-z0-9_]+)\}([\u00a0 ]\{currency\})?")
#: Blanks that hold a place.
_PLACES: Final = frozenset({"source", "file"})


class FindingText(Protocol):
    """A finding, or its row."""

    @property
    def sentence(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def message(self) -> str: ...


def finding_message(finding: FindingText, language: str, values: Mapping[str, Value] | None = None) -> str:
    """The finding's sentence in this language, with amounts and numbers as it writes them. *values* stand in for its
    own."""
    said = sentence(finding.sentence, language, domain="findings")
    if language != DOMAINS["findings"] and said == set_well(finding.sentence):
        return finding.message
    pattern = counted(said, finding.values, language)
    return _filled_in(pattern, finding.values if values is None else values, language)


def _filled_in(pattern: str, values: Mapping[str, Value], language: str) -> str:
    def fill(blank: re.Match[str]) -> str:
        name, with_currency = blank.groups()
        value = values.get(name)
        if value is None:
            return blank[0]
        if isinstance(value, str):
            written = place_text(value, language) if name in _PLACES else value
            return f"{written}\u00a0{values.get('currency', '')}" if with_currency else written
        amount = Decimal(value)
        if with_currency:
            return spell_money(amount, str(values.get("currency", "")), language)
        return spell_number(amount, language, max(0, -int(amount.as_tuple().exponent)))

    return _BLANK.sub(fill, pattern)
