"""An identity of a provider that begins a new space: kept in the signed session until the address is confirmed."""

from typing import Final, NamedTuple

import msgspec
from flask import session

from portal import app_context
from store.accounts.consumer import Consumer
from store.sign_in.provider_identity import link_identity

#: In the session.
_BEGUN: Final = "identity_begun"
#: Seconds in which it begins a space; as long as the link that confirms the address is good.
_VALID: Final = 72 * 3600


class BegunIdentity(NamedTuple):
    """Who somebody is at a provider, and the name and address that it told of them."""

    provider: str
    subject: str
    name: str
    email: str
    begun_at: int


def begin_with(provider: str, subject: str, name: str, email: str) -> None:
    """Keep an identity that no space is linked to."""
    session[_BEGUN] = BegunIdentity(provider, subject, name[:200], email, int(app_context.now().timestamp()))


def begun_identity() -> BegunIdentity | None:
    """Returns the identity that this browser begins a space with, or None."""
    try:
        begun = msgspec.convert(session.get(_BEGUN), BegunIdentity)
    except msgspec.ValidationError:
        return None
    return begun if 0 <= app_context.now().timestamp() - begun.begun_at < _VALID else None


def forget_begun() -> None:
    """Somebody signs up in another way in this browser: the identity is not theirs."""
    session.pop(_BEGUN, None)


def link_begun(consumer: Consumer) -> None:
    """Link it to the space that this browser began with it, whose address was confirmed just now."""
    begun = begun_identity()
    session.pop(_BEGUN, None)
    if begun is not None:
        with app_context.store().writing() as writing:
            link_identity(writing, consumer.id, begun.provider, begun.subject, app_context.now())
