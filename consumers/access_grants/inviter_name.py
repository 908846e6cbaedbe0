"""The name of who invites, as a mail to an address that they typed says it: nothing that could be a message."""

from typing import Final

from store.accounts.joint_holder_notice import shortened_name

_MOST_LETTERS: Final = 20
_BETWEEN_LETTERS: Final = frozenset("-'’")


def inviter_name(name: str) -> str:
    """First name and initial (`Sylvie B.`); "" where that would be more than letters, or a word longer than names
    are."""
    first, _, initial = shortened_name(name).partition(" ")
    if not first or len(first) > _MOST_LETTERS or not all(_is_letter(each) for each in first):
        return ""
    first = first.title() if first.isupper() else first
    return f"{first} {initial}" if initial[:1].isalpha() else first


def _is_letter(character: str) -> bool:
    return character.isalpha() or character in _BETWEEN_LETTERS
