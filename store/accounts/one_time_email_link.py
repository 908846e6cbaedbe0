"""Signed links for mails: confirm an address, reset a password, accept an invitation. Each expires and works once.

A link's data is readable, but cannot be forged. It begins with the id of the root whose key signed it; links made
before roots had ids have none.
 Each names what using it changes (the epoch of a password, the moment
of an invitation), so it works once, and not for anything that came later.
"""

import re
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from store.accounts.consumer import Consumer
from store.accounts.stopped_mail import StoppableMail
from store.staff_member import Staff
from store.vault.key_ring import LINKS, KeyRing, RootMissing

CONFIRM: Final = "confirm"
RESET: Final = "reset"
INVITE: Final = "invite"
STAFF_RESET: Final = "staff reset"
OBJECT: Final = "object"
STOP: Final = "stop mails"
DEVICE: Final = "unknown device"
STAFF_DEVICE: Final = "staff unknown device"
FORWARD_CONFIRM: Final = "confirm forwarding"
FORWARD_STOP: Final = "stop forwarding"
EMAIL_CHANGE: Final = "email change"
EMAIL_BACK: Final = "email back"
LOST_FACTOR: Final = "lost second factor"
KEEP_FACTORS: Final = "keep second factors"
CAMPAIGN: Final = "campaign invitation"
CAMPAIGN_STOP: Final = "stop campaign invitations"

HOUR: Final = 3600
#: Seconds for which each kind of link is valid.
AGES: Final = {
    CONFIRM: 72 * HOUR, RESET: 2 * HOUR, INVITE: 14 * 24 * HOUR, STAFF_RESET: 2 * HOUR, OBJECT: 730 * 24 * HOUR,
    STOP: 1825 * 24 * HOUR, LOST_FACTOR: 2 * HOUR, KEEP_FACTORS: 90 * 24 * HOUR,
    DEVICE: 7 * 24 * HOUR, STAFF_DEVICE: 7 * 24 * HOUR,
    FORWARD_CONFIRM: 14 * 24 * HOUR, FORWARD_STOP: 3650 * 24 * HOUR,
    CAMPAIGN: 365 * 24 * HOUR, CAMPAIGN_STOP: 3650 * 24 * HOUR,
    EMAIL_CHANGE: 72 * HOUR, EMAIL_BACK: 144 * HOUR,
}  # fmt: skip
#: Punctuation that mail programs append to a link.
_LEFT_BEHIND: Final = " .,;:!?>)]\"'»\N{RIGHT DOUBLE QUOTATION MARK}\N{NO-BREAK SPACE}"

#: A root's id, then data, moment and signature. Data may begin with a dot.
_WITH_ROOT: Final = re.compile(r"([0-9a-f]{8})\.(.+\..+\..+)")

#: `damaged`: not ours, or incomplete; `old`: expired, from an older version, or of a root that is gone.
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


class Objection(NamedTuple):
    """Lets a holder keep paper, or have it again, for as long as they hold the account: the link of a notice works as
    often as it is used."""

    account_id: int
    consumer_id: int


class MailStop(NamedTuple):
    """Stops e-mails of a kind to a consumer, as often as it is used."""

    consumer_id: int
    kind: StoppableMail


class UnknownDevice(NamedTuple):
    """Ends a consumer's session and lets them choose a new password, which raises the *epoch*: then it is used."""

    consumer_id: int
    epoch: int
    session_row: int


class StaffUnknownDevice(NamedTuple):
    """Ends a session of a staff member and lets them replace the password that has this *fingerprint*."""

    staff_id: int
    fingerprint: str
    session_row: int


class ForwardLink(NamedTuple):
    """Lets whoever reads an address accept the bills that are forwarded there, or stop them."""

    forward_id: int


class CampaignLink(NamedTuple):
    """Shows the page of a campaign's invitation, which opens nothing; or stops invitations to whoever got it, as often
    as it is used."""

    invitation_id: int


class EmailChangeLink(NamedTuple):
    """Confirms a change of an e-mail address, or stops it or takes it back."""

    change_id: int


class LostFactor(NamedTuple):
    """Begins the wait after which a consumer's second factors are removed. *removals* is how often that was asked for
    before, so that the link works once; a new password (*epoch*) ends it."""

    consumer_id: int
    epoch: int
    removals: int


class KeepFactors(NamedTuple):
    """Cancels a removal of second factors, by whoever has the mail."""

    removal_id: int


