"""Tells by Message-IDs whether a report brings back the e-mail that it arrived for, or another. Pure."""

from collections.abc import Collection
from typing import Final

#: Letters of what a relay calls an e-mail, so that no word of its answer is taken for it.
_SHORTEST_RELAY_ID: Final = 16


def is_of_another_mail(returned: Collection[str], ours: Collection[str], answers: str) -> bool:
    """Whether these Message-IDs are of another e-mail than ours, which was sent under one of *ours*; none says nothing.
    A relay that puts its own Message-ID in place of ours names it in its *answers* (Amazon SES: `250 Ok 0102…`, of
    `<0102…@eu-west-1.amazonses.com>`)."""
    if not returned or not set(returned).isdisjoint(ours):
        return False
    names = [each.strip("<>").partition("@")[0] for each in returned]
    return not any(len(name) >= _SHORTEST_RELAY_ID and name in answers for name in names)
