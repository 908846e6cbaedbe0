"""The addresses that an issuer is told of events at: listed, tested, their secret replaced, stopped and started; and
what was sent there, with its attempts."""

from typing import Final

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.access import current_user, staff_scope
from portal.public_id_converter import row_of
from portal.row_id import LARGEST
from portal.translation import say
from store.issuer import Issuer
from store.outbox.webhook_endpoint import WebhookEndpoint, endpoint_of_issuer, endpoints_of
from webhooks.endpoint_report import endpoint_report
from webhooks.event_message import event_message
from webhooks.listed_deliveries import ListedDelivery, delivery_of_event, listed_deliveries
from webhooks.manage_endpoints import (
    EndpointRefused,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)
from webhooks.replay_events import replay_event, replay_failed
from words.catalogue import N_

pages = Blueprint("webhook_pages", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>/webhooks")

_A_PAGE: Final = 30
#: The states of a message as an address says them, and in words.
_STATES: Final = {"attente": "waiting", "echecs": "failed", "recus": "delivered"}
STATE_WORDS: Final = {
    "waiting": N_("en attente"), "attempting": N_("en cours"), "delivered": N_("reçu"), "failed": N_("abandonné"),
}  # fmt: skip
#: What left an attempt without an HTTP status (`untrusted.endpoints.post_to_endpoint.Failure`).
FAILURE_WORDS: Final = {
    "url": N_("l’adresse ne se lit pas"), "address": N_("l’adresse est celle d’un réseau privé"),
    "resolving": N_("le nom n’existe pas"), "connecting": N_("personne ne répond"),
    "tls": N_("le certificat ne convient pas"), "timeout": N_("la réponse a trop tardé"),
    "broken": N_("la connexion s’est coupée"),
}  # fmt: skip


@pages.get("")
def show_all(issuer_id: int) -> ResponseReturnValue:
    issuer, session = staff_scope.issuer(issuer_id), app_context.reading()
    rows = [(each, endpoint_report(session, each)) for each in endpoints_of(session, issuer.id)]
    return render_template("issuers/webhooks/endpoints.html", issuer=issuer, rows=rows)


@pages.get("/<row(webhook_endpoint):endpoint_id>")
def show(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Shows an endpoint and its latest messages, a page at a time."""
    issuer, session = staff_scope.issuer(issuer_id), app_context.reading()
    endpoint = endpoint_in_scope(session, issuer, endpoint_id)
    named = request.args.get("etat", "")
    before = row_of(request.args.get("avant", ""), "cursor") or LARGEST
    found = listed_deliveries(session, endpoint.id, _STATES.get(named), before, _A_PAGE + 1)
    shown, older = found[:_A_PAGE], None
    if len(found) > _A_PAGE:
        state, last = named if named in _STATES else None, shown[-1].event.id
        older = url_for(".show", issuer_id=issuer.id, endpoint_id=endpoint.id, etat=state, avant=last)
    return render_template(
        "issuers/webhooks/endpoint.html", issuer=issuer, endpoint=endpoint, report=endpoint_report(session, endpoint),
        deliveries=shown, older=older, state=named if named in _STATES else "", state_words=STATE_WORDS,
        failure_words=FAILURE_WORDS,
    )  # fmt: skip


@pages.post("/<row(webhook_endpoint):endpoint_id>/secret")
def rotate(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Make a new secret; the one before signs beside it for a day. The answer shows it, for the only time."""
    issuer, store = staff_scope.issuer(issuer_id), app_context.store()
    with store.writing() as writing:
        endpoint = endpoint_in_scope(writing, issuer, endpoint_id)
        secret = rotate_secret(writing, store.encryptor, endpoint, app_context.now(), current_user.staff().email)
    return render_template("issuers/webhooks/shown_secret.html", issuer=issuer, endpoint=endpoint, secret=secret), 201


@pages.post("/<row(webhook_endpoint):endpoint_id>/essai")
def test(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Send a test event there."""
    issuer = staff_scope.issuer(issuer_id)
    try:
        with app_context.store().writing() as writing:
            event = send_test(writing, endpoint_in_scope(writing, issuer, endpoint_id), app_context.now())
    except EndpointRefused:
        flash(say("Cette adresse est arrêtée : reprenez d’abord les envois."), "bad")
        return _to_endpoint(issuer, endpoint_id)
    app_context.store().wake_up.send()
    flash(say("L’essai part : son sort se lit ici dans un instant."), "good")
    return redirect(
        url_for(".delivery", issuer_id=issuer.id, endpoint_id=endpoint_id, event_id=event.id), 303
    )  # fmt: skip


@pages.post("/<row(webhook_endpoint):endpoint_id>/arreter")
def disable(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Send nothing there any more; what happens meanwhile waits."""
    issuer, by = staff_scope.issuer(issuer_id), current_user.staff().email
    with app_context.store().writing() as writing:
        endpoint = endpoint_in_scope(writing, issuer, endpoint_id)
        disable_endpoint(writing, endpoint, app_context.now(), by, by)
    flash(say("Rien ne part plus à cette adresse."), "good")
    return _to_endpoint(issuer, endpoint_id)


@pages.post("/<row(webhook_endpoint):endpoint_id>/reprendre")
def enable(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Send again: what waited, and what has happened since."""
    issuer = staff_scope.issuer(issuer_id)
    with app_context.store().writing() as writing:
        endpoint = endpoint_in_scope(writing, issuer, endpoint_id)
        enable_endpoint(writing, endpoint, app_context.now(), current_user.staff().email)
    app_context.store().wake_up.send()
    flash(say("Les envois reprennent."), "good")
    return _to_endpoint(issuer, endpoint_id)


@pages.post("/<row(webhook_endpoint):endpoint_id>/renvoyer")
def replay_all_failed(issuer_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Send again what was given up."""
    issuer = staff_scope.issuer(issuer_id)
    with app_context.store().writing() as writing:
        endpoint = endpoint_in_scope(writing, issuer, endpoint_id)
        n = replay_failed(writing, endpoint, app_context.now(), current_user.staff().email)
    app_context.store().wake_up.send()
    flash(say("{n} message repart.|{n} messages repartent.", n=n), "good")
    return _to_endpoint(issuer, endpoint_id)


@pages.get("/<row(webhook_endpoint):endpoint_id>/messages/<row(event):event_id>")
def delivery(issuer_id: int, endpoint_id: int, event_id: int) -> ResponseReturnValue:
    """Shows one message: what was sent, and what was answered at each attempt."""
    issuer, session = staff_scope.issuer(issuer_id), app_context.reading()
    endpoint = endpoint_in_scope(session, issuer, endpoint_id)
    found = _delivery(session, endpoint, event_id)
    body = msgspec.json.format(
        msgspec.json.encode(event_message(found.event, app_context.store().public_ids)), indent=2
    )
    return render_template(
        "issuers/webhooks/delivery.html", issuer=issuer, endpoint=endpoint, found=found, body=body.decode(),
        state_words=STATE_WORDS, failure_words=FAILURE_WORDS,
    )  # fmt: skip


@pages.post("/<row(webhook_endpoint):endpoint_id>/messages/<row(event):event_id>/renvoyer")
def replay(issuer_id: int, endpoint_id: int, event_id: int) -> ResponseReturnValue:
    """Send this message again, under its same id."""
    issuer = staff_scope.issuer(issuer_id)
    with app_context.store().writing() as writing:
        endpoint = endpoint_in_scope(writing, issuer, endpoint_id)
        _delivery(writing, endpoint, event_id)
        replay_event(writing, endpoint, event_id, app_context.now(), current_user.staff().email)
    app_context.store().wake_up.send()
    flash(say("Le message repart."), "good")
    return redirect(
        url_for(".delivery", issuer_id=issuer.id, endpoint_id=endpoint_id, event_id=event_id), 303
    )  # fmt: skip


def endpoint_in_scope(session: Session, issuer: Issuer, endpoint_id: int) -> WebhookEndpoint:
    """Returns the endpoint if it is this issuer's; else aborts with 404."""
    found = endpoint_of_issuer(session, issuer.id, endpoint_id)
    return abort(404) if found is None else found


def _delivery(session: Session, endpoint: WebhookEndpoint, event_id: int) -> ListedDelivery:
    found = delivery_of_event(session, endpoint.id, event_id)
    return abort(404) if found is None else found


def _to_endpoint(issuer: Issuer, endpoint_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", issuer_id=issuer.id, endpoint_id=endpoint_id), 303)
