"""The visitor of a request: nobody, a consumer or a member of staff. Signs them in and out."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, after_this_request, flash, redirect, request, session
from flask.globals import _cv_app
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user

from consumers.leaving.close_space import restore_space
from portal import app_context
from portal.access import last_seen
from portal.access.known_device import device_of, remember
from portal.access.recent_proof import note_proof
from portal.access.second_factor import note_first_factor, second_factor_due
from portal.presenters.device_name import device_name
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.signed_in_consumer import SignedInConsumer, signed_in_consumer
from store.leaving.space_closing import has_left
from store.sign_in.first_sign_in import note_first_sign_in
from store.sign_in.new_device import ask_to_tell_new_device
from store.sign_in.sign_in_session import (
    SessionOwner,
    SignInSession,
    begin_session,
    end_session,
    session_by_cookie,
)
from store.staff_member import Staff
from words.catalogue import N_

_OPEN_AGAIN: Final = N_(
    "Votre espace est de nouveau ouvert. Vos contrats restent sur papier : pour les retrouver, ajoutez-les de nouveau."
)


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in: a consumer or a member of staff, never both."""

    consumer: SignedInConsumer | None = None
    staff: Staff | None = None
    session_id: str = ""  # as the cookie says it
    session_row: int = 0

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

    @property
    def owner(self) -> SessionOwner:
        """Returns whose sessions these are."""
        person = self.consumer or self.staff
        assert person is not None
        return SessionOwner(person.id) if self.consumer is not None else SessionOwner(staff_id=person.id)

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


def staff_visitor(user_id: str) -> Visitor | None:
    """Returns the member of staff whose session this is, while it lasts."""
    known = _read(user_id)
    return known if known is not None and known.staff is not None else None


def _read(user_id: str) -> Visitor | None:
    match user_id.split(":"):
        case ["consumer", number, epoch, session_id]:
            consumer = signed_in_consumer(app_context.reading(), int(number), session_id)
            if consumer is None or str(consumer.session_epoch) != epoch:
                return None
            last_seen.note_today(consumer.session_row, consumer.last_seen_on)
            return Visitor(consumer=consumer, session_id=session_id, session_row=consumer.session_row)
        case ["staff", number, said, session_id]:
            staff = app_context.reading().get(Staff, int(number))
            keys = app_context.store().keys
            if staff is None or staff.closed_at is not None or not staff.has_fingerprint(keys, said):
                return None
            begun = session_by_cookie(app_context.reading(), SessionOwner.of(staff), session_id)
            if begun is None:
                return None
            last_seen.note_today(begun.id, begun.last_seen_on)
            known = Visitor(staff=staff, session_id=session_id, session_row=begun.id)
        case _:
            return None  # of an older Facteur
    if user_id != known.get_id():
        session["_user_id"] = known.get_id()  # made with an older root: from now on with the present one
    return known


def enter(person: Consumer | Staff, onwards: str) -> ResponseReturnValue:
    """The password, or what stands for one, was right: sign in and go *onwards*; or ask for the second factor first,
    where one is due."""
    if (page := second_factor_due(person)) is not None:
        _end_present()
        note_first_factor(person, onwards)
        return redirect(page, 303)
    sign_in(person)
    return redirect(onwards, 303)


def _end_present() -> None:
    """End the session that this browser has, and every copy of its cookie."""
    if (known := signed_in_user()) is not None:
        with app_context.store().writing() as writing:
            end_session(writing, known.owner, known.session_row)


def sign_in(person: Consumer | Staff) -> None:
    """Begin a new session; this browser's session before ends, and only its language is kept."""
    before, cookie_id = signed_in_user(), secrets.token_hex(16)
    begun = _begin(person, before, cookie_id)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    if isinstance(person, Consumer):
        consumer = SignedInConsumer.of(person, begun)
        login_user(Visitor(consumer=consumer, session_id=cookie_id, session_row=begun.id))
    else:
        login_user(Visitor(staff=person, session_id=cookie_id, session_row=begun.id))
    note_proof()
    if isinstance(person, Consumer):
        _come_back(person)
    after_this_request(lambda response: remember(response, _audience(person), person.email))


def _come_back(person: Consumer) -> None:
    """Open a space again that its person had closed."""
    if not has_left(app_context.reading(), person.id):
        return
    with app_context.store().writing() as writing:
        is_restored = restore_space(writing, person.id, app_context.now())
    if is_restored:
        flash(say(_OPEN_AGAIN), "good")


def _begin(person: Consumer | Staff, before: Visitor | None, cookie_id: str) -> SignInSession:
    """Write the session's row, in place of that of the browser's session before."""
    owner, device = SessionOwner.of(person), device_name(request.user_agent.string)
    with app_context.store().writing() as writing:
        if before is not None:
            end_session(writing, before.owner, before.session_row)
        begun = begin_session(writing, owner, cookie_id, device, app_context.now(), app_context.today())
        is_first = note_first_sign_in(writing, person, app_context.now())
        is_new = not is_first and device_of(_audience(person), person.email) is None
        if is_new:
            ask_to_tell_new_device(writing, owner, begun, app_context.now())
    if is_new:
        app_context.store().wake_up.send()
    return begun


def _audience(person: Consumer | Staff) -> str:
    return "consumer" if isinstance(person, Consumer) else "staff"


def sign_out() -> None:
    """End this session and every copy of its cookie. Sessions on other devices go on."""
    _end_present()
    logout_user()
    session.clear()


def signed_in_user() -> Visitor | None:
    """Returns the signed-in user of this request, or None. Asked a dozen times a page: Flask-Login keeps who it has
    found in `g`."""
    here = _cv_app.get(None)
    user: Any = None if here is None else here.g.__dict__.get("_login_user")
    if user is None:
        user = current_user._get_current_object()
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
