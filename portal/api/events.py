"""/v1/events, and /v2: what happened, in order, for programs that ask rather than wait for webhooks."""

from typing import Annotated

import msgspec
from flask import request
from msgspec import Meta

from bill.json_values import Address, Position, one_of, says
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import operation
from portal.api.contract.linked_pages import address_with
from portal.api.events_gone import events_gone
from portal.problems.problem_types import EVENTS_GONE
from store.outbox.event_types import EVENT_TYPES
from store.outbox.outbox_event import newest_cursor, oldest_cursor, outbox_events
from webhooks.event_message import EventMessage, event_message


class EventsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which events."""

    after: Annotated[
        Position,
        says(
            "The sequence after which the list goes on; without it, from the oldest that is kept. One that is older is "
            "answered with 410."
        ),
    ] = 0
    type: Annotated[str, one_of(EVENT_TYPES, "Those of this type only.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=500), says("At most so many.")] = 100


class EventsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of events, oldest first."""

    events: list[EventMessage]
    next: Annotated[
        Address, says("What comes after these: ask it at once while there are events, later when there are none.")
    ]


@pages.get("/events")
@operation(EVENTS_GONE)
def list_events(query: EventsQuery) -> EventsPage:
    """What happened, oldest first.

    `next` leads on, and is there even when there is nothing new: ask it again later.
    """
    issuer_id, after = asking_issuer().id, query.after
    session = app_context.reading()
    newest = newest_cursor(session, issuer_id) if query.type else 0  # before: what comes meanwhile is not passed over
    events = outbox_events(session, issuer_id, after, query.limit, query.type)
    oldest = oldest_cursor(session, issuer_id)  # afterwards: what is deleted meanwhile is told
    if "after" in request.args and after < oldest:
        following = address_with({"after": oldest, "limit": query.limit})
        events_gone(after, oldest, "go on from `oldest`, and read all accounts again", following)
    passed = newest if len(events) < query.limit else 0  # events of other types are not looked through again
    last = max(after, passed, *(each.sequence or 0 for each in events[-1:]))
    ids = app_context.store().public_ids
    following = address_with({"after": last, "limit": query.limit})
    return EventsPage(events=[event_message(each, ids) for each in events], next=following)
