"""Confirms that a phone is its consumer's: a code of six digits goes there, and is typed in.

The code is derived from what the row keeps with a key that is in no database. It is valid for ten minutes and five
tries; a new one makes the one before worthless.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer, accounts_of
from store.accounts.phone import Phone, confirmed_with_number, withdraw_phone
from store.db.event import record
from store.db.row_locks import lock_rows
from store.job import request_job
from store.vault.key_ring import PHONE_CODES, KeyRing, Root

VALID: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
#: The kind of the job that sends a code.
JOB: Final = "phone_code"
_DIGITS: Final = 6


def ask_code(session: Session, consumer_id: int, number: str, now: datetime) -> Phone:
    """Keep this number, not confirmed yet, in place of the one before, and ask for the SMS with its code. Send the
    wake-up signal after the commit."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    phone = session.get(Phone, consumer_id, populate_existing=True)
    if phone is None:
        phone = Phone(consumer_id=consumer_id)
        session.add(phone)
    elif phone.confirmed_at is not None and phone.number != number:
        record(session, "consumer", consumer_id, "phone withdrawn", now, by=f"consumer {consumer_id}")
    phone.number, phone.nonce = number, secrets.token_hex(16)
    phone.code_until, phone.tries, phone.confirmed_at = now + VALID, 0, None
    phone.failed_at, phone.failure = None, ""
    session.flush()
    request_job(session, JOB, {"consumer_id": consumer_id, "nonce": phone.nonce}, now)
    return phone


def phone_code(keys: KeyRing, phone: Phone) -> str:
    """The code that confirms this number, six digits."""
    return _code(keys.present, phone)


def confirm_phone(
    session: Session, keys: KeyRing, consumer_id: int, typed: str, now: datetime
) -> Literal["confirmed", "wrong", "expired"]:
    """Confirm a consumer's number by its code; each call is one try, right or wrong. `expired`: too late, too many
    tries, or no number waits for a code."""
    waiting = (
        Phone.consumer_id == consumer_id, Phone.confirmed_at.is_(None), Phone.tries < MOST_TRIES,
        Phone.code_until > now,
    )  # fmt: skip
    counted = session.execute(update(Phone).where(*waiting).values(tries=Phone.tries + 1))
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        return "expired"
    phone = session.scalars(
        select(Phone).where(Phone.consumer_id == consumer_id).execution_options(populate_existing=True)
    ).one()
    digits = "".join(each for each in typed if each.isascii() and each.isdigit()).encode()
    rights = [hmac.compare_digest(_code(root, phone).encode(), digits) for root in keys.roots]
    if not any(rights):
        return "wrong"
    phone.confirmed_at = now
    record(session, "consumer", consumer_id, "phone confirmed", now, by=f"consumer {consumer_id}")
    _withdraw_from_strangers(session, phone, now)
    return "confirmed"


def _withdraw_from_strangers(session: Session, phone: Phone, now: datetime) -> None:
    """A number may have gone to another person since it was confirmed: who confirms it last has it. Only those who hold
    an account together may share a phone; the others hear of their bills otherwise, or by post."""
    mine = {account.id for account in accounts_of(session, phone.consumer_id)}
    for other in confirmed_with_number(session, phone.number):
        if other != phone.consumer_id and mine.isdisjoint(account.id for account in accounts_of(session, other)):
            withdraw_phone(session, other, now, by=f"consumer {phone.consumer_id}")


def _code(root: Root, phone: Phone) -> str:
    said = f"{phone.consumer_id}\n{phone.number}\n{phone.nonce}".encode()
    chance = int.from_bytes(hmac.digest(root.key(PHONE_CODES), said, "sha256"))
    return f"{chance % 10**_DIGITS:0{_DIGITS}}"
