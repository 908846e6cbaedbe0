"""A configured provider: leads people to it, and finds out from its answer who they are there."""

import time
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from untrusted.openid.provider_http import ask_provider
from untrusted.openid.provider_metadata import ProviderMetadata, read_metadata
from untrusted.openid.provider_refusal import ProviderRefusal
from untrusted.openid.signed_claims import Expected, read_id_token, read_signed_userinfo

#: Seconds for which a provider's addresses and keys are kept.
KEPT: Final = 600.0
_LONGEST: Final = 254


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A provider as it is configured. *acr_values* are asked for, and one of them must be answered."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str
    acr_values: tuple[str, ...] = ()


class AskedIdentity(NamedTuple):
    """What one request had of its own: each is random, and known to the browser that asked."""

    state: str
    nonce: str
    verifier: str


class Identity(NamedTuple):
    """Who somebody is at a provider. *subject* is the provider's word for them to us alone. *id_token* may be given
    back when they sign out there; it is kept by their browser only."""

    subject: str
    email: str
    is_email_verified: bool
    name: str
    id_token: str


class _Tokens(msgspec.Struct):
    id_token: str
    access_token: str = ""


class IdentityProvider:
    """One provider, with its addresses and keys as they were answered last."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._metadata: tuple[float, ProviderMetadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def authorization_url(self, asked: AskedIdentity, back: str) -> str:
        """Returns where a person says who they are; the answer comes *back*. Raises ProviderRefusal."""
        settings = self._settings
        query = {
            "response_type": "code", "client_id": settings.client_id, "redirect_uri": back, "scope": settings.scope,
            "state": asked.state, "nonce": asked.nonce, "code_challenge_method": "S256",
            "code_challenge": create_s256_code_challenge(asked.verifier), "prompt": "login",
        }  # fmt: skip
        if settings.acr_values:
            query["acr_values"] = " ".join(settings.acr_values)
        return _with_query(self._addresses().authorization_endpoint, query)

    def check_issuer(self, named: str | None) -> None:
        """Check the issuer that an answer names (RFC 9207): another provider's answer is not taken for this one's.
        Raises ProviderRefusal."""
        must = self._addresses().authorization_response_iss_parameter_supported
        if named != self._settings.issuer and (named is not None or must):
            raise ProviderRefusal("answer", "the answer names another issuer")

    def identity(self, code: str, asked: AskedIdentity, back: str, now: datetime) -> Identity:
        """Returns who gave this code. Raises ProviderRefusal."""
        settings, addresses = self._settings, self._addresses()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": settings.client_id,
            "client_secret": settings.client_secret, "code_verifier": asked.verifier,
        }  # fmt: skip
        try:
            tokens = msgspec.json.decode(ask_provider(addresses.token_endpoint, form), type=_Tokens)
        except msgspec.DecodeError as error:
            raise ProviderRefusal("token", "the answer has no id token") from error
        expected = Expected(settings.issuer, settings.client_id, asked.nonce, settings.acr_values, now)
        claims = read_id_token(tokens.id_token, self._key_set, expected)
        if addresses.userinfo_endpoint and tokens.access_token:
            told = self._userinfo(tokens.access_token, claims["sub"], expected)
            if "email" in told:  # whether it was verified is said beside it
                claims.pop("email_verified", None)
            claims = {**claims, **told}
        return Identity(
            claims["sub"], _text(claims, "email"), claims.get("email_verified") is True, _name(claims), tokens.id_token
        )

    def end_session_url(self, id_token: str, state: str, back: str) -> str:
        """Returns where a person signs out there too; "" if the provider has no such place. Raises ProviderRefusal."""
        if not (url := self._addresses().end_session_endpoint):
            return ""
        return _with_query(url, {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back})

    def _userinfo(self, access_token: str, subject: str, expected: Expected) -> dict[str, Any]:
        body = ask_provider(self._addresses().userinfo_endpoint, bearer=access_token)
        if body.lstrip().startswith(b"{"):
            try:
                told = msgspec.json.decode(body, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise ProviderRefusal("token", "what is told of the person cannot be read") from error
        else:
            told = read_signed_userinfo(body.decode("ascii", "replace").strip(), self._key_set, expected)
        if told.get("sub") != subject:
            raise ProviderRefusal("token", "what is told is of another person")
        return told

    def _addresses(self) -> ProviderMetadata:
        if self._metadata is None or time.monotonic() - self._metadata[0] > KEPT:
            self._metadata = (time.monotonic(), read_metadata(self._settings.issuer))
        return self._metadata[1]

    def _key_set(self, anew: bool) -> KeySet:
        if anew or self._keys is None or time.monotonic() - self._keys[0] > KEPT:
            body = ask_provider(self._addresses().jwks_uri)
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(body, type=dict[str, Any]))  # type: ignore[arg-type]
            except (msgspec.DecodeError, JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderRefusal("down", "the provider's keys cannot be read") from error
            self._keys = (time.monotonic(), keys)
        return self._keys[1]


def _with_query(url: str, query: dict[str, str]) -> str:
    """Returns the address with this query, after the one that it may have (RFC 6749, 3.1)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def _name(claims: dict[str, Any]) -> str:
    given = _text(claims, "given_name"), _text(claims, "family_name")
    return _text(claims, "name") or " ".join(filter(None, given))


def _text(claims: dict[str, Any], name: str) -> str:
    said = claims.get(name)
    return said[:_LONGEST] if isinstance(said, str) else ""
