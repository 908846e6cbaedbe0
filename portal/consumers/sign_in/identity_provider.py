"""Signing in through an identity provider, such as FranceConnect: leading there, and what follows from its answer.

An identity opens the space that it is linked to. It is linked by somebody who has signed in to that space; or by its
address, where the provider has verified it and is configured to be believed. Any other begins a new space, whose
address is confirmed by mail like every other.
"""

import logging
import secrets
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from config import OidcProvider
from portal import app_context
from portal.access import current_user, identity_providers, password_hash
from portal.access.rate_limiting import slow_down_mails
from portal.consumers.sign_in.begun_identity import BegunIdentity, begin_with, begun_identity
from portal.consumers.sign_in.sign_up import sign_up_here
from portal.form_input import form_value, going, one_line, plain_email, typed_email, wrong_with_email
from portal.translation import say
from store.accounts.consumer import Consumer, consumer_by_email
from store.job import request_job
from store.sign_in.provider_identity import consumer_of_identity, link_identity
from untrusted.openid.identity_provider import Identity
from untrusted.openid.provider_refusal import ProviderRefusal, RefusalCode
from words.catalogue import N_

log = logging.getLogger(__name__)
pages = Blueprint("identity_provider", __name__)

_WORDS: Final[dict[RefusalCode, str]] = {
    "down": N_("{provider} ne répond pas. Réessayez dans quelques minutes, ou entrez votre mot de passe."),
    "denied": N_("{provider} ne nous a pas dit qui vous êtes. Recommencez, ou entrez votre mot de passe."),
    "token": N_("La réponse de {provider} n’est pas sûre : nous ne l’avons pas prise. Entrez votre mot de passe."),
    "answer": N_("Cette réponse de {provider} a trop attendu ou vient d’ailleurs. Recommencez."),
}


@pages.get("/connexion/avec/<provider_id>")
def begin(provider_id: str) -> ResponseReturnValue:
    """Lead to the provider."""
    provider = _provider(provider_id)
    try:
        return redirect(identity_providers.ask(provider, going(), back_url(provider)), 303)
    except ProviderRefusal as refusal:
        return _refused(provider, refusal)


@pages.get("/connexion/retour/<provider_id>")
def come_back(provider_id: str) -> ResponseReturnValue:
    """What the provider answers: an identity, or why there is none."""
    provider, said = _provider(provider_id), request.args
    try:
        asked = identity_providers.answered(provider, said.get("state", ""))
        client = identity_providers.client_of(provider)
        client.check_issuer(said.get("iss"))
        identity = client.identity(_code(), asked.own, back_url(provider), app_context.now())
    except ProviderRefusal as refusal:
        return _refused(provider, refusal)
    if asked.consumer_id:
        return _link(provider, identity, asked.consumer_id)
    return _enter(provider, identity, asked.onwards)


def _code() -> str:
    """Returns the code that the provider answers. Raises ProviderRefusal where it answers an error."""
    if "error" in request.args or not (code := request.args.get("code", "")):
        error = one_line(request.args.get("error", ""), 60)
        raise ProviderRefusal("denied", f"the provider answers {error!r}")
    return code


@pages.get("/inscription/avec/<provider_id>")
def show_sign_up(provider_id: str) -> ResponseReturnValue:
    """Ask for the name and address of a new space, as the provider told them."""
    begun = _begun(_provider(provider_id))
    return _sign_up_page(provider_id, begun.name, begun.email)


@pages.post("/inscription/avec/<provider_id>")
def sign_up(provider_id: str) -> ResponseReturnValue:
    """Sign up without a password; the address is confirmed by mail, and then the identity is linked."""
    _begun(_provider(provider_id))
    name, email = form_value("name", 200), plain_email(typed_email())
    if not name or email is None:
        errors = {"name": "" if name else say("Écrivez votre nom.")}
        errors["email"] = "" if email else wrong_with_email(typed_email())
        return _sign_up_page(provider_id, name, form_value("email"), errors, 422)
    slow_down_mails(email)
    return sign_up_here(name, email, password_hash.hash_password(secrets.token_urlsafe(32)))


