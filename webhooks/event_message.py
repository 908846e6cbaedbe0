"""An event as issuers see it: the same JSON object in `GET /v1/events` and as the body of a webhook."""

from typing import Annotated, Any, Final, TypedDict

import msgspec

from bill.json_values import Moment, says
from bill.reason import WORDS
from store.outbox.event_types import EVENT_TYPES
from store.outbox.outbox_event import OutboxEvent
from store.public_id import PublicIds
from words.reason_text import reason_text

#: What public ids of events begin with.
PREFIX: Final = "msg_"
#: The code of a reason from before reasons had codes.
LEGACY: Final = "legacy"


class EventMessage(TypedDict):
    """What happened: the same object as a webhook's body. `webhooks`, in this document, has the data of each type."""

    id: Annotated[str, msgspec.Meta(pattern="^msg_[a-z2-7]{26}$")]
    type: str
    timestamp: Annotated[Moment, says("When it happened.")]
    sequence: Annotated[int | None, says("Counts the issuer's events without a gap.")]
    data: dict[str, Any]


def message_id(event_id: int, public_ids: PublicIds) -> str:
    """The event's id outside: `webhook-id` in every attempt, whatever endpoint."""
    return PREFIX + public_ids.of("event", event_id)


def event_number(text: str, public_ids: PublicIds) -> int | None:
    """The row of the event with this id; None if it is none."""
    return public_ids.number("event", text.removeprefix(PREFIX)) if text.startswith(PREFIX) else None


def event_message(event: OutboxEvent, public_ids: PublicIds) -> EventMessage:
    """The event as JSON: id, type, timestamp (when it happened), sequence and data, rows by their public ids."""
    return {
        "id": message_id(event.id, public_ids),
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "sequence": event.sequence,
        "data": _later_fields(event)
        | {name: _told(event.type, name, value, public_ids) for name, value in event.data.items()}
        | _why(event),
    }


def message_body(event: OutboxEvent, public_ids: PublicIds) -> bytes:
    """The body of the event's webhook: the same bytes in every attempt."""
    return msgspec.json.encode(event_message(event, public_ids))


def _later_fields(event: OutboxEvent) -> dict[str, None]:
    """Fields that the event's type has had only since: every documented field is always there."""
    documented = EVENT_TYPES.get(event.type)
    return {} if documented is None else {name: None for name in documented.fields if name not in event.data}


def _why(event: OutboxEvent) -> dict[str, str]:
    """The reason of an event that keeps it as code and values: its words are in English, or those of a person."""
    code, values = event.data.get("reason", ""), event.data.get("words")
    if not isinstance(values, dict):
        return {}
    return {"reason": "" if code in {WORDS, LEGACY} else code, "words": reason_text(code, values, "en")}


def _told(event_type: str, name: str, value: Any, public_ids: PublicIds) -> Any:
    documented = EVENT_TYPES.get(event_type)  # an event may be older than a change of the types
    field = documented.fields.get(name) if documented else None
    return public_ids.of(field.kind, value) if field and field.kind and isinstance(value, int) else value
