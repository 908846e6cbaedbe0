"""The calendar of a person's due dates at its secret address, for calendar programs: no cookie, no session."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from delivery.due_date_calendar.due_date_calendar import due_date_calendar
from portal import app_context
from portal.access.rate_limiting import slow_down_client
from store.secret_addresses.secret_address import owner_of_secret

pages = Blueprint("calendar_file", __name__)

#: Requests of one client; services that read calendars for many people ask from few addresses.
LIMIT = "1200/hour"
#: Programs ask again after a while; nobody on the way may keep it.
KEPT = "private, max-age=900"


@pages.get("/calendrier/<token>.ics")
def show(token: str) -> ResponseReturnValue:
    """The calendar, or nothing to see: an address that ended looks like one that never was."""
    slow_down_client(LIMIT)
    owner = owner_of_secret(app_context.reading(), "calendar", token)
    if owner is None:
        return Response("", 404, content_type="text/plain; charset=utf-8")
    config = app_context.config()
    content = due_date_calendar(
        app_context.store(), owner, config.public_url, app_context.today(), app_context.now()
    )  # fmt: skip
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = KEPT
    answer.headers["Content-Disposition"] = 'inline; filename="facteur.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    return answer.make_conditional(request)
