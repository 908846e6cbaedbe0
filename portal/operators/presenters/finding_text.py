"""Findings in the visitor's language: the message and the place.

The code keeps an English sentence and its values apart; the catalogue `findings` of `words` has the French sentence
with the same blanks. Values come from a sender: they are filled in as text.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from bill import Value, spell_money, spell_number
from portal import app_context
from portal.row_id import row_id
from portal.translation import language
from store.feeds.feed import Feed
from words.catalogue import DOMAINS, sentence
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
    def values(self) -> dict[str, Value]: ...
    @property
    def message(self) -> str: ...


def message(finding: FindingText) -> str:
    """Returns the finding's sentence in the visitor's language."""
    said = sentence(finding.sentence, language(), domain="findings")
    is_lacking = language() != DOMAINS["findings"] and said == set_well(finding.sentence)
    return finding.message if is_lacking else _filled_in(said, finding.values, language())


def place(where: str) -> str:
    """Returns where to look, in the visitor's language."""
    return place_text(where, language())


def _feed_named(value: str) -> str:
    """Older findings name a feed by its number, which is kept inside: its file's name."""
    feed_id = row_id(value)
    feed = app_context.reading().get(Feed, feed_id) if feed_id is not None else None
    return value if feed is None else feed.name


def _filled_in(pattern: str, values: Mapping[str, Value], into: str) -> str:
    def fill(blank: re.Match[str]) -> str:
        name, with_currency = blank.groups()
        value = values.get(name)
        if value is None:
            return blank[0]
        if isinstance(value, str):
            written = place(value) if name in _PLACES else _feed_named(value) if name == "feed" else value
            return f"{written}\u00a0{values.get('currency', '')}" if with_currency else written
        amount = Decimal(value)
        if with_currency:
            return spell_money(amount, str(values.get("currency", "")), into)
        return spell_number(amount, into, max(0, -int(amount.as_tuple().exponent)))

    return _BLANK.sub(fill, pattern)
