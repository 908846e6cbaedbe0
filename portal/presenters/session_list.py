"""The sessions of the visitor, as their page lists them: each a device, since when, and the last day it was seen."""

from datetime import date, datetime

import msgspec

from portal import app_context
from portal.access import current_user
from portal.translation import say
from store.sign_in.sign_in_session import sessions_of


class ListedSession(msgspec.Struct, frozen=True):
    """One session. *is_this*: it is the one that asks."""

    id: int
    device: str
    began_at: datetime
    last_seen_on: date
    is_this: bool


def session_list() -> list[ListedSession]:
    """Returns the sessions of the visitor, this one first, then the one that was seen last."""
    known = current_user.signed_in_user()
    assert known is not None
    rows = sessions_of(app_context.reading(), known.owner, app_context.today())
    listed = [
        ListedSession(
            row.id, row.device or say("Un appareil"), row.began_at, row.last_seen_on, row.id == known.session_row
        )
        for row in rows
    ]
    return sorted(listed, key=lambda each: not each.is_this)
