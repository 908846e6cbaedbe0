"""Begins a person's digest: gathers the notices that are due for it, and records an attempt at each.

All have one Message-ID, kept in the attempts. A digest whose outcome is unknown goes again under it with the same
notices, less those that nobody needs any more; what has become due since goes in the next.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, literal_column, select, update
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import begin_attempt, lease_deliveries
from delivery.channels.bill_notice import NOTIFY
from delivery.channels.email.mail_addresses import mail_addresses
from delivery.channels.email.mails.bills.digest_mail import DigestMail
from delivery.channels.sendable_notices import SendableNotice, notice_rows, sendable_notices
from delivery.channels.started_message import StartedMessage
from store.db.event import record_all
from store.db.leases import is_unleased
from store.delivery import ANNOUNCED_IN_DIGEST, OPEN_STATES, Attempt, Delivery
from store.vault.key_ring import KeyRing

#: The most bills in one digest; more go in a second.
MOST_BILLS: Final = 60


def is_in_digest(delivery: Delivery) -> bool:
    """Whether this notice goes out with others of the same person."""
    return delivery.reason_code == ANNOUNCED_IN_DIGEST and delivery.purpose == NOTIFY


def begin_digest(
    session: Session, person_id: int, host: str, public_url: str, keys: KeyRing, now: datetime, calendar: Calendar
) -> tuple[int, StartedMessage[DigestMail] | None]:
    """Record the start of an attempt at this person's digest. Send only once this is committed.

    *host* is the right-hand side of the Message-ID; *keys* sign the links to the bills. Returns how many deliveries
    were handled, and the e-mail: None when nothing is left to say, or when another process has it.
    """
    due, today = _due_for_digest(session, person_id, now), calendar.day_of(now)
    ids, message_id = _same_mail(session, due)
    if not ids or (message_id and _is_under_way(session, person_id, message_id)):
        return 0, None
    _promote(session, ids, now)
    notices = sendable_notices(
        session, notice_rows(session, ids), mail_addresses, public_url, now, today, keys, calendar
    )
    if not notices:
        return len(ids), None
    kept = [each.delivery_id for each in notices]
    lease_deliveries(session, kept)
    name = message_id or f"<g{kept[0]}@{host}>"
    started = [begin_attempt(session, each, host, now, name) for each in kept]
    attempts = tuple(each for each in started if each is not None)
    return len(ids), StartedMessage(attempts, notices[0].to, _digest(notices, public_url))


def _due_for_digest(session: Session, person_id: int, now: datetime) -> list[int]:
    """Lock the notices of this person's digest that are due, by their ids; whoever comes second finds them taken."""
    query = select(Delivery.id).where(
        _is_in_digest_of(person_id), Delivery.state.in_(["waiting", "ready"]), Delivery.due_at <= now,
        is_unleased(Delivery),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Delivery.id).limit(MOST_BILLS).with_for_update(key_share=True)))


def _same_mail(session: Session, due: Collection[int]) -> tuple[list[int], str]:
    """Those that go in one e-mail: the first, and what was last attempted, or never attempted, together with it. Also
    its Message-ID, "" for a new one."""
    attempts = select(Attempt.delivery_id, Attempt.message_id).where(Attempt.delivery_id.in_(due)).order_by(Attempt.n)
    last = dict(session.execute(attempts).tuples().all())
    first = last.get(min(due), "") if due else ""
    return [each for each in due if last.get(each, "") == first], first


def _is_under_way(session: Session, person_id: int, message_id: str) -> bool:
    """Whether a part of that e-mail is still being attempted, or not yet found to be in doubt."""
    attempted = exists().where(Attempt.delivery_id == Delivery.id, Attempt.message_id == message_id)
    rest = select(Delivery.id).where(_is_in_digest_of(person_id), Delivery.state == "attempting", attempted)
    return session.scalar(rest.limit(1)) is not None


def _is_in_digest_of(person_id: int) -> ColumnElement[bool]:
    """SQL condition, in the words of the partial index: an open notice of this person's digest."""
    return and_(
        Delivery.person_id == person_id,
        Delivery.reason_code == literal_column(f"'{ANNOUNCED_IN_DIGEST}'"),
        Delivery.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES]),
        Delivery.channel == "email",
        Delivery.purpose == NOTIFY,
    )


def _promote(session: Session, ids: Collection[int], now: datetime) -> None:
    """A digest takes along what is due but was not yet promoted."""
    waiting = list(session.scalars(select(Delivery.id).where(Delivery.id.in_(ids), Delivery.state == "waiting")))
    session.execute(update(Delivery).where(Delivery.id.in_(waiting)).values(state="ready"))
    record_all(session, "delivery", waiting, "ready", now)


def _digest(notices: Collection[SendableNotice], public_url: str) -> DigestMail:
    """In the language that was chosen for all these accounts, else in the reader's own."""
    [first, *_] = notices
    languages = {each.notice.language for each in notices}
    return DigestMail(
        language=first.notice.language if len(languages) == 1 else first.reader_language,
        name=first.notice.name,
        notices=tuple(each.notice for each in notices),
        url=f"{public_url}/",
        choice_url=f"{public_url}/courriels",
        paper_url=first.notice.paper_url,
    )
