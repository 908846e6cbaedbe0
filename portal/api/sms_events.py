"""/v1/hooks/sms: the provider of SMS tells by a signed request what became of one."""

from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from delivery.feedback.sms_event import (
    MOST_BYTES,
    SmsEvent,
    SmsEventRefused,
    is_signed_by_sms_provider,
    read_sms_event,
    take_sms_event,
)
from portal import app_context
from portal.access.security_headers_and_csrf import csrf

pages: Final = Blueprint("sms_events", __name__)


@pages.post("/v1/hooks/sms")
def take() -> ResponseReturnValue:
    """Take an event: 204, also when it came before; 403 for whoever has not the secret; 422 for what cannot be read;
    404 for a reference that is none of ours."""
    request.max_content_length = MOST_BYTES
    body = request.get_data()
    secret = app_context.config().sms_secret
    if not is_signed_by_sms_provider(secret, dict(request.headers), body, app_context.now()):
        abort(403, "the request is not signed with the provider's secret")
    event = _event(body)
    with app_context.store().writing() as session:
        is_ours = take_sms_event(session, app_context.store().keys, event, app_context.now())
    if not is_ours:
        abort(404)
    app_context.store().wake_up.send()
    return "", 204


csrf.exempt(take)  # it is signed, and no browser sends it


def _event(body: bytes) -> SmsEvent:
    try:
        return read_sms_event(body)
    except SmsEventRefused as refusal:
        abort(422, str(refusal))
