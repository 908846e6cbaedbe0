"""Signed links for mails: confirm an address, reset a password, accept an invitation. Each expires and works once.

A link's data is readable, but cannot be forged. Each names what using it changes (the epoch of a password, the moment
of an invitation), so it works once, and not for anything that came later.
"""

from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from store.accounts.consumer import Consumer
from store.staff_member import Staff

CONFIRM: Final = "confirm"
RESET: Final = "reset"
INVITE: Final = "invite"
STAFF_RESET: Final = "staff reset"

HOUR: Final = 3600
#: Seconds for which each kind of link is valid.
AGES: Final = {CONFIRM: 72 * HOUR, RESET: 2 * HOUR, INVITE: 14 * 24 * HOUR, STAFF_RESET: 2 * HOUR}
#: Punctuation that mail programs append to a link.
_LEFT_BEHIND: Final = " .,;:!?>)]\"'»\N{RIGHT DOUBLE QUOTATION MARK}\N{NO-BREAK SPACE}"

#: `damaged`: not ours, or incomplete; `old`: expired, or from an older version.
Unusable = Literal["damaged", "old"]


class Confirmation(NamedTuple):
    """Confirms an e-mail address; *epoch* names the password that was set at that sign-up."""

    consumer_id: int
    email: str
    epoch: int


class Reset(NamedTuple):
    """Lets a consumer choose a new password. That raises the *epoch*, so the link works once."""

    consumer_id: int
    epoch: int


class Invitation(NamedTuple):
    """Lets a person join the staff; *added* is the moment of the invitation in seconds since 1970, so that a person
    invited again needs the new link."""

    staff_id: int
    added: int


class StaffReset(NamedTuple):
    """Lets a staff member replace the password that has this *fingerprint*."""

    staff_id: int
    fingerprint: str


LinkContent = TypeVar("LinkContent", Confirmation, Reset, Invitation, StaffReset)


def confirmation_link(secret: bytes, consumer: Consumer, epoch: int) -> str:
    """A token that confirms an address and the password of this epoch."""
    return make_link(secret, CONFIRM, Confirmation(consumer.id, consumer.email, epoch))


def reset_link(secret: bytes, consumer: Consumer, epoch: int) -> str:
    """A token to choose a password in place of the one of this epoch."""
    return make_link(secret, RESET, Reset(consumer.id, epoch))


def invitation_link(secret: bytes, staff: Staff) -> str:
    """A token with which a staff member chooses the first password."""
    return make_link(secret, INVITE, Invitation(staff.id, invited_at(staff)))


def staff_reset_link(secret: bytes, staff: Staff) -> str:
    """A token with which a staff member replaces the present password."""
    return make_link(secret, STAFF_RESET, StaffReset(staff.id, staff.fingerprint(secret)))


def invited_at(staff: Staff) -> int:
    """The moment of the invitation in seconds since 1970."""
    return int(staff.added_at.timestamp())


def read_confirmation(secret: bytes, token: str) -> Confirmation | Unusable:
    """The data of a confirmation token, or why it cannot be used."""
    return _read(secret, CONFIRM, token, Confirmation)


def read_reset(secret: bytes, token: str) -> Reset | Unusable:
    """The data of a reset token, or why it cannot be used."""
    return _read(secret, RESET, token, Reset)


def read_invitation(secret: bytes, token: str) -> Invitation | Unusable:
    """The data of an invitation token, or why it cannot be used."""
    return _read(secret, INVITE, token, Invitation)


def read_staff_reset(secret: bytes, token: str) -> StaffReset | Unusable:
    """The data of a staff reset token, or why it cannot be used."""
    return _read(secret, STAFF_RESET, token, StaffReset)


def _read(secret: bytes, purpose: str, token: str, shape: type[LinkContent]) -> LinkContent | Unusable:
    """The data of a token. `damaged` if it is not ours, for another purpose or cut short; `old` if it has expired or
    comes from an older version. Ignores punctuation that a mail program added at the end."""
    try:
        data = _signer(secret, purpose).loads(token.rstrip(_LEFT_BEHIND), max_age=AGES[purpose])
    except SignatureExpired:
        return "old"
    except BadData:
        return "damaged"
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError:
        return "old"


def make_link(secret: bytes, purpose: str, data: Any) -> str:
    """A token for a URL that holds *data* (JSON), for this purpose only."""
    token = _signer(secret, purpose).dumps(data)
    return token if isinstance(token, str) else token.decode()


def _signer(secret: bytes, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"facteur {purpose}", signer_kwargs={"digest_method": sha256})
