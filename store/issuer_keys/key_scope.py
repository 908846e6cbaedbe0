"""What an API key may do: one scope for each thing that an issuer's programs do here."""

from collections.abc import Collection
from typing import Final, Literal, get_args

#: read: every GET. The others change something, and read what they change: feeds (send, cancel, recall bills), payments
#: (tell), accounts (change customers, decide questions, answer enquiries), webhooks (endpoints and their secrets).
Scope = Literal["read", "feeds", "payments", "accounts", "webhooks"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


def written_scopes(scopes: Collection[Scope]) -> str:
    """Scopes as their column and RFC 6749 write them: with blanks, in the order of SCOPES. Raises ValueError for an
    unknown one, or for none."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f"scopes are some of {', '.join(SCOPES)}, not {sorted(scopes)}")
    return " ".join(each for each in SCOPES if each in scopes)


def read_scopes(written: str) -> frozenset[Scope]:
    """The scopes of a column."""
    said = written.split()
    return frozenset(each for each in SCOPES if each in said)
