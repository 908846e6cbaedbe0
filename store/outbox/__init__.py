"""The outbox: events that issuers are told of, by webhooks and `GET /v1/events`."""
