"""Writes on which day a session was last seen: once a day, when the answer has left, so that no page waits for it."""

import logging
from datetime import date

from flask import Response, after_this_request

from portal import app_context
from store.sign_in.sign_in_session import note_seen

log = logging.getLogger(__name__)


def note_today(session_row: int, last_seen_on: date) -> None:
    """Note after this answer that the session is used today, unless its row says so already."""
    if last_seen_on >= (today := app_context.today()):
        return
    store = app_context.store()

    def write() -> None:
        try:
            with store.writing() as session:
                note_seen(session, session_row, today)
        except Exception:  # it is a convenience: the next page of today writes it
            log.warning("the day of session %s could not be written", session_row, exc_info=True)

    def once_sent(response: Response) -> Response:
        response.call_on_close(write)
        return response

    after_this_request(once_sent)
