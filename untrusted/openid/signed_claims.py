"""Reads what a provider has signed: the id token, and what it tells of a person (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from untrusted.openid.provider_refusal import ProviderRefusal

#: Signatures by a key that the provider alone has. Never `none`, never a secret that we have, too.
ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
#: Seconds by which clocks may differ, and the age of a token that was just issued.
LEEWAY: Final = 60
OLDEST: Final = 10 * 60
LONGEST_SUBJECT: Final = 255
#: What joserfc raises for tokens that are wrong, and for those that are none.
_WRONG: Final = (JoseError, ValueError, TypeError, AttributeError, RecursionError)


class Expected(NamedTuple):
    """What a token must say: who issued it to whom, in answer to what, and how surely (*acr*: one of these; none
    given: any)."""

    issuer: str
    client_id: str
    nonce: str
    acr: tuple[str, ...]
    now: datetime


def read_id_token(token: str, keys_of: Callable[[bool], KeySet], expected: Expected) -> dict[str, Any]:
    """Returns the claims of an id token. Raises ProviderRefusal. *keys_of* gives the provider's keys; with True it asks
    for them anew."""
    claims = signed_claims(token, keys_of)
    _check_issuer_and_audience(claims, expected)
    _check_times(claims, expected.now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode("utf-8", "replace"), expected.nonce.encode()):
        raise ProviderRefusal("token", "the nonce is another")
    if expected.acr and claims.get("acr") not in expected.acr:
        raise ProviderRefusal("token", "the person was not identified as surely as was asked")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not _is_plain(subject):
        raise ProviderRefusal("token", "there is no subject")
    return claims


def _is_plain(subject: str) -> bool:
    """Returns whether a subject has printable ASCII alone (OpenID Connect Core 1.0, 2)."""
    return subject.isascii() and subject.isprintable()


def read_signed_userinfo(
    token: str, keys_of: Callable[[bool], KeySet], expected: Expected
) -> dict[str, Any]:  # fmt: skip
    """Returns the claims of a userinfo answer that is a signed JWT, as FranceConnect's is. Raises ProviderRefusal."""
    claims = signed_claims(token, keys_of)
    _check_issuer_and_audience(claims, expected)
    if "exp" in claims:
        _check_times({"iat": claims.get("iat", expected.now.timestamp()), "exp": claims["exp"]}, expected.now)
    return claims


def signed_claims(token: str, keys_of: Callable[[bool], KeySet]) -> dict[str, Any]:
    """Returns the claims of a JWT that one of the provider's keys has signed. Raises ProviderRefusal."""
    try:
        algorithm = jws.extract_compact(token.encode()).headers().get("alg")
    except _WRONG as error:
        raise ProviderRefusal("token", "the token cannot be read") from error
    if algorithm not in ALGORITHMS:
        raise ProviderRefusal("token", f"the token is signed by {str(algorithm)[:20]!r}")
    for anew in (False, True):  # a key that is not known may be one of today's
        try:
            claims = jwt.decode(token, keys_of(anew), algorithms=ALGORITHMS).claims
        except _WRONG:
            continue
        return dict(claims)
    raise ProviderRefusal("token", "no key of the provider has signed the token")


def _check_issuer_and_audience(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise ProviderRefusal("token", "the token is another issuer's")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise ProviderRefusal("token", "the token is for somebody else")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise ProviderRefusal("token", "the token was issued to somebody else")


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    expires, issued, at = claims.get("exp"), claims.get("iat"), now.timestamp()
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        raise ProviderRefusal("token", "the token says no times")
    if not expires > at - LEEWAY:  # a NaN is no time
        raise ProviderRefusal("token", "the token has expired")
    if not at - OLDEST <= issued <= at + LEEWAY:
        raise ProviderRefusal("token", "the token was not issued just now")
