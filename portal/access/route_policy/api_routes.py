"""Access policy of the API of issuers' programs, one line for both versions, and of providers' signed requests."""

from typing import Final

from delivery.feedback.bounces.hear_hook import MOST_HOOK_BYTES
from doors.feed_drop import LARGEST_FEED
from portal.access.route_policy.policy_line import WRAPPING, RoutePolicy

#: By the endpoint's name in its blueprint, `api` (version 1) or `api_2`.
_BOTH_VERSIONS: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("drop_feed", "POST"): RoutePolicy("key", scope="feeds", body=LARGEST_FEED + WRAPPING),
    ("put_feed", "PUT"): RoutePolicy("key", scope="feeds", body=LARGEST_FEED),
    ("put_named_feed", "PUT"): RoutePolicy("key", scope="feeds", body=LARGEST_FEED),
    ("list_feeds", "GET"): RoutePolicy("key", scope="feeds"),
    ("show_feed", "GET"): RoutePolicy("key", scope="feeds"),
    ("show_no_feed", "GET"): RoutePolicy("key", scope="feeds"),
    ("list_items", "GET"): RoutePolicy("key", scope="feeds"),
    ("cancel_feed", "POST"): RoutePolicy("key", scope="feeds"),
    ("list_bills", "GET"): RoutePolicy("key"),
    ("show_bill", "GET"): RoutePolicy("key"),
    ("show_bill_pdf", "GET"): RoutePolicy("key"),
    ("show_bill_xml", "GET"): RoutePolicy("key"),
    ("recall_bill", "POST"): RoutePolicy("key", scope="feeds"),
    ("send_bill_again", "POST"): RoutePolicy("key", scope="feeds"),
    ("show_adoption", "GET"): RoutePolicy("key"),
    ("list_enquiries", "GET"): RoutePolicy("key", scope="accounts"),
    ("show_enquiry", "GET"): RoutePolicy("key", scope="accounts"),
    ("answer_enquiry", "POST"): RoutePolicy("key", scope="accounts"),
    ("close_enquiry", "POST"): RoutePolicy("key", scope="accounts"),
    ("list_accounts", "GET"): RoutePolicy("key", scope="accounts"),
    ("show_account", "GET"): RoutePolicy("key", scope="accounts"),
    ("put_account", "PUT"): RoutePolicy("key", scope="accounts"),
    ("list_account_questions", "GET"): RoutePolicy("key", scope="accounts"),
    ("decide_account_question", "POST"): RoutePolicy("key", scope="accounts"),
    ("list_events", "GET"): RoutePolicy("key", scope="webhooks"),
    ("list_webhook_endpoints", "GET"): RoutePolicy("key", scope="webhooks"),
    ("add_webhook_endpoint", "POST"): RoutePolicy("key", scope="webhooks"),
    ("show_webhook_endpoint", "GET"): RoutePolicy("key", scope="webhooks"),
    ("change_webhook_endpoint", "PATCH"): RoutePolicy("key", scope="webhooks"),
    ("rotate_webhook_secret", "POST"): RoutePolicy("key", scope="webhooks"),
    ("test_webhook_endpoint", "POST"): RoutePolicy("key", "60/hour", scope="webhooks"),
    ("replay_webhooks", "POST"): RoutePolicy("key", scope="webhooks"),
    ("list_webhook_deliveries", "GET"): RoutePolicy("key", scope="webhooks"),
    ("list_mandates", "GET"): RoutePolicy("key", scope="payments"),
    ("list_payments", "GET"): RoutePolicy("key", scope="payments"),
    ("tell_payments", "POST"): RoutePolicy("key", scope="payments", body=1 << 20),
    ("reset_test_side", "POST"): RoutePolicy("key", "20/hour", scope="feeds"),
    ("show_test_reset", "GET"): RoutePolicy("key", scope="feeds"),
    ("show_openapi", "GET"): RoutePolicy("public"),
}

_REFERENCE: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("api_reference.show", "GET"): RoutePolicy("public"),
    ("api_reference.show_problem", "GET"): RoutePolicy("public"),
}

_SIGNED: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("payment_provider_events.take", "POST"): RoutePolicy("public"),
    ("sms_events.take", "POST"): RoutePolicy("public"),
    ("mail_hook.take", "POST"): RoutePolicy("public", body=MOST_HOOK_BYTES),
}

API: Final = (
    _SIGNED
    | _REFERENCE
    | {
        (f"{version}.{name}", method): line
        for version in ("api", "api_2")
        for (name, method), line in _BOTH_VERSIONS.items()
    }
)
