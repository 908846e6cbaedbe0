"""Ends sessions of the visitor: one, or all but this one."""

from flask import abort, flash

from portal import app_context
from portal.access import current_user
from portal.translation import say
from store.sign_in.sign_in_session import end_session, end_sessions_of


def end_device(session_row: int) -> None:
    """End one session of the visitor, and say so. Aborts with 404 if it is not theirs or over already, or is this
    one."""
    known = current_user.signed_in_user()
    assert known is not None
    if session_row == known.session_row:
        abort(404)
    with app_context.store().writing() as writing:
        if not end_session(writing, known.owner, session_row):
            abort(404)
    flash(say("C’est fait : cet appareil est déconnecté."), "good")


def end_other_devices() -> None:
    """End every session of the visitor but this one, and say so."""
    known = current_user.signed_in_user()
    assert known is not None
    with app_context.store().writing() as writing:
        end_sessions_of(writing, known.owner, but=known.session_id)
    flash(say("C’est fait : vos autres appareils sont déconnectés."), "good")
