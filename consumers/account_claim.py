"""Claim an account with the code printed on a paper bill.

A code proves only that its holder had a letter sent to the account's address. It is refused when somebody else has
claimed the account since the letter was printed; the next letter carries a new code.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason, number_key
from consumers.claim_code import digest, read_code
from consumers.claim_start import note_stale_code, note_wrong_code
from store.accounts.consumer import Consumer, enrol, holders_of, is_suspended, last_claim_by_others
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_other_holders
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.delivery import Delivery
from store.outbox.account_events import record_holder_event
from store.print_batch import PrintBatch
from store.test_sides.side_customer import may_hold

#: How long a letter's code is valid, from its handover.
CODE_LIFE: Final = timedelta(days=180)
#: Wrong tries that do not block; each one after them blocks the person for longer.
FREE_FAILURES: Final = 5
BLOCKS: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24))
#: Wrong tries, by anybody, after which an account counts as guessed at; each person then has fewer free tries.
GUESSED_AT: Final = 20
FREE_WHERE_GUESSED_AT: Final = 2

_HANDED_OVER: Final = ("handed_over", "acknowledged", "disputed")


class Claimed(Struct, frozen=True):
    """The consumer holds the account; *is_new* is False if they did already. *others* is the number of earlier holders,
    who are notified."""

    account_id: int
    is_new: bool
    others: int = 0


class ClaimRefused(Struct, frozen=True):
    """Why a claim was refused.

    * `wrong`: number and code do not belong together, or the code is too old; the consumer is not told which.
    * `blocked`: too many tries; nothing is checked before *until*.
    * `stale`: somebody else has claimed the account since this code was printed, or its number has passed on.
    * `suspended`: an earlier holder, or the issuer, has suspended this consumer.
    """

    reason: Literal["wrong", "blocked", "stale", "suspended"]
    until: datetime | None = None
    held_id: int | None = None  # of `stale`: the account, where its holders may be asked (`consumers.join_request`)


class _Printed(NamedTuple):
    """The account that a code was printed for, and when that letter was handed over."""

    account: CustomerAccount
    at: datetime


def claim_account(
    session: Session, consumer: Consumer, issuer_id: int, number: str, code: str, now: datetime
) -> Claimed | ClaimRefused:
    """Let a consumer hold the account that this code was printed for, if it is this issuer's and has this number.
    Earlier holders are notified (send the wake-up signal after the commit).

    Number and code may be typed sloppily. An account without a number is claimed by the code alone. Wrong tries block
    the person who makes them and nobody else: the right code still opens an account that others try to guess, since
    there are 2^45 codes.
    """
    person = session.get_one(Consumer, consumer.id, with_for_update=ROW_LOCK, populate_existing=True)
    if person.claim_blocked_until is not None and person.claim_blocked_until > now:
        return ClaimRefused("blocked", person.claim_blocked_until)
    printed = _printed(session, issuer_id, number, code, now)
    if printed is None:
        return _refuse(session, person, issuer_id, number, now)
    account = session.get_one(CustomerAccount, printed.account.id, with_for_update=ROW_LOCK, populate_existing=True)
    return _take(session, person, account, printed.at, now)


def _take(
    session: Session, person: Consumer, account: CustomerAccount, printed_at: datetime, now: datetime
) -> Claimed | ClaimRefused:
    """Enrol the person after the code was found right. The account is locked against other claims."""
    holders = [holder.id for holder in holders_of(session, [account.id]).get(account.id, [])]
    if person.id in holders:
        return Claimed(account.id, False)
    if is_suspended(session, person.id, account.id):
        return ClaimRefused("suspended")
    if not may_hold(session, person.id, account.issuer_id):
        return ClaimRefused("wrong")
    last = last_claim_by_others(session, person.id, account.id)
    if account.standing == "former":
        return _stale(session, account, person, None, now)
    if last is not None and printed_at <= last:
        return _stale(session, account, person, account.id if holders else None, now)
    enrol(session, person.id, account.id, now)
    if not holders and (account.drifted_on is None or account.drifted_on <= printed_at.date()):
        account.start_baseline()
    for tried in (person, account):
        tried.claim_failures, tried.claim_blocked_until = 0, None
    record(session, "account", account.id, "enrolled", now, by=f"consumer {person.id}", why=Reason("code_of_letter"))
    record_holder_event(session, account, "account.claimed", now)
    return Claimed(account.id, True, notify_other_holders(session, account, person, "joined", now))


def _stale(
    session: Session, account: CustomerAccount, person: Consumer, held_id: int | None, now: datetime
) -> ClaimRefused:
    note_stale_code(session, account.id, person.id, now)
    return ClaimRefused("stale", held_id=held_id)


def _printed(session: Session, issuer_id: int, number: str, code: str, now: datetime) -> _Printed | None:
    """Find the letter with this code among this issuer's letters of the last months that were handed over."""
    if read_code(code) is None:
        return None
    query = (
        select(CustomerAccount, Delivery.sent_at)
        .join(BillRow, BillRow.account_id == CustomerAccount.id)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .join(PrintBatch, PrintBatch.id == Delivery.batch_id)
        .where(Delivery.claim_digest == digest(code), Delivery.channel == "paper")
        .where(Delivery.state.in_(["sent", "delivered"]), Delivery.sent_at >= now - CODE_LIFE)
        .where(PrintBatch.state.in_(_HANDED_OVER), CustomerAccount.issuer_id == issuer_id)
    )
    found = (_Printed(account, at) for account, at in session.execute(query) if at is not None)
    return next((each for each in found if _is_number_of(each.account, number)), None)


def _is_number_of(account: CustomerAccount, number: str) -> bool:
    """Whether the account has this number; always True if its letters name none."""
    if not account.asked_number:
        return True
    return hmac.compare_digest(number_key(account.asked_number).encode(), number_key(number).encode())


def _refuse(session: Session, person: Consumer, issuer_id: int, number: str, now: datetime) -> ClaimRefused:
    """Count a wrong try against the person and the accounts of that number; only the person is blocked."""
    person.claim_failures += 1
    is_guessed_at = _counts(session, issuer_id, number, person.id, now)
    over = person.claim_failures - (FREE_WHERE_GUESSED_AT if is_guessed_at else FREE_FAILURES)
    if over < 0:
        return ClaimRefused("wrong")
    person.claim_blocked_until = now + BLOCKS[min(over, len(BLOCKS) - 1)]
    return ClaimRefused("blocked", person.claim_blocked_until)


def _counts(session: Session, issuer_id: int, number: str, consumer_id: int, now: datetime) -> bool:
    """Count a wrong try against the accounts of this number: somebody has begun to claim them. Returns whether the
    number is being guessed at."""
    key = number_key(number)
    if not key:
        return False
    named = (CustomerAccount.issuer_id == issuer_id, CustomerAccount.number_key == key)
    query = select(CustomerAccount.id, CustomerAccount.claim_failures).where(*named, CustomerAccount.term != "address")
    locked = query.order_by(CustomerAccount.id).with_for_update(key_share=True)  # in the order of `store.db.row_locks`
    failures = {row.id: row.claim_failures for row in session.execute(locked)}
    # By ids: otherwise SQLite would use the index of the unique key, by its issuer column alone.
    mine = update(CustomerAccount).where(CustomerAccount.id.in_(failures))
    session.execute(mine.values(claim_failures=CustomerAccount.claim_failures + 1))
    note_wrong_code(session, failures, consumer_id, now)
    return max(failures.values(), default=0) >= GUESSED_AT
