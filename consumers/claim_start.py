"""A claim that somebody has begun and not finished: they signed up with a letter's code or its link in hand, or typed
an account's number with a code that does not open it."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.claim_code import digest, read_code
from consumers.one_bill_access import linked_bill
from store.accounts.account_notice import NewNotice, append_notice, append_notices
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.vault.key_ring import KeyRing

#: The page that claims the account of a bill from there.
_FROM_BILL: Final = re.compile(r"/f/([^/?]+)/suivre")


def note_sign_up_with_code(session: Session, onwards: str, now: datetime) -> None:
    """Append to the account's notices that somebody signs up on the way to claiming it: *onwards* is the page that they
    go to, `…?code=…`. Nobody is told whether the code was printed."""
    code = read_code(next(iter(parse_qs(onwards.partition("?")[2]).get("code", [])), ""))
    if code is None:
        return
    query = select(BillRow.account_id, Delivery.id).join(Delivery, Delivery.bill_id == BillRow.id)
    found = session.execute(query.where(Delivery.claim_digest == digest(code), Delivery.channel == "paper")).first()
    if found is not None:
        started = NewNotice(account_id=found.account_id, kind="claim_started", at=now, key=f"delivery {found.id}")
        append_notice(session, started)


def note_sign_up_by_link(session: Session, keys: KeyRing, onwards: str, now: datetime) -> None:
    """The same for somebody who comes from the bill that a letter's link opens: *onwards* is `/f/…/suivre`."""
    found = _FROM_BILL.fullmatch(onwards)
    linked = linked_bill(session, keys, found[1], now) if found else None
    if linked is not None and linked.is_claimable:
        started = NewNotice(
            account_id=linked.account.id, kind="claim_started", at=now, key=f"delivery {linked.delivery.id}"
        )
        append_notice(session, started)


def note_wrong_code(session: Session, account_ids: Collection[int], consumer_id: int, now: datetime) -> None:
    """Append to the notices of the accounts under a number that this consumer tried to claim it, once a day."""
    by = f"consumer {consumer_id}"
    append_notices(session, [
        NewNotice(
            account_id=account_id, kind="claim_started", at=now, key=f"{by} {now:%Y-%m-%d}", consumer_id=consumer_id,
            by=by,
        )
        for account_id in sorted(account_ids)
    ])  # fmt: skip
