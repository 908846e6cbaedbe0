"""An event as issuers see it: the same JSON object in `GET /v1/events` and as the body of a webhook."""

from typing import Any, Final

import msgspec

from store.outbox.event_types import EVENT_TYPES
from store.outbox.outbox_event import OutboxEvent
from store.public_id import PublicIds

#: What public ids of events begin with.
PREFIX: Final = "msg_"


def message_id(event_id: int, public_ids: PublicIds) -> str:
    """The event's id outside: `webhook-id` in every attempt, whatever endpoint."""
    return PREFIX + public_ids.of("event", event_id)


def event_number(text: str, public_ids: PublicIds) -> int | None:
    """The row of the event with this id; None if it is none."""
    return public_ids.number("event", text.removeprefix(PREFIX)) if text.startswith(PREFIX) else None


def event_message(event: OutboxEvent, public_ids: PublicIds) -> dict[str, Any]:
    """The event as JSON: id, type, timestamp (when it happened), sequence and data, rows by their public ids."""
    return {
        "id": message_id(event.id, public_ids),
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "sequence": event.sequence,
        "data": {name: _told(event.type, name, value, public_ids) for name, value in event.data.items()},
    }


def message_body(event: OutboxEvent, public_ids: PublicIds) -> bytes:
    """The body of the event's webhook: the same bytes in every attempt."""
    return msgspec.json.encode(event_message(event, public_ids))


def _told(event_type: str, name: str, value: Any, public_ids: PublicIds) -> Any:
    documented = EVENT_TYPES.get(event_type)  # an event may be older than a change of the types
    field = documented.fields.get(name) if documented else None
    return public_ids.of(field.kind, value) if field and field.kind and isinstance(value, int) else value
