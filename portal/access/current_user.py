"""The visitor of a request: nobody, a consumer or a member of staff. Signs them in and out."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask, after_this_request, current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from portal import app_context
from portal.access.known_device import remember
from portal.access.recent_proof import note_proof
from store.accounts.consumer import Consumer
from store.accounts.signed_in_consumer import SignedInConsumer, signed_in_consumer
from store.ended_session import end_session, is_ended
from store.issuer import Issuer, issuer_of_key
from store.staff_member import Staff


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in: a consumer or a member of staff, never both."""

    consumer: SignedInConsumer | None = None
    staff: Staff | None = None
    session_id: str = ""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def name(self) -> str:
        """Returns the user as events write it: `consumer 7`, `staff 2`."""
        person = self.consumer or self.staff
        assert person is not None
        return f"{'consumer' if self.consumer is not None else 'staff'} {person.id}"

    @property
    def email(self) -> str:
        """Returns the address that they sign in with."""
        person = self.consumer or self.staff
        assert person is not None
        return person.email

    def get_id(self) -> str:
        """Returns the content of the session cookie: the user, a value that changes with their password or role (so
        that older sessions end), and the session's id."""
        if self.consumer is not None:
            return f"consumer:{self.consumer.id}:{self.consumer.session_epoch}:{self.session_id}"
        assert self.staff is not None
        return f"staff:{self.staff.id}:{self.staff.fingerprint(app_context.store().keys)}:{self.session_id}"


def install(app: Flask) -> None:
    """Let the app know the visitor of each request, by the session cookie."""
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address between two pages
    manager.user_loader(_load)


def _load(user_id: str) -> Visitor | None:
    known = _read(user_id)
    if known is not None and session.get("day") != (day := app_context.today().toordinal()):
        session["day"] = day  # the cookie is sent anew: it lasts thirty days from the last day that it was used
    return known


def _read(user_id: str) -> Visitor | None:
    match user_id.split(":"):
        case ["consumer", number, epoch, session_id]:
            consumer = signed_in_consumer(app_context.reading(), int(number), session_id)
            if consumer is None or str(consumer.session_epoch) != epoch:
                return None
            return Visitor(consumer=consumer, session_id=session_id)
        case ["staff", number, said, session_id]:
            staff = app_context.reading().get(Staff, int(number))
            keys = app_context.store().keys
            if staff is None or staff.closed_at is not None or not staff.has_fingerprint(keys, said):
                return None
            known = Visitor(staff=staff, session_id=session_id)
        case _:
            return None  # of an older Facteur
    if is_ended(app_context.reading(), known.session_id):
        return None
    if user_id != known.get_id():
        session["_user_id"] = known.get_id()  # made with an older root: from now on with the present one
    return known


def sign_in(person: Consumer | Staff) -> None:
    """Begin a new session. Of the session before, only the language is kept."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    who = Visitor(consumer=SignedInConsumer.of(person)) if isinstance(person, Consumer) else Visitor(staff=person)
    login_user(replace(who, session_id=secrets.token_hex(16)))
    note_proof()
    audience = "consumer" if who.consumer is not None else "staff"
    after_this_request(lambda response: remember(response, audience, person.email))


def sign_out() -> None:
    """End this session and every copy of its cookie. Sessions on other devices go on."""
    if (known := signed_in_user()) is not None:
        until = app_context.now() + current_app.permanent_session_lifetime + timedelta(days=1)
        with app_context.store().writing() as writing:
            end_session(writing, known.session_id, app_context.now(), until)
    logout_user()
    session.clear()


def signed_in_user() -> Visitor | None:
    """Returns the signed-in user of this request, or None."""
    user: Any = current_user._get_current_object()
    return user if isinstance(user, Visitor) else None


def consumer() -> Consumer:
    """Returns the row of the signed-in consumer. Call it only on routes that the policy keeps for consumers. Pages that
    only ask who it is call `consumer_id`, which reads nothing."""
    return app_context.reading().get_one(Consumer, consumer_id())


def consumer_id() -> int:
    """Returns the id of the signed-in consumer. Call it only on routes that the policy keeps for consumers."""
    known = signed_in_user()
    assert known is not None
    assert known.consumer is not None
    return known.consumer.id


def staff() -> Staff:
    """Returns the signed-in member of staff. Call it only on routes that the policy keeps for staff."""
    known = signed_in_user()
    assert known is not None
    assert known.staff is not None
    return known.staff


def issuer_by_key() -> Issuer | None:
    """Returns the issuer of the request's API key (`Authorization: Bearer fct_…`), or None."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return issuer_of_key(app_context.reading(), given.token)
