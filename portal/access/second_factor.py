"""What stands between a right password and a session: the second factor of those who have one.

A first factor that was right waits in the signed session until the second follows; it lets nobody in.
"""

from typing import Final, NamedTuple

import msgspec
from flask import session, url_for

from portal import app_context
from store.accounts.consumer import Consumer
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import second_factors_of
from store.staff_member import Staff

#: In the session: who gave a right first factor, and what of theirs must not change until the second.
_FIRST: Final = "first_factor"
#: Seconds in which the second factor must follow.
_VALID: Final = 10 * 60


class FirstFactor(NamedTuple):
    """A right password (or what stands for one) whose second factor is due. *credentials* changes with the password:
    the epoch of a consumer, the fingerprint of staff."""

    audience: str  # "consumer" or "staff"
    person_id: int
    credentials: str
    given_at: int  # seconds since 1970
    onwards: str  # the page that they were going to


def second_factor_due(person: Consumer | Staff) -> str | None:
    """Returns the address of the page that asks this person for a second factor; None where they have none."""
    if not second_factors_of(app_context.reading(), FactorOwner.of(person)).is_any:
        return None
    return url_for("second_step.show" if isinstance(person, Consumer) else "staff_second_step.show")


def note_first_factor(person: Consumer | Staff, onwards: str) -> None:
    """Note that the first factor was right. Of the session before, only the language is kept."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    audience = "consumer" if isinstance(person, Consumer) else "staff"
    moment = int(app_context.now().timestamp())
    session[_FIRST] = FirstFactor(audience, person.id, _credentials(person), moment, onwards)


def first_factor_given(audience: str) -> tuple[Consumer | Staff, str] | None:
    """Returns who gave the right first factor in this browser a moment ago, as `audience` says, and the page that they
    were going to; None if nobody did, or their password has changed since."""
    try:
        given = msgspec.convert(session.get(_FIRST), FirstFactor)
    except msgspec.ValidationError:
        return None
    since = app_context.now().timestamp() - given.given_at
    if given.audience != audience or not -60 <= since < _VALID:
        return None
    reading = app_context.reading()
    person: Consumer | Staff | None
    person = reading.get(Consumer, given.person_id) if audience == "consumer" else reading.get(Staff, given.person_id)
    if person is None or not may_sign_in(person) or _credentials(person) != given.credentials:
        return None
    return person, given.onwards


def may_sign_in(person: Consumer | Staff) -> bool:
    """Returns whether this person has confirmed their address, or works here still."""
    return person.confirmed_at is not None if isinstance(person, Consumer) else person.closed_at is None


def _credentials(person: Consumer | Staff) -> str:
    if isinstance(person, Consumer):
        return str(person.session_epoch)
    return person.fingerprint(app_context.store().keys)
