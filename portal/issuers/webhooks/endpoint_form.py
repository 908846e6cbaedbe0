"""Registers an endpoint and changes one: its URL and the types of events that are wanted there."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.issuers.webhooks.endpoints import endpoint_in_scope
from portal.translation import language, say
from store.issuer import Issuer
from store.outbox.event_types import EVENT_TYPES, WEBHOOK_TEST
from store.outbox.webhook_endpoint import WebhookEndpoint
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused
from webhooks.manage_endpoints import EndpointRefused, add_endpoint, change_endpoint

pages = Blueprint("webhook_form", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>/webhooks")

#: The types that can be wanted: a test goes to the endpoint that is tested, whatever it wants.
_OFFERED = tuple(each for each in EVENT_TYPES if each != WEBHOOK_TEST)


@pages.get("/nouveau")
def ask(issuer_id: int) -> ResponseReturnValue:
    return _form(staff_scope.issuer(issuer_id))


@pages.post("/nouveau")
def add(issuer_id: int) -> ResponseReturnValue:
    """Register an endpoint for what happens from now on. The answer shows its secret, for the only time."""
    issuer, store = staff_scope.issuer(issuer_id), app_context.store()
    try:
        with store.writing() as writing:
            endpoint, secret = add_endpoint(
                writing, store.encryptor, issuer.id, form_value("url"), _types(), rules(), app_context.now(),
                current_user.staff().email,
            )  # fmt: skip
    except (EndpointUrlRefused, EndpointRefused) as error:
        return _form(issuer, error=error.spelled(language())), 422
    return render_template("issuers/webhooks/shown_secret.html", issuer=issuer, endpoint=endpoint, secret=secret), 201


@pages.get("/<row(webhook_endpoint):endpoint_id>/modifier")
def show(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    issuer = staff_scope.issuer(issuer_id)
    return _form(issuer, endpoint_in_scope(app_context.reading(), issuer, endpoint_id))


@pages.post("/<row(webhook_endpoint):endpoint_id>/modifier")
def change(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Change the URL and the types wanted."""
    issuer = staff_scope.issuer(issuer_id)
    endpoint = endpoint_in_scope(app_context.reading(), issuer, endpoint_id)
    try:
        with app_context.store().writing() as writing:
            changed = endpoint_in_scope(writing, issuer, endpoint_id)
            by, now = current_user.staff().email, app_context.now()
            change_endpoint(writing, changed, form_value("url"), _types(), rules(), now, by)
    except (EndpointUrlRefused, EndpointRefused) as error:
        return _form(issuer, endpoint, error.spelled(language())), 422
    flash(say("C’est changé."), "good")
    return redirect(url_for("webhook_pages.show", issuer_id=issuer.id, endpoint_id=endpoint_id), 303)


def rules() -> EndpointRules:
    """Returns which URLs the configuration lets be an endpoint."""
    config = app_context.config()
    return EndpointRules(config.webhook_loopback, config.webhook_ca_file)


def _types() -> list[str]:
    """Returns the types of the form's boxes; none: all, those too that there will be."""
    typed = request.form.getlist("type")
    if not set(typed) <= set(_OFFERED):
        abort(400)
    return typed


def _form(issuer: Issuer, endpoint: WebhookEndpoint | None = None, error: str | None = None) -> str:
    is_typed = request.method == "POST"
    url = form_value("url") if is_typed else endpoint.url if endpoint is not None else ""
    chosen = request.form.getlist("type") if is_typed else endpoint.types if endpoint is not None else []
    return render_template(
        "issuers/webhooks/endpoint_form.html", issuer=issuer, endpoint=endpoint, url=url, chosen=chosen, error=error,
        types=_OFFERED,
    )  # fmt: skip
