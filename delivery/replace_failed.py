"""Tells a person by the next channel when a message failed, or sends the bill on paper."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.bill_notice import NOTIFY
from delivery.delivery_articles import article_of
from delivery.notices.notice_preference import NoticeChannel, preferences_of
from delivery.notices.working_channels import reaching, working_channels
from delivery.paper_fallback import is_told_otherwise, replace_by_letter
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.delivery import Delivery, create_deliveries


def replace_failed(session: Session, failed: Delivery, why: Reason, now: datetime) -> bool:
    """Replace a failed message: by a notice on the next channel that its reader chose, else by a letter. Returns False
    when neither is needed: the bill was viewed, or somebody was or may still be told of it otherwise."""
    bill = session.get_one(BillRow, failed.bill_id)
    if bill.viewed_at is None and not is_told_otherwise(session, failed):
        channel = _next_channel(session, failed, bill)
        if channel is not None:
            return _notify(session, failed, channel, why, now)
    return replace_by_letter(session, failed, why, now)


def _next_channel(session: Session, failed: Delivery, bill: BillRow) -> NoticeChannel | None:
    """The first channel by which this person is still reachable and was not told of the bill yet."""
    if failed.person_id is None:
        return None
    pair = (failed.person_id, bill.account_id)
    preference = preferences_of(session, [pair])[pair]
    if not set(preference.channels) - {failed.channel}:
        return None
    reader = session.get_one(Consumer, failed.person_id, populate_existing=True)
    tried = set(
        session.scalars(
            select(Delivery.channel).where(
                Delivery.bill_id == bill.id, Delivery.person_id == reader.id, Delivery.purpose == NOTIFY
            )
        )
    )
    works = working_channels(session, [(reader, preference)])[reader.id]
    return next((each for each in reaching(preference, works) if each not in tried | {failed.channel}), None)


def _notify(session: Session, failed: Delivery, channel: NoticeChannel, why: Reason, now: datetime) -> bool:
    row: dict[str, object] = {
        "bill_id": failed.bill_id, "issuer_id": failed.issuer_id, "person_id": failed.person_id, "channel": channel,
        "purpose": NOTIFY, "state": "ready", "reason": why, "due_at": now, "made_at": now, "replaces_id": failed.id,
        "article": article_of(session, failed.issuer_id, why),
    }  # fmt: skip
    return create_deliveries(session, [row]) == 1
