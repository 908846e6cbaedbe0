"""/v1/hooks/mail: a mail provider tells by a signed request what became of an e-mail, or hands on what came back."""

from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from delivery.feedback.bounces.hear_hook import (
    JSON,
    MESSAGE,
    MOST_HOOK_BYTES,
    hear_hook,
    is_signed_by_mail_provider,
)
from delivery.feedback.bounces.provider_mail_event import MailEventRefused
from portal import app_context
from portal.access.security_headers_and_csrf import csrf

pages: Final = Blueprint("mail_hook", __name__)


@pages.post("/v1/hooks/mail")
def take() -> ResponseReturnValue:
    """Take an event or a message: 200 and what was done, also when nothing was; 403 for whoever has not the secret, or
    where there is none; 415 for another media type, 422 for an event that cannot be read."""
    request.max_content_length = MOST_HOOK_BYTES
    body, secret = request.get_data(), app_context.config().mail_hook_secret
    if not is_signed_by_mail_provider(secret, dict(request.headers), body, app_context.now()):
        abort(403, "the request is not signed with the secret of this hook")
    if request.mimetype not in {JSON, MESSAGE}:
        abort(415, f"send {JSON} or {MESSAGE}")
    store = app_context.store()
    try:
        with store.writing() as session:
            done = hear_hook(session, store.keys, request.mimetype, body, app_context.now())
    except MailEventRefused as refusal:
        abort(422, str(refusal))
    store.wake_up.send()
    return {"outcome": done}


csrf.exempt(take)  # it is signed, and no browser sends it
