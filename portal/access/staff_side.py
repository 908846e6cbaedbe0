"""Which side of its issuer a member looks at: what is sent to people, or the test side. Kept in the session."""

from typing import Final

from flask import g, session

from portal import app_context
from portal.access.current_user import signed_in_user
from store.issuer import Issuer
from store.test_sides.twin_issuer import twin_of

_KEY: Final = "on_test_side"


def test_side() -> Issuer | None:
    """Returns the test side that the visitor looks at; None for the other side, and for everybody but members."""
    known = signed_in_user()
    if known is None or known.staff is None or known.staff.issuer_id is None or not session.get(_KEY):
        return None
    if "test_side" not in g:
        g.test_side = twin_of(app_context.reading(), known.staff.issuer_id)
    side: Issuer | None = g.test_side
    return side


def look_at(*, is_test: bool) -> None:
    """Look at this side from now on. No form of a page that was drawn before is taken any more: what somebody has
    filled in on the test side, in another tab, is never sent to people."""
    g.pop("test_side", None)
    session.pop("csrf_token", None)
    if is_test:
        session[_KEY] = True
    else:
        session.pop(_KEY, None)
