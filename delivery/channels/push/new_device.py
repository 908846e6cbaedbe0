"""Reads what a browser gives when it subscribes: where its push service is, and its keys. Nothing of it is trusted."""

import base64
import binascii
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from sqlalchemy.orm import Session

from store.accounts.push_subscription import NewSubscription
from store.vault.push_signing_key import signing_key_by_public
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused, read_endpoint_url

#: Characters of an endpoint; those of some push services have four hundred.
LONGEST_ENDPOINT: Final = 1000
_POINT_BYTES: Final = 65
_AUTH_BYTES: Final = 16


class DeviceRefused(Exception):  # noqa: N818
    """This is no subscription of a browser to our key, or its push service cannot be asked."""


def push_rules(rules: EndpointRules) -> EndpointRules:
    """The rules of an installation, for endpoints of push services, which are longer than webhooks'."""
    return replace(rules, most_characters=LONGEST_ENDPOINT)


class GivenDevice(NamedTuple):
    """The parts of a subscription as a browser spells them (base64url). *signing_key* is ours that it subscribed with,
    *name* what its person is told of the device."""

    endpoint: str
    p256dh: str
    auth: str
    signing_key: str
    name: str


def new_device(session: Session, given: GivenDevice, rules: EndpointRules) -> NewSubscription:
    """Return the subscription. Raises DeviceRefused. The address of the endpoint's host is looked at before each
    message, not here."""
    try:
        read_endpoint_url(given.endpoint, push_rules(rules))
        public_key, auth_secret, ours = map(_bytes, (given.p256dh, given.auth, given.signing_key))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except (EndpointUrlRefused, ValueError) as error:
        raise DeviceRefused(type(error).__name__) from error
    key = signing_key_by_public(session, ours)
    if len(public_key) != _POINT_BYTES or len(auth_secret) != _AUTH_BYTES or key is None:
        raise DeviceRefused("a key of another length, or not ours")
    return NewSubscription(given.endpoint, public_key, auth_secret, key.id, given.name)


def base64url(value: bytes) -> str:
    """Bytes as browsers spell them, without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("no base64url") from error