def back_url(provider: OidcProvider) -> str:
    """Returns where this provider answers: each has an address of its own, so that none answers for another."""
    return f"{app_context.config().public_url}{url_for('identity_provider.come_back', provider_id=provider.id)}"


def _provider(provider_id: str) -> OidcProvider:
    return identity_providers.provider_named(provider_id) or abort(404)


def _enter(provider: OidcProvider, identity: Identity, onwards: str) -> ResponseReturnValue:
    consumer = consumer_of_identity(app_context.reading(), provider.id, identity.subject)
    if consumer is None and provider.trusts_email and identity.is_email_verified:
        consumer = _link_by_email(provider, identity)
    if consumer is None:
        begin_with(provider.id, identity.subject, identity.name, identity.email)
        session["going"] = onwards
        return redirect(url_for("identity_provider.show_sign_up", provider_id=provider.id), 303)
    entered = current_user.enter(consumer, onwards)
    identity_providers.keep_for_sign_out(provider, identity.id_token)
    return entered


def _link_by_email(provider: OidcProvider, identity: Identity) -> Consumer | None:
    """Returns the consumer whose confirmed address the provider has verified; the identity is linked, and they are told
    by mail."""
    with app_context.store().writing() as writing:
        consumer = consumer_by_email(writing, identity.email) if identity.email else None
        if consumer is None or consumer.confirmed_at is None:
            return None
        if not link_identity(writing, consumer.id, provider.id, identity.subject, app_context.now()):
            return None
        _tell_linked(writing, consumer.id, provider)
    app_context.store().wake_up.send()
    return consumer


def _link(provider: OidcProvider, identity: Identity, consumer_id: int) -> ResponseReturnValue:
    """Link the identity to the space of the visitor, who asked for it and is still there."""
    known = current_user.signed_in_user()
    if known is None or known.consumer is None or known.consumer.id != consumer_id:
        return _refused(provider, ProviderRefusal("answer", "who asked is not there any more"))
    with app_context.store().writing() as writing:
        is_linked = link_identity(writing, consumer_id, provider.id, identity.subject, app_context.now())
        if is_linked:
            _tell_linked(writing, consumer_id, provider)
    app_context.store().wake_up.send()
    if is_linked:
        flash(say("C’est fait : vous pouvez vous connecter par {provider}.", provider=provider.name), "good")
    else:
        said = say(
            "Cette identité ouvre déjà un autre espace, ou le vôtre en a une autre de {provider}.",
            provider=provider.name,
        )
        flash(said, "bad")
    return redirect(url_for("identities.show"), 303)


def _tell_linked(writing: Session, consumer_id: int, provider: OidcProvider) -> None:
    """Ask for the mail that tells of it."""
    particulars = {"consumer_id": consumer_id, "provider": provider.name}
    request_job(writing, "identity_linked", particulars, app_context.now())


def _begun(provider: OidcProvider) -> BegunIdentity:
    """Returns the identity of this provider that begins a space; aborts with 404 without one."""
    begun = begun_identity()
    return begun if begun is not None and begun.provider == provider.id else abort(404)


def _sign_up_page(
    provider_id: str, name: str, email: str, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    provider = _provider(provider_id)
    page = render_template(
        "consumers/sign_in/identity_sign_up.html",
        provider=provider,
        name=name,
        email=email,
        errors=errors or {},
        onwards=going(str(session.get("going", ""))),
    )
    return page, status


def _refused(provider: OidcProvider, refusal: ProviderRefusal) -> ResponseReturnValue:
    """The sign-in page, with what went wrong."""
    log.warning("signing in through %s: %s (%s)", provider.id, refusal, refusal.code)
    error = say(_WORDS[refusal.code], provider=provider.name)
    page = render_template("consumers/sign_in/sign_in.html", email="", error=error, onwards=going(""))
    return page, 422
