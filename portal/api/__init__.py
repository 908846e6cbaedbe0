"""The API of an issuer's programs, under /v1 and /v2: no cookies, no pages, a key in the header."""

from portal.api import account_questions, accounts, events, payments, webhook_endpoints
from portal.api.feeds import pages

BLUEPRINTS = (pages,)

__all__ = ["BLUEPRINTS", "account_questions", "accounts", "events", "payments", "webhook_endpoints"]
