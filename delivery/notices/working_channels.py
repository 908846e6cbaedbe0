"""By which channels messages reach people: those that they chose, and whose address works."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from bill import Reason
from delivery.notices.notice_preference import NoticeChannel, NoticePreference
from store.accounts.consumer import Consumer
from store.accounts.phone import phones_of
from store.accounts.push_subscription import subscriptions_of

#: A consumer, and how they chose to hear of an account's bills.
Reader = tuple[Consumer, NoticePreference]


def working_channels(session: Session, readers: Collection[Reader]) -> dict[int, frozenset[NoticeChannel]]:
    """Return the channels whose address works, by consumer. One query for each channel besides e-mail that any of them
    chose."""
    works: dict[NoticeChannel, set[int]] = {
        "email": {who.id for who, _ in readers if who.can_be_mailed},
        "sms": _with_phone(session, _who_chose("sms", readers)),
        "push": _with_device(session, _who_chose("push", readers)),
    }
    return {who.id: frozenset(channel for channel, ids in works.items() if who.id in ids) for who, _ in readers}


def reaching(preference: NoticePreference, works: Collection[NoticeChannel]) -> tuple[NoticeChannel, ...]:
    """Return the chosen channels that work, in the order to try them."""
    return tuple(each for each in preference.channels if each in works)


def why_unreached(people: Iterable[tuple[bool, NoticePreference]]) -> Reason:
    """Return why no message reaches any of these people: of each, whether e-mail would, and how they chose to hear."""
    chosen = [preference.channels for can_be_mailed, preference in people if can_be_mailed]
    if not chosen:
        return Reason("no_holder_by_email")
    return Reason("no_channel_works") if any(chosen) else Reason("no_channel_chosen")


def _who_chose(channel: NoticeChannel, readers: Collection[Reader]) -> set[int]:
    return {who.id for who, preference in readers if channel in preference.channels}


def _with_phone(session: Session, consumer_ids: Collection[int]) -> set[int]:
    phones = phones_of(session, consumer_ids) if consumer_ids else {}
    return {consumer_id for consumer_id, phone in phones.items() if phone.can_be_texted}


def _with_device(session: Session, consumer_ids: Collection[int]) -> set[int]:
    devices = subscriptions_of(session, consumer_ids) if consumer_ids else {}
    return {consumer_id for consumer_id, each in devices.items() if each}
