"""Claiming an account: the code printed on a paper bill proves that the bill reached you."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from delivery.claim_code import digest
from store.account import CustomerAccount
from store.bill import BillRow
from store.consumer import Consumer, enrol
from store.delivery import Delivery
from store.event import record
from store.print_batch import PrintBatch

#: How long the code of a letter is good for, from the day the letter was handed over.
CODE_LIFE: Final = timedelta(days=180)
#: So many wrong tries are a person with a bad pen; from the last of them on, each one blocks for longer.
FREE_FAILURES: Final = 5
BLOCKS: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24))

_HANDED_OVER: Final = ("handed_over", "acknowledged", "disputed")
#: What people and issuers put between the digits of an account number.
_SEPARATORS: Final = " -./_\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


class Claimed(Struct, frozen=True):
    """The consumer holds the account; *is_new* is False when that was so already."""

    account_id: int
    is_new: bool


class Refused(Struct, frozen=True):
    """`wrong`: number and code do not belong together, or the code is too old; nobody is told which.
    `blocked`: tried too often, nothing is looked at before *until*."""

    reason: Literal["wrong", "blocked"]
    until: datetime | None = None


def claim(
    session: Session, consumer: Consumer, issuer_id: int, number: str, code: str, now: datetime
) -> Claimed | Refused:
    """Let a consumer hold the account that this code was printed for, if it is this issuer's and has this number.

    Number and code may be typed as people type. An account without a number of its own is claimed by the code alone.
    A wrong try counts against the consumer and against the account of that number, so that neither one person
    guessing many numbers nor many people guessing one gets far.
    """
    person = session.get_one(Consumer, consumer.id, with_for_update=True, populate_existing=True)
    account = _account_of_code(session, issuer_id, number, code, now)
    targets = [account] if account else _accounts_named(session, issuer_id, number)
    for account_id in [each.id for each in targets]:
        session.get_one(CustomerAccount, account_id, with_for_update=True, populate_existing=True)
    if until := _blocked_until([person, *targets], now):
        return Refused("blocked", until)
    if account is None:
        return _refuse([person, *targets], now)
    is_new = enrol(session, person.id, account.id, now)
    if is_new:
        _forgive([person, account])
        record(session, "account", account.id, "enrolled", now, by=f"consumer {person.id}", why="code of a letter")
    return Claimed(account.id, is_new)


def _account_of_code(session: Session, issuer_id: int, number: str, code: str, now: datetime) -> CustomerAccount | None:
    """Whose letter carried the code, among this issuer's letters of the last months that were handed over."""
    query = (
        select(CustomerAccount)
        .join(BillRow, BillRow.account_id == CustomerAccount.id)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .join(PrintBatch, PrintBatch.id == Delivery.batch_id)
        .where(Delivery.claim_digest == digest(code), Delivery.channel == "paper")
        .where(Delivery.state.in_(["sent", "delivered"]), Delivery.sent_at >= now - CODE_LIFE)
        .where(PrintBatch.state.in_(_HANDED_OVER), CustomerAccount.issuer_id == issuer_id)
    )
    return next((account for account in session.scalars(query) if _is_number_of(account, number)), None)


def _is_number_of(account: CustomerAccount, number: str) -> bool:
    if not account.number:
        return True
    return hmac.compare_digest(plain_number(account.number).encode(), plain_number(number).encode())


def plain_number(number: str) -> str:
    """An account number without its looks: capitals, no spaces, hyphens, dots or slashes."""
    return number.upper().translate(dict.fromkeys(map(ord, _SEPARATORS)))


def _accounts_named(session: Session, issuer_id: int, number: str) -> list[CustomerAccount]:
    """The accounts against which a wrong code counts. The issuer's accounts are looked through: failures are few."""
    if not plain_number(number):
        return []
    value: ColumnElement[str] = func.upper(CustomerAccount.value)
    for separator in _SEPARATORS:
        value = func.replace(value, separator, "")
    query = (
        select(CustomerAccount)
        .where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.term != "address")
        .where(value == plain_number(number))
        .order_by(CustomerAccount.id)
    )
    return list(session.scalars(query))


def _blocked_until(tried: Sequence[Consumer | CustomerAccount], now: datetime) -> datetime | None:
    ends = [each.claim_blocked_until for each in tried if each.claim_blocked_until is not None]
    return max((end for end in ends if end > now), default=None)


def _refuse(tried: Sequence[Consumer | CustomerAccount], now: datetime) -> Refused:
    for each in tried:
        each.claim_failures += 1
        over = each.claim_failures - FREE_FAILURES
        if over >= 0:
            each.claim_blocked_until = now + BLOCKS[min(over, len(BLOCKS) - 1)]
    until = _blocked_until(tried, now)
    return Refused("blocked", until) if until else Refused("wrong")


def _forgive(tried: Sequence[Consumer | CustomerAccount]) -> None:
    for each in tried:
        each.claim_failures, each.claim_blocked_until = 0, None
