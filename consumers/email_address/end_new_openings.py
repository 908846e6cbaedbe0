"""Ends what opens a space, and what leads its bills elsewhere, where its owner takes it back: all that was added while
somebody else may have had it. What was there before stays."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consumers.access_grants.end_grants import revoke_grant
from store.access_grants.access_grant import open_grants_of_owner
from store.accounts.phone import phones_of, withdraw_phone
from store.bill_archives.bill_archive import expire_archives
from store.bill_forwarding.forward_address import end_forward, forwards_of
from store.secret_addresses.secret_address import SecretAddress, end_address
from store.sign_in.authenticator_app import AuthenticatorApp
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import cancel_removal, waiting_removal
from store.sign_in.passkey import Passkey
from store.sign_in.provider_identity import ProviderIdentity, unlink_identity
from store.sign_in.recovery_code import RecoveryCode
from store.sign_in.second_factors import forget_spare_codes

#: Whoever steals a session makes themselves at home before they change its address.
BEFORE: Final = timedelta(days=3)


def end_new_openings(session: Session, consumer_id: int, asked_at: datetime, now: datetime) -> int:
    """End what was added since shortly before the change of address that was *asked_at* this moment. Returns how many
    things that were."""
    since = asked_at - BEFORE
    return _end_ways_in(session, consumer_id, since, now) + _end_ways_out(session, consumer_id, since, now)


def _end_ways_in(session: Session, consumer_id: int, since: datetime, now: datetime) -> int:
    owner, by = FactorOwner("consumer", consumer_id), f"consumer {consumer_id}"
    ended = 0
    for column, what in (
        (Passkey.added_at, "passkey removed"), (RecoveryCode.made_at, "recovery codes removed"),
        (AuthenticatorApp.begun_at, "authenticator app removed"),
    ):  # fmt: skip
        if _delete_since(session, owner, column, since):
            owner.record(session, what, now)
            ended += 1
    forget_spare_codes(session, owner)
    if (removal := waiting_removal(session, consumer_id)) is not None and removal.asked_at >= since:
        ended += cancel_removal(session, removal.id, now)
    linked = select(ProviderIdentity.provider).where(ProviderIdentity.consumer_id == consumer_id)
    for provider in session.scalars(linked.where(ProviderIdentity.linked_at >= since)).all():
        ended += unlink_identity(session, consumer_id, provider, now)
    made = select(SecretAddress.kind).where(SecretAddress.consumer_id == consumer_id, SecretAddress.made_at >= since)
    for kind in session.scalars(made.where(SecretAddress.ended_at.is_(None))).all():
        ended += end_address(session, consumer_id, kind, now, by)  # type: ignore[arg-type]
    return ended


def _end_ways_out(session: Session, consumer_id: int, since: datetime, now: datetime) -> int:
    by = f"consumer {consumer_id}"
    asked = [each.id for each in forwards_of(session, consumer_id) if each.asked_at >= since]
    given = [each.id for each in open_grants_of_owner(session, consumer_id) if each.invited_at >= since]
    ended = sum(end_forward(session, each, "owner", now, by) for each in asked)
    ended += sum(revoke_grant(session, each, consumer_id, now) for each in given)
    phone = phones_of(session, [consumer_id]).get(consumer_id)
    if phone is not None and (phone.confirmed_at is None or phone.confirmed_at >= since):
        ended += withdraw_phone(session, consumer_id, now)
    return ended + expire_archives(session, consumer_id, now)


def _delete_since(
    session: Session, owner: FactorOwner, column: InstrumentedAttribute[datetime], since: datetime
) -> int:
    table: Any = column.class_
    gone = session.execute(delete(table).where(owner.has(table), column >= since))
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]
