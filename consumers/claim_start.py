"""A claim that somebody has begun and not finished: they signed up with a letter's code or its link in hand, or typed
an account's number with a code that does not open it."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal
from urllib.parse import parse_qs

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.claim_code import digest, read_code
from consumers.one_bill_access import linked_bill
from store.accounts.account_notice import NewNotice, append_notice, append_notices
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.vault.key_ring import KeyRing

#: Why a claim failed: its code does not open the account; its code was right and is not any more, for somebody claimed
#: the account since, or its number passed on; it was left at the sign-up.
ClaimFailure = Literal["wrong_code", "stale_code", "sign_up"]
#: How the keys of notices begin that tell of a stale code, and of a sign-up.
_STALE: Final = "stale "
_SIGN_UP: Final = "delivery "
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
        started = NewNotice(account_id=found.account_id, kind="claim_started", at=now, key=f"{_SIGN_UP}{found.id}")
        append_notice(session, started)


def note_sign_up_by_link(session: Session, keys: KeyRing, onwards: str, now: datetime) -> None:
    """The same for somebody who comes from the bill that a letter's link opens: *onwards* is `/f/…/suivre`."""
    found = _FROM_BILL.fullmatch(onwards)
    linked = linked_bill(session, keys, found[1], now) if found else None
    if linked is not None and linked.is_claimable:
        started = NewNotice(
            account_id=linked.account.id, kind="claim_started", at=now, key=f"{_SIGN_UP}{linked.delivery.id}"
        )
        append_notice(session, started)


def note_wrong_code(session: Session, account_ids: Collection[int], consumer_id: int, now: datetime) -> None:
    """Append to the notices of the accounts under a number that this consumer tried to claim it, once a day."""
    append_notices(session, [_tried(account_id, consumer_id, now) for account_id in sorted(account_ids)])


def note_stale_code(session: Session, account_id: int, consumer_id: int, now: datetime) -> None:
    """The same of an account whose code was right before, and is not any more."""
    append_notice(session, _tried(account_id, consumer_id, now, _STALE))


def failure_of(key: str) -> ClaimFailure:
    """How a claim that was begun fails unless somebody follows the account later, by the key of its notice."""
    if key.startswith(_SIGN_UP):
        return "sign_up"
    return "stale_code" if key.startswith(_STALE) else "wrong_code"


def _tried(account_id: int, consumer_id: int, now: datetime, how: str = "") -> NewNotice:
    by = f"consumer {consumer_id}"
    return NewNotice(
        account_id=account_id, kind="claim_started", at=now, key=f"{how}{by} {now:%Y-%m-%d}", consumer_id=consumer_id,
        by=by,
    )  # fmt: skip