LinkContent = TypeVar(
    "LinkContent", Confirmation, Reset, Invitation, StaffReset, Objection, MailStop, UnknownDevice, StaffUnknownDevice,
    ForwardLink, EmailChangeLink, LostFactor, KeepFactors, CampaignLink,
)  # fmt: skip


def confirmation_link(keys: KeyRing, consumer: Consumer, epoch: int) -> str:
    """A token that confirms an address and the password of this epoch."""
    return make_link(keys, CONFIRM, Confirmation(consumer.id, consumer.email, epoch))


def reset_link(keys: KeyRing, consumer: Consumer, epoch: int) -> str:
    """A token to choose a password in place of the one of this epoch."""
    return make_link(keys, RESET, Reset(consumer.id, epoch))


def invitation_link(keys: KeyRing, staff: Staff) -> str:
    """A token with which a staff member chooses the first password."""
    return make_link(keys, INVITE, Invitation(staff.id, invited_at(staff)))


def staff_reset_link(keys: KeyRing, staff: Staff) -> str:
    """A token with which a staff member replaces the present password."""
    return make_link(keys, STAFF_RESET, StaffReset(staff.id, staff.fingerprint(keys)))


def objection_link(keys: KeyRing, account_id: int, consumer_id: int) -> str:
    """A token by which a holder objects to bills without paper."""
    return make_link(keys, OBJECT, Objection(account_id, consumer_id))


def read_objection(keys: KeyRing, token: str) -> Objection | Unusable:
    """The data of an objection token, or why it cannot be used."""
    return _read(keys, OBJECT, token, Objection)


def mail_stop_link(keys: KeyRing, consumer_id: int, kind: StoppableMail) -> str:
    """A token by which a consumer stops e-mails of this kind."""
    return make_link(keys, STOP, MailStop(consumer_id, kind))


def read_mail_stop(keys: KeyRing, token: str) -> MailStop | Unusable:
    """The data of a token that stops e-mails, or why it cannot be used."""
    return _read(keys, STOP, token, MailStop)


def unknown_device_link(keys: KeyRing, consumer: Consumer, session_row: int) -> str:
    """A token by which a consumer ends a session that was not theirs."""
    return make_link(keys, DEVICE, UnknownDevice(consumer.id, consumer.session_epoch, session_row))


def read_unknown_device(keys: KeyRing, token: str) -> UnknownDevice | Unusable:
    """The data of a token that ends a consumer's session, or why it cannot be used."""
    return _read(keys, DEVICE, token, UnknownDevice)


def staff_unknown_device_link(keys: KeyRing, staff: Staff, session_row: int) -> str:
    """A token by which a staff member ends a session that was not theirs."""
    return make_link(keys, STAFF_DEVICE, StaffUnknownDevice(staff.id, staff.fingerprint(keys), session_row))


def read_staff_unknown_device(keys: KeyRing, token: str) -> StaffUnknownDevice | Unusable:
    """The data of a token that ends a session of staff, or why it cannot be used."""
    return _read(keys, STAFF_DEVICE, token, StaffUnknownDevice)


def lost_factor_link(keys: KeyRing, consumer: Consumer, removals: int) -> str:
    """A token that begins the wait for the removal of second factors."""
    return make_link(keys, LOST_FACTOR, LostFactor(consumer.id, consumer.session_epoch, removals))


def read_lost_factor(keys: KeyRing, token: str) -> LostFactor | Unusable:
    """The data of a token that begins that wait, or why it cannot be used."""
    return _read(keys, LOST_FACTOR, token, LostFactor)


def keep_factors_link(keys: KeyRing, removal_id: int) -> str:
    """A token that cancels a removal of second factors."""
    return make_link(keys, KEEP_FACTORS, KeepFactors(removal_id))


def read_keep_factors(keys: KeyRing, token: str) -> KeepFactors | Unusable:
    """The data of a token that cancels a removal, or why it cannot be used."""
    return _read(keys, KEEP_FACTORS, token, KeepFactors)


def forward_confirmation_link(keys: KeyRing, forward_id: int) -> str:
    """A token by which an address accepts the bills that are forwarded there."""
    return make_link(keys, FORWARD_CONFIRM, ForwardLink(forward_id))


def read_forward_confirmation(keys: KeyRing, token: str) -> ForwardLink | Unusable:
    """The data of a token that accepts forwarded bills, or why it cannot be used."""
    return _read(keys, FORWARD_CONFIRM, token, ForwardLink)


