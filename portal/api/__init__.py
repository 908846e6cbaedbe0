"""The API of an issuer's programs, under /v1 and /v2: no cookies, no pages, a key in the header. Beside it, what an
issuer's payment provider and the providers of mail and SMS tell by signed requests."""

from portal.api import (
    account_questions,
    accounts,
    adoption,
    bill_documents,
    bills,
    enquiries,
    events,
    feed_cancellation,
    feed_drops,
    feeds,
    mail_hook,
    mandates,
    openapi,
    payment_provider_events,
    payments,
    sms_events,
    test_side,
    webhook_endpoints,
)
from portal.api.blueprint import pages
from portal.api.reference import pages as reference

BLUEPRINTS = (pages, payment_provider_events.pages, sms_events.pages, mail_hook.pages, reference)

__all__ = [
    "BLUEPRINTS",
    "account_questions",
    "accounts",
    "adoption",
    "bill_documents",
    "bills",
    "enquiries",
    "events",
    "feed_cancellation",
    "feed_drops",
    "feeds",
    "mandates",
    "openapi",
    "payments",
    "test_side",
    "webhook_endpoints",
]
