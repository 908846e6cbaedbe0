"""A rule of a sector's law: its value, the article that it rests on, and how sure we are of it."""

from typing import Annotated, Final, Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")

#: The longest article, in characters: a row of a delivery keeps two of them.
LONGEST_ARTICLE: Final = 95

#: `read`: the text, or an official summary, was read. `background`: known, and not read again. `ours`: the article
#: names the right and leaves the measure open; the measure is ours.
Certainty = Literal["read", "background", "ours"]


class LawRule(msgspec.Struct, Generic[T], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule: *value*, *article* (as it is cited, in French), *certainty*."""

    value: T
    article: Annotated[str, msgspec.Meta(min_length=4, max_length=LONGEST_ARTICLE)]
    certainty: Certainty
