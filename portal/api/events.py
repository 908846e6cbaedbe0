"""/v1/events, and /v2: what happened, in order, for programs that ask rather than wait for webhooks."""

from flask import Response, g, jsonify, request, url_for

from portal import app_context
from portal.api.events_gone import events_gone
from portal.api.feeds import pages, query_number
from portal.row_id import LARGEST
from store.issuer import Issuer
from store.outbox.outbox_event import oldest_cursor, outbox_events
from webhooks.event_message import event_message


@pages.get("/events")
def list_events() -> Response:
    """Returns the issuer's events after a sequence, oldest first; without one, from the oldest that is kept. `next`
    leads on, and is there even when there is nothing new: ask it again later."""
    issuer: Issuer = g.issuer
    limit, after = query_number("limit", 100, 500), query_number("after", 0, LARGEST, least=0)
    session = app_context.reading()
    events = outbox_events(session, issuer.id, after, limit)
    oldest = oldest_cursor(session, issuer.id)  # afterwards: what is deleted meanwhile is told
    if "after" in request.args and after < oldest:
        following = url_for(".list_events", limit=limit, after=oldest)
        return events_gone(after, oldest, "go on from `oldest`, and read all accounts again", following)
    last = events[-1].sequence if events else after
    ids = app_context.store().public_ids
    following = url_for(".list_events", limit=limit, after=last)
    return jsonify({"events": [event_message(each, ids) for each in events], "next": following})
