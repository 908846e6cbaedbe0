"""What a provider says of itself: its addresses (OpenID Connect Discovery 1.0)."""

from typing import Final

import msgspec

from untrusted.openid.provider_http import ask_provider, check_url
from untrusted.openid.provider_refusal import ProviderRefusal

_WELL_KNOWN: Final = "/.well-known/openid-configuration"


class ProviderMetadata(msgspec.Struct, frozen=True):
    """The addresses of a provider. *authorization_response_iss_parameter_supported*: its answers name it (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False


def read_metadata(issuer: str) -> ProviderMetadata:
    """Returns what the provider of this issuer says of itself. Raises ProviderRefusal, also where it names another."""
    body = ask_provider(issuer.rstrip("/") + _WELL_KNOWN)
    try:
        found = msgspec.json.decode(body, type=ProviderMetadata)
    except msgspec.DecodeError as error:
        raise ProviderRefusal("down", "the provider's metadata cannot be read") from error
    if found.issuer != issuer:
        raise ProviderRefusal("token", "the provider's metadata are another issuer's")
    endpoints = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    for url in (*endpoints, *filter(None, (found.userinfo_endpoint, found.end_session_endpoint))):
        check_url(url)
    return found
