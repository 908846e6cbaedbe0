"""An issuer's payment page: where its customers pay on line, and the secret that the provider shares with us. Set and
changed by an admin; a secret that we make is shown once."""

import os

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from payments.online.provider_settings import ProviderRefused, secret_bytes, secrets_of, set_provider
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.page_address import url_for
from portal.translation import language, say
from store.issuer import Issuer
from store.payments.payment_provider import PaymentProvider, provider_of
from webhooks.signature import SECRET_BYTES, secret_text

pages = Blueprint("payment_provider", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>/paiement")


@pages.get("")
def show(issuer_id: int) -> ResponseReturnValue:
    issuer = staff_scope.issuer(issuer_id)
    return render_template(
        "issuers/payment_provider/provider.html", issuer=issuer, provider=_provider(issuer), events=_events(issuer)
    )


@pages.get("/modifier")
def ask(issuer_id: int) -> ResponseReturnValue:
    return _form(staff_scope.issuer(issuer_id))


@pages.post("/modifier")
def change(issuer_id: int) -> ResponseReturnValue:
    """Set or change the page. Without a secret the present one stays, or a new one is made where there is none or one
    is asked for; the answer shows it, for the only time."""
    issuer, store = staff_scope.issuer(issuer_id), app_context.store()
    typed, provider = form_value("secret", 200), _provider(issuer)
    is_made = not typed and (provider is None or request.form.get("new") == "1")
    by, page, merchant = current_user.staff().email, form_value("page", 500), form_value("merchant", 100)
    try:
        if typed:
            secret = secret_bytes(typed)
        elif provider is None or is_made:
            secret = os.urandom(SECRET_BYTES)
        else:
            secret = secrets_of(store.encryptor, provider)[0]
        with store.writing() as session:
            set_provider(session, store.encryptor, issuer.id, page, merchant, secret, app_context.now(), by)
    except ProviderRefused as refusal:
        return _form(issuer, refusal.spelled(language())), 422
    if is_made:
        told = {"events": _events(issuer), "secret": secret_text(secret)}
        return render_template("issuers/payment_provider/shown_secret.html", issuer=issuer, **told), 201
    flash(say("C’est changé."), "good")
    return redirect(url_for(".show", issuer_id=issuer.id), 303)


def _provider(issuer: Issuer) -> PaymentProvider | None:
    return provider_of(app_context.reading(), issuer.id)


def _events(issuer: Issuer) -> str:
    """Where the provider tells what became of a payment."""
    return f"{app_context.config().public_url}/payment-providers/{issuer.slug}/events"


def _form(issuer: Issuer, wrong: str = "") -> str:
    provider, is_typed = _provider(issuer), request.method == "POST"
    page, merchant = (provider.page_url, provider.merchant) if provider else ("", "")
    return render_template(
        "issuers/payment_provider/provider_form.html",
        issuer=issuer,
        provider=provider,
        page=form_value("page", 500) if is_typed else page,
        merchant=form_value("merchant", 100) if is_typed else merchant,
        wrong=wrong,
    )
