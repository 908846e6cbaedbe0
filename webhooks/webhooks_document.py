"""The section `webhooks` of an OpenAPI 3.1 document, made from the types of events."""

from typing import Any

from store.outbox.event_types import EVENT_TYPES, EventType

_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def webhooks_section() -> dict[str, Any]:
    """One webhook for each type of event."""
    return {name: {"post": _operation(event_type)} for name, event_type in EVENT_TYPES.items()}


def _operation(event_type: EventType) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["id", "type", "timestamp", "sequence", "data"],
        "properties": {
            "id": {"type": "string", "description": "The same in every attempt, as in the header webhook-id."},
            "type": {"const": event_type.name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "sequence": {"type": "integer", "minimum": 1, "description": "Counts the issuer's events without a gap."},
            "data": event_type.json_schema,
        },
    }
    return {
        "summary": event_type.summary,
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in _HEADERS
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "Taken. Anything else is tried again; 410 disables the endpoint."}},
    }
