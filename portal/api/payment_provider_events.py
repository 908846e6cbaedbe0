"""/payment-providers/…/events: an issuer's payment provider tells by a signed request what became of a payment."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from payments.online.provider_event import MOST_BYTES, ProviderEvent, ProviderEventRefused, read_provider_event
from payments.online.provider_signature import is_signed_by_provider
from payments.online.take_provider_event import take_provider_event
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.public_id_converter import row_of
from store.issuer import issuer_by_slug
from store.payments.payment_order import order_of_issuer
from store.payments.payment_provider import PaymentProvider, provider_of
from store.public_id import LENGTH

#: Providers tell at once, and tell again for some days what was not accepted.
MOST_LATE: Final = timedelta(days=366)
MOST_AHEAD: Final = timedelta(days=92)

pages: Final = Blueprint("payment_provider_events", __name__)


@pages.post("/payment-providers/<slug>/events")
def take(slug: str) -> ResponseReturnValue:
    """Take an event: 204, also when it came before; 403 for whoever has not the secret, whether there is such an issuer
    or not; 422 for what cannot be read, an order that is none of the issuer's, or another currency than the
    order's."""
    request.max_content_length = MOST_BYTES
    body = request.get_data()
    issuer = issuer_by_slug(app_context.reading(), slug)
    provider = provider_of(app_context.reading(), issuer.id) if issuer else None
    if issuer is None or provider is None or not _is_signed(provider, body):
        abort(403, "the request is not signed with this provider's secret")
    event = _event(body)
    with app_context.store().writing() as session:
        order = order_of_issuer(session, issuer.id, _order_number(event))
        if order is None:
            abort(422, "$.data.order: there is no such order")
        if order.currency != event.currency:
            abort(422, f"$.data.currency: this order is in {order.currency}")
        if not -MOST_LATE <= event.on - app_context.today() <= MOST_AHEAD:
            abort(422, "$.data.at: nothing that a provider tells today is of this day")
        take_provider_event(session, order, event, request.headers.get("webhook-id", ""), app_context.now())
    app_context.store().wake_up.send()
    return "", 204


csrf.exempt(take)  # it is signed, and no browser sends it


def _is_signed(provider: PaymentProvider, body: bytes) -> bool:
    return is_signed_by_provider(
        app_context.store().encryptor, provider, dict(request.headers), body, app_context.now()
    )


def _event(body: bytes) -> ProviderEvent:
    try:
        return read_provider_event(body)
    except ProviderEventRefused as refusal:
        abort(422, str(refusal))


def _order_number(event: ProviderEvent) -> int:
    return (row_of(event.order, "payment_order") or 0) if len(event.order) == LENGTH else 0
