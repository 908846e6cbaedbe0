"""The name of who invites, as a mail to an address that they typed says it: nothing that could be a message."""

import re
from typing import Final

from store.accounts.joint_holder_notice import shortened_name

_MOST_LETTERS: Final = 20
_BETWEEN_LETTERS: Final = re.compile("[-'’]")
#: Jean-Marie has two parts; a sentence would have more.
_MOST_PARTS: Final = 2


def inviter_name(name: str) -> str:
    """First name and initial (`Sylvie B.`); "" where the first name would be more than letters, or longer than names
    are."""
    first, _, initial = shortened_name(name).partition(" ")
    parts = _BETWEEN_LETTERS.split(first)
    if len(first) > _MOST_LETTERS or len(parts) > _MOST_PARTS or not all(each.isalpha() for each in parts):
        return ""
    first = first.title() if first.isupper() else first
    return f"{first} {initial}" if initial[:1].isalpha() else first
