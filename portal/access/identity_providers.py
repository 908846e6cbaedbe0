"""The configured providers by which consumers may sign in, and what a browser asked one of them."""

import hmac
import secrets
from typing import Final, NamedTuple, cast

import msgspec
from flask import Flask, current_app, session

from config import Config, OidcProvider
from portal import app_context
from untrusted.openid.identity_provider import AskedIdentity, IdentityProvider, ProviderSettings
from untrusted.openid.provider_refusal import ProviderRefusal

#: In the session: what this browser asked a provider last. It is answered once.
_ASKED: Final = "identity_asked"
#: Seconds within which a provider must answer.
_VALID: Final = 15 * 60
#: In the session: the provider by which it began, and its id token. A longer one does not fit into a cookie.
_ID_TOKEN: Final = "identity_token"  # noqa: S105
_LONGEST_TOKEN: Final = 1500


class ProviderRequest(NamedTuple):
    """One request of this browser. *consumer_id*: who wants to link an identity to their space; 0: to sign in."""

    provider: str
    state: str
    nonce: str
    verifier: str
    asked_at: int
    consumer_id: int
    onwards: str

    @property
    def own(self) -> AskedIdentity:
        return AskedIdentity(self.state, self.nonce, self.verifier)


def install(app: Flask, config: Config) -> None:
    """Keep the providers, with the addresses and keys that they answer, for the requests of this app."""
    app.extensions["identity_providers"] = {
        each.id: IdentityProvider(_settings(each)) for each in config.oidc_providers
    }


def provider_named(provider_id: str) -> OidcProvider | None:
    """Returns the configured provider of this id, or None."""
    return next((each for each in app_context.config().oidc_providers if each.id == provider_id), None)


def client_of(provider: OidcProvider) -> IdentityProvider:
    """Returns what asks this provider."""
    return cast("dict[str, IdentityProvider]", current_app.extensions["identity_providers"])[provider.id]


def ask(provider: OidcProvider, onwards: str, back: str, consumer_id: int = 0) -> str:
    """Note that this browser asks the provider who its visitor is. Returns where it asks. Raises ProviderRefusal."""
    own = AskedIdentity(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    url = client_of(provider).authorization_url(own, back)
    session[_ASKED] = ProviderRequest(provider.id, *own, int(app_context.now().timestamp()), consumer_id, onwards)
    return url


def answered(provider: OidcProvider, state: str) -> ProviderRequest:
    """Returns what an answer with this *state* answers; it is forgotten, so that none is taken twice. Raises
    ProviderRefusal if this browser asked nothing of the kind, or too long ago."""
    try:
        asked = msgspec.convert(session.pop(_ASKED, None), ProviderRequest)
    except msgspec.ValidationError as error:
        raise ProviderRefusal("answer", "this browser asked nothing") from error
    since = app_context.now().timestamp() - asked.asked_at
    is_its_own = asked.provider == provider.id and hmac.compare_digest(asked.state.encode(), state.encode())
    if not is_its_own or not -60 <= since < _VALID:
        raise ProviderRefusal("answer", "the answer belongs to no request of this browser")
    return asked


def keep_for_sign_out(provider: OidcProvider, id_token: str) -> None:
    """Keep in this browser's session what signs its visitor out at the provider, too; not where it is too long for a
    cookie."""
    if len(id_token) <= _LONGEST_TOKEN:
        session[_ID_TOKEN] = [provider.id, id_token]


def sign_out_url(back: str) -> tuple[OidcProvider, str] | None:
    """Returns the provider by which this session began, and where it signs out there; None where there is none, or
    it does not answer."""
    match session.get(_ID_TOKEN):
        case [str(provider_id), str(id_token)] if (provider := provider_named(provider_id)) is not None:
            try:
                url = client_of(provider).end_session_url(id_token, secrets.token_urlsafe(24), back)
            except ProviderRefusal:
                return None
            return (provider, url) if url else None
    return None


def _settings(provider: OidcProvider) -> ProviderSettings:
    return ProviderSettings(
        issuer=provider.issuer, client_id=provider.client_id, client_secret=provider.client_secret,
        scope=provider.scope, acr_values=provider.acr_values,
    )  # fmt: skip
