"""Whether a code that somebody typed is theirs: of their app, or a recovery code. Each is good once."""

from sqlalchemy.orm import Session

from portal import app_context
from portal.second_factors.one_time_code import matching_step
from store.accounts.consumer import Consumer
from store.sign_in.authenticator_app import app_of, app_secret, take_step
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.recovery_code import is_like_a_code, use_code
from store.sign_in.second_factors import SecondFactors, second_factors_of, tell_change
from store.staff_member import Staff


def factors_of(person: Consumer | Staff) -> SecondFactors:
    """Returns which second factors a person has."""
    return second_factors_of(app_context.reading(), FactorOwner.of(person))


def is_code_of(person: Consumer | Staff, typed: str) -> bool:
    """Returns whether a code is this person's and was not used before; it is used now. They are told by mail of a
    recovery code."""
    owner, store, now = FactorOwner.of(person), app_context.store(), app_context.now()
    with store.writing() as session:
        if is_like_a_code(typed):
            is_theirs = second_factors_of(session, owner).is_any and use_code(session, owner, typed, now)
            if is_theirs:
                tell_change(session, owner, "recovery code used", now)
        else:
            is_theirs = _is_of_app(session, owner, typed)
    store.wake_up.send()
    return is_theirs


def _is_of_app(session: Session, owner: FactorOwner, typed: str) -> bool:
    app = app_of(session, owner)
    if app is None or app.confirmed_at is None:
        return False
    step = matching_step(app_secret(app_context.store().encryptor, app), typed, app_context.now())
    return step is not None and take_step(session, app, step)
