"""The ways to hear of bills that a person may choose now: e-mail, and what their phone and devices allow."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from delivery.notices.notice_preference import NoticeChannel
from portal.translation import say
from store.accounts.phone import phones_of
from store.accounts.phone_number import shown_number
from store.accounts.push_subscription import subscriptions_of


class NoticeWay(NamedTuple):
    """A channel, and what stands at its box."""

    channel: NoticeChannel
    words: str


def notice_ways(session: Session, consumer_id: int) -> list[NoticeWay]:
    """Returns the ways that this person may choose. One whose address does not work is left out."""
    ways = [NoticeWay("email", say("Par courriel"))]
    phone = phones_of(session, [consumer_id]).get(consumer_id)
    if phone is not None and phone.can_be_texted:
        ways.append(NoticeWay("sms", say("Par SMS au {number}", number=shown_number(phone.number))))
    if subscriptions_of(session, [consumer_id])[consumer_id]:
        ways.append(NoticeWay("push", say("Par notification sur vos appareils")))
    return ways
