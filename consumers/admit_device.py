"""Admit a device to the bill of a one-bill link: somebody has pressed the button on its first page."""

import hashlib
from datetime import datetime
from typing import Final, cast

from sqlalchemy.orm import Session

from consumers.one_bill_access import LinkedBill
from store.accounts.account_notice import NewNotice, NoticeChannel, append_notice
from store.accounts.one_bill_device import OneBillDevice, count_devices, is_known_device
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import lock_rows

#: So many devices open one link; after that it takes a code or signing in.
MOST_DEVICES: Final = 5


def admit_device(session: Session, linked: LinkedBill, secret: str, now: datetime) -> bool:
    """Admit the device that will keep this secret. Returns False if the link was opened on MOST_DEVICES others."""
    delivery = linked.delivery
    lock_rows(session, BillRow, BillRow.id == linked.bill.id)
    n = count_devices(session, delivery.id) + 1
    if n > MOST_DEVICES:
        return False
    session.add(OneBillDevice(delivery_id=delivery.id, n=n, digest=_digest(secret), admitted_at=now))
    by = f"one-bill link of delivery {delivery.id}"
    record(session, "delivery", delivery.id, "device admitted", now, by=by, why=f"{n}/{MOST_DEVICES}")
    opened = NewNotice(
        account_id=linked.account.id, kind="opened_by_link", at=now, key=f"delivery {delivery.id} device {n}",
        consumer_id=delivery.person_id, by="one-bill link", channel=cast("NoticeChannel", delivery.channel),
    )  # fmt: skip
    append_notice(session, opened)
    return True


def is_admitted(session: Session, linked: LinkedBill, secret: str) -> bool:
    """Whether the device that keeps this secret was admitted by this very link."""
    return bool(secret) and is_known_device(session, linked.delivery.id, _digest(secret))


def has_room(session: Session, linked: LinkedBill) -> bool:
    """Whether another device may open the link."""
    return count_devices(session, linked.delivery.id) < MOST_DEVICES


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
