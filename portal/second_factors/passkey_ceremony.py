"""What passes between a browser's authenticator and us (W3C Web Authentication, level 3), by py_webauthn.

The challenge lies in the signed session, so it is bound to the browser; it is good for ten minutes and one answer. Our
name (RP id) and origin are those of the public URL. The authenticator must verify its user, by a finger, a face or a
PIN, so that a passkey is two factors by itself.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec
import webauthn
from flask import request, session
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
    structs,
)
from webauthn.helpers.exceptions import WebAuthnException

from portal import app_context
from portal.translation import say
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.passkey import Passkey, note_copied, note_use, passkey_by_credential
from store.sign_in.second_factors import tell_change
from store.sign_in.used_challenge import use_challenge

Purpose = Literal["register", "prove"]

#: In the session, by purpose: the challenge, and until when it is good in seconds since 1970.
_CHALLENGES: Final = "passkey_challenges"
_VALID: Final = timedelta(minutes=10)
#: A challenge that is good for less than this is replaced when a page is shown; else two pages share it.
_RENEWED: Final = timedelta(minutes=5)
_CHALLENGE_BYTES: Final = 32
#: The longest answer of an authenticator that is read.
_LONGEST_ANSWER: Final = 20_000
#: Bytes of a credential's name (W3C Web Authentication, level 3, 7.1 step 26).
_LONGEST_ID: Final = 1023
_NAME: Final = "Facteur"
#: What py_webauthn raises for answers that are wrong, and for those that are none.
_WRONG: Final = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, RecursionError)


class PasskeyRefused(Exception):  # noqa: N818
    """The answer of an authenticator does not hold. *is_copied*: its counter went back."""

    def __init__(self, *, is_copied: bool = False) -> None:
        super().__init__("copied" if is_copied else "refused")
        self.is_copied = is_copied


class _Answer(msgspec.Struct):
    """The part of an answer that says which credential gave it."""

    id: str


def offers_passkeys() -> bool:
    """Returns whether the portal has a name that passkeys can be bound to: an IP address is none."""
    try:
        ip_address(_rp_id())
    except ValueError:
        return True
    return False


def creation_options(owner: FactorOwner, email: str, handle: bytes, known: Sequence[Passkey]) -> str:
    """Returns what the browser is asked in order to make a passkey, as JSON. Those *known* are not made again."""
    options = webauthn.generate_registration_options(
        rp_id=_rp_id(),
        rp_name=_NAME,
        user_id=handle,
        user_name=email,
        user_display_name=email if owner.audience == "consumer" else f"{email} ({_NAME})",
        challenge=_challenge("register"),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each.credential_id) for each in known],
    )
    session["passkey_handle"] = bytes_to_base64url(handle)
    return options_to_json(options)


def request_options() -> str:
    """Returns what the browser is asked in order to use any passkey of ours, as JSON. It names nobody."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_rp_id(),
            challenge=_challenge("prove"),
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def made_passkey(answer: str, name: str) -> Passkey:
    """Returns the passkey that an authenticator made, not stored yet. Raises PasskeyRefused."""
    challenge, handle = _take_challenge("register"), session.pop("passkey_handle", "")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
        is_embedded = _is_embedded(parse_registration_credential_json(answer).response)
    except _WRONG as error:
        raise PasskeyRefused from error
    if is_embedded or len(made.credential_id) > _LONGEST_ID:
        raise PasskeyRefused
    return Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        user_handle=base64url_to_bytes(handle),
        name=name,
        is_synced=made.credential_backed_up,
    )


def proved_passkey(answer: str) -> Passkey:
    """Returns the passkey whose authenticator gave this answer, and notes its use. Raises PasskeyRefused; of a counter
    that went back the owner is told by mail."""
    challenge = _take_challenge("prove")
    try:
        credential_id = base64url_to_bytes(msgspec.json.decode(answer, type=_Answer).id)
    except _WRONG as error:
        raise PasskeyRefused from error
    passkey = passkey_by_credential(app_context.reading(), credential_id)
    if passkey is None:
        raise PasskeyRefused
    try:
        proof = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # compared below, in the statement that stores it
            require_user_verification=True,
        )
        said = parse_authentication_credential_json(answer).response
        is_embedded = _is_embedded(said)
    except _WRONG as error:
        raise PasskeyRefused from error
    if is_embedded or said.user_handle not in {None, passkey.user_handle}:
        raise PasskeyRefused
    _note_use(passkey, proof.new_sign_count)
    return passkey


def typed_answer() -> str:
    """Returns what the authenticator answered, as the page's script wrote it into the form."""
    return request.form.get("answer", "")[:_LONGEST_ANSWER]


def refusal_words(*, is_copied: bool) -> str:
    """Returns what is said of a passkey that was refused."""
    if is_copied:
        return say(
            "Cette clé d’accès est refusée : quelqu’un l’a peut-être copiée. Connectez-vous autrement, puis retirez-la."
        )
    return say("Cette clé d’accès n’est pas connue ici, ou la page a trop attendu. Recommencez.")


def _is_embedded(
    said: structs.AuthenticatorAttestationResponse | structs.AuthenticatorAssertionResponse,
) -> bool:
    """Returns whether a page of another site embedded the one that asked: none of ours may be (W3C WebAuthn 3, 7.1 step
    10, 7.2 step 13)."""
    return bool(parse_client_data_json(said.client_data_json).cross_origin)


def _note_use(passkey: Passkey, sign_count: int) -> None:
    store, now = app_context.store(), app_context.now()
    with store.writing() as writing:
        if note_use(writing, passkey, sign_count, now):
            return
        note_copied(writing, passkey, now)
        tell_change(writing, passkey.owner, "passkey count went back", now, passkey.name)
    store.wake_up.send()
    raise PasskeyRefused(is_copied=True)


def _challenge(purpose: Purpose) -> bytes:
    """Returns the session's challenge for this purpose: a new one, unless another page has been shown one just now."""
    known, now = _challenges(), app_context.now().timestamp()
    text, until = known.get(purpose, ("", 0))
    if until - now < _RENEWED.total_seconds():
        text, until = bytes_to_base64url(os.urandom(_CHALLENGE_BYTES)), int(now + _VALID.total_seconds())
        session[_CHALLENGES] = {**known, purpose: (text, until)}
    return base64url_to_bytes(text)


def _take_challenge(purpose: Purpose) -> bytes:
    """Returns the session's challenge, which is used up whatever the answer is. Raises PasskeyRefused if there is none,
    it has expired, or a copy of this session used it already."""
    known, now = _challenges(), app_context.now()
    text, until = known.pop(purpose, ("", 0))
    session[_CHALLENGES] = known
    if not text or until <= now.timestamp():
        raise PasskeyRefused
    challenge = base64url_to_bytes(text)
    with app_context.store().writing() as writing:
        is_first = use_challenge(writing, challenge, datetime.fromtimestamp(until, UTC), now)
    if not is_first:
        raise PasskeyRefused
    return challenge


def _challenges() -> dict[str, tuple[str, int]]:
    try:
        return msgspec.convert(session.get(_CHALLENGES, {}), dict[str, tuple[str, int]])
    except msgspec.ValidationError:
        return {}


def _rp_id() -> str:
    return urlsplit(app_context.config().public_url).hostname or ""


def _origin() -> str:
    public = urlsplit(app_context.config().public_url)
    return f"{public.scheme}://{public.netloc}"
