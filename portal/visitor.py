"""Who is visiting: nobody we know, a consumer, or staff. Two audiences, each with its own door."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from portal import here
from store.consumer import Consumer
from store.issuer import Issuer, issuer_of_key
from store.staff import Staff


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in: a consumer or a member of staff, never both."""

    consumer: Consumer | None = None
    staff: Staff | None = None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session cookie says. The consumer's epoch ends older sessions when it rises."""
        if self.consumer is not None:
            return f"consumer:{self.consumer.id}:{self.consumer.session_epoch}"
        assert self.staff is not None
        return f"staff:{self.staff.id}"


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address between two pages
    manager.user_loader(_load)


def _load(user_id: str) -> Visitor | None:
    match user_id.split(":"):
        case ["consumer", number, epoch]:
            consumer = here.reading().get(Consumer, int(number))
            if consumer and consumer.confirmed_at and str(consumer.session_epoch) == epoch:
                return Visitor(consumer=consumer)
        case ["staff", number]:
            staff = here.reading().get(Staff, int(number))
            if staff and staff.closed_at is None:
                return Visitor(staff=staff)
    return None


def sign_in(person: Consumer | Staff) -> None:
    """Begin a new session; nothing of the one before is kept but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    login_user(Visitor(consumer=person) if isinstance(person, Consumer) else Visitor(staff=person))


def sign_out() -> None:
    logout_user()
    session.clear()


def visitor() -> Visitor | None:
    """Whoever has signed in, or None."""
    user: Any = current_user._get_current_object()
    return user if isinstance(user, Visitor) else None


def consumer() -> Consumer:
    """The consumer who visits a page that the policy keeps for consumers."""
    known = visitor()
    assert known is not None
    assert known.consumer is not None
    return known.consumer


def staff() -> Staff:
    """The member of staff who visits a page that the policy keeps for staff."""
    known = visitor()
    assert known is not None
    assert known.staff is not None
    return known.staff


def issuer_by_key() -> Issuer | None:
    """The issuer whose API key came with the request (`Authorization: Bearer fct_…`)."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return issuer_of_key(here.reading(), given.token)
