"""Keeps what a person chose of how to hear of bills, with the event that tells it, and lets go what waits for a digest
that is no longer wanted."""

from datetime import datetime, time

from msgspec.structs import replace
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.notices.notice_preference import (
    NOTICE_CHANNELS,
    NoticeChannel,
    NoticePreference,
    preference_for,
    preference_in,
)
from store.accounts.consumer import Consumer
from store.accounts.notice_preference import NoticePreferenceRow, preference_row
from store.bills.bill import BillRow
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.delivery import ANNOUNCED_IN_DIGEST, Delivery


def choose_notices(
    session: Session, consumer_id: int, account_id: int | None, preference: NoticePreference, now: datetime
) -> bool:
    """Keep this choice for one account, or (None) for all that have none of their own. Returns False if it is theirs
    already. Send the wake-up signal after the commit."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    row = preference_row(session, consumer_id, account_id)
    before = preference_in(row) if row else None
    if before == preference:
        return False
    if row is None:
        row = NoticePreferenceRow(consumer_id=consumer_id, account_id=account_id)
        session.add(row)
    row.channels, row.digest, row.digest_day = " ".join(preference.channels), preference.digest, preference.digest_day
    row.quiet_from, row.quiet_until = preference.quiet_from, preference.quiet_until
    row.language, row.chosen_at = preference.language, now
    session.flush()
    record(
        session, "consumer", consumer_id, "notices chosen", now, by=f"consumer {consumer_id}",
        why=_what(account_id, preference),
    )  # fmt: skip
    if before is None or _digest_of(before) != _digest_of(preference):
        _leave_digest(session, consumer_id, account_id, now)
    return True


def choose_also(session: Session, consumer_id: int, channel: NoticeChannel, now: datetime) -> bool:
    """Add a channel to this person's choice for all accounts. Returns False if it is theirs already, or if they want no
    messages at all. Send the wake-up signal after the commit."""
    chosen = preference_for(session, consumer_id, None) or NoticePreference()
    if not chosen.channels or channel in chosen.channels:
        return False
    channels = tuple(each for each in NOTICE_CHANNELS if each in {*chosen.channels, channel})
    return choose_notices(session, consumer_id, None, replace(chosen, channels=channels), now)


def choose_as_everywhere(session: Session, consumer_id: int, account_id: int, now: datetime) -> bool:
    """Give up the exception for one account: the choice for all accounts holds there again. Returns False if there was
    none. Send the wake-up signal after the commit."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    row = preference_row(session, consumer_id, account_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    record(
        session, "consumer", consumer_id, "notices as everywhere", now, by=f"consumer {consumer_id}",
        why=Reason.of("notices_chosen", account_id=account_id),
    )  # fmt: skip
    _leave_digest(session, consumer_id, account_id, now)
    return True


def _what(account_id: int | None, preference: NoticePreference) -> Reason:
    values: dict[str, str | int | list[str]] = {
        "channels": list(preference.channels), "digest": preference.digest, "digest_day": preference.digest_day,
        "quiet_from": _hour(preference.quiet_from), "quiet_until": _hour(preference.quiet_until),
        "language": preference.language,
    }  # fmt: skip
    return Reason.of("notices_chosen", **(values if account_id is None else values | {"account_id": account_id}))


def _hour(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour else ""


def _digest_of(preference: NoticePreference) -> tuple[str, int, bool]:
    return preference.digest, preference.digest_day, preference.is_by_email


def _leave_digest(session: Session, consumer_id: int, account_id: int | None, now: datetime) -> None:
    """Announce at once, each in a mail of its own, what waits for a digest that the choice was changed of."""
    waiting = select(Delivery.id).join(BillRow, BillRow.id == Delivery.bill_id).where(
        Delivery.person_id == consumer_id, Delivery.reason_code == ANNOUNCED_IN_DIGEST, Delivery.state == "waiting",
        Delivery.attempts == 0, _concerns(consumer_id, account_id),
    )  # fmt: skip
    ids = lock_rows(session, Delivery, Delivery.id.in_(waiting), Delivery.state == "waiting")
    why = Reason("announced_by_email")
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(due_at=now, reason=why))
    record_all(session, "delivery", ids, "waiting", now, why=Reason("digest_left"))


def _concerns(consumer_id: int, account_id: int | None) -> ColumnElement[bool]:
    """SQL condition: the bill is of this account, or (None) of one without a choice of its own."""
    if account_id is not None:
        return BillRow.account_id == account_id
    own = select(NoticePreferenceRow.account_id).where(
        NoticePreferenceRow.consumer_id == consumer_id, NoticePreferenceRow.account_id.is_not(None)
    )
    return BillRow.account_id.not_in(own)
