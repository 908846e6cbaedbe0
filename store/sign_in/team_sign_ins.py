"""How the people of a team sign in: who has a second factor, and when each was seen last."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from store.sign_in.authenticator_app import AuthenticatorApp
from store.sign_in.passkey import Passkey
from store.sign_in.sign_in_session import SignInSession


def staff_with_second_factor(session: Session, staff_ids: Collection[int]) -> set[int]:
    """Those of these members of staff for whom a password alone is not enough."""
    apps = select(AuthenticatorApp.staff_id).where(AuthenticatorApp.confirmed_at.is_not(None))
    found = union(
        select(Passkey.staff_id).where(Passkey.staff_id.in_(staff_ids)),
        apps.where(AuthenticatorApp.staff_id.in_(staff_ids)),
    )
    return {each for each in session.scalars(found) if each is not None}


def staff_last_seen(session: Session, staff_ids: Collection[int]) -> dict[int, date]:
    """The last day on which each of these members of staff was seen, of those who have a session still."""
    query = select(SignInSession.staff_id, func.max(SignInSession.last_seen_on))
    rows = session.execute(query.where(SignInSession.staff_id.in_(staff_ids)).group_by(SignInSession.staff_id))
    return {staff_id: day for staff_id, day in rows.tuples() if staff_id is not None}