def forward_stop_link(keys: KeyRing, forward_id: int) -> str:
    """A token by which an address stops the bills that are forwarded there."""
    return make_link(keys, FORWARD_STOP, ForwardLink(forward_id))


def read_forward_stop(keys: KeyRing, token: str) -> ForwardLink | Unusable:
    """The data of a token that stops forwarded bills, or why it cannot be used."""
    return _read(keys, FORWARD_STOP, token, ForwardLink)


def campaign_link(keys: KeyRing, invitation_id: int) -> str:
    """A token that shows the page of an invitation."""
    return make_link(keys, CAMPAIGN, CampaignLink(invitation_id))


def read_campaign(keys: KeyRing, token: str) -> CampaignLink | Unusable:
    """The data of a token that shows the page of an invitation, or why it cannot be used."""
    return _read(keys, CAMPAIGN, token, CampaignLink)


def campaign_stop_link(keys: KeyRing, invitation_id: int) -> str:
    """A token by which whoever got an invitation gets no more."""
    return make_link(keys, CAMPAIGN_STOP, CampaignLink(invitation_id))


def read_campaign_stop(keys: KeyRing, token: str) -> CampaignLink | Unusable:
    """The data of a token that stops invitations, or why it cannot be used."""
    return _read(keys, CAMPAIGN_STOP, token, CampaignLink)


def email_change_link(keys: KeyRing, change_id: int) -> str:
    """A token by which the new mailbox confirms a change of address."""
    return make_link(keys, EMAIL_CHANGE, EmailChangeLink(change_id))


def read_email_change(keys: KeyRing, token: str) -> EmailChangeLink | Unusable:
    """The data of a token that confirms an address, or why it cannot be used."""
    return _read(keys, EMAIL_CHANGE, token, EmailChangeLink)


def email_back_link(keys: KeyRing, change_id: int) -> str:
    """A token by which the old mailbox stops a change of address, or takes it back."""
    return make_link(keys, EMAIL_BACK, EmailChangeLink(change_id))


def read_email_back(keys: KeyRing, token: str) -> EmailChangeLink | Unusable:
    """The data of a token that stops a change of address, or why it cannot be used."""
    return _read(keys, EMAIL_BACK, token, EmailChangeLink)


def invited_at(staff: Staff) -> int:
    """The moment of the invitation in seconds since 1970."""
    return int(staff.added_at.timestamp())


def read_confirmation(keys: KeyRing, token: str) -> Confirmation | Unusable:
    """The data of a confirmation token, or why it cannot be used."""
    return _read(keys, CONFIRM, token, Confirmation)


def read_reset(keys: KeyRing, token: str) -> Reset | Unusable:
    """The data of a reset token, or why it cannot be used."""
    return _read(keys, RESET, token, Reset)


def read_invitation(keys: KeyRing, token: str) -> Invitation | Unusable:
    """The data of an invitation token, or why it cannot be used."""
    return _read(keys, INVITE, token, Invitation)


def read_staff_reset(keys: KeyRing, token: str) -> StaffReset | Unusable:
    """The data of a staff reset token, or why it cannot be used."""
    return _read(keys, STAFF_RESET, token, StaffReset)


def _read(keys: KeyRing, purpose: str, token: str, shape: type[LinkContent]) -> LinkContent | Unusable:
    """The data of a token. `damaged` if it is not ours, for another purpose or cut short; `old` if it has expired or
    comes from an older version or a root that is gone. Ignores punctuation that a mail program added at the end."""
    try:
        key, signed = _signed_with(keys, token.rstrip(_LEFT_BEHIND))
        data = _signer(key, purpose).loads(signed, max_age=AGES[purpose])
    except (SignatureExpired, RootMissing):
        return "old"
    except BadData:
        return "damaged"
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError:
        return "old"


def make_link(keys: KeyRing, purpose: str, data: Any) -> str:
    """A token for a URL that holds *data* (JSON), for this purpose only."""
    token = _signer(keys.key(LINKS), purpose).dumps(data)
    return f"{keys.present.id}.{token if isinstance(token, str) else token.decode()}"


def _signed_with(keys: KeyRing, token: str) -> tuple[bytes | list[bytes], str]:
    """The keys that may have signed a token, and the token without its root's id. Raises RootMissing."""
    if found := _WITH_ROOT.fullmatch(token):
        return keys.root(found[1]).key(LINKS), found[2]
    return keys.keys_before(LINKS), token


def _signer(key: bytes | list[bytes], purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"facteur {purpose}", signer_kwargs={"digest_method": sha256})
