"""A consumer names an address for their new bills; that address is asked whether it wants them."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer, accounts_of
from store.bill_forwarding.forward_address import MOST_FORWARDS, ForwardAddress, forwards_of
from store.db.event import record
from store.db.row_locks import lock_rows
from store.job import request_job

#: The background job whose mail asks the address.
FORWARD_ASKED: Final = "forward_asked"
#: How often one consumer, and all together, may have an address asked in a day.
ASKED_A_DAY: Final = 10
ASKED_AN_ADDRESS: Final = 3

#: `known`: the address gets these bills already, or was asked; `too_many`: the consumer has as many as they may;
#: `not_held`: an account that the consumer does not hold; `asked_too_often`: by anybody, today.
AskRefused = Literal["known", "too_many", "not_held", "asked_too_often"]


def ask_forward(
    session: Session, consumer_id: int, account_id: int | None, email: str, now: datetime
) -> ForwardAddress | AskRefused:
    """Keep the address (in its stored form) and ask for the mail to it; or why that is refused."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    if account_id is not None and account_id not in {each.id for each in accounts_of(session, consumer_id)}:
        return "not_held"
    present = forwards_of(session, consumer_id)
    if any(each.email == email and each.account_id in (None, account_id) for each in present):
        return "known"
    if len(present) >= MOST_FORWARDS:
        return "too_many"
    if _is_asked_too_often(session, consumer_id, email, now):
        return "asked_too_often"
    forward = ForwardAddress(
        consumer_id=consumer_id, account_id=account_id, email=email, state="asked", asked_at=now, confirmed_at=None,
        ended_at=None, ended_because=None,
    )  # fmt: skip
    session.add(forward)
    session.flush()
    record(session, "consumer", consumer_id, "forward asked", now, by=f"consumer {consumer_id}")
    request_job(session, FORWARD_ASKED, {"forward_id": forward.id}, now)
    return forward


def _is_asked_too_often(session: Session, consumer_id: int, email: str, now: datetime) -> bool:
    today = select(func.count()).where(ForwardAddress.asked_at > now - timedelta(days=1))
    mine = session.scalars(today.where(ForwardAddress.consumer_id == consumer_id)).one()
    theirs = session.scalars(today.where(ForwardAddress.email == email)).one()
    return mine >= ASKED_A_DAY or theirs >= ASKED_AN_ADDRESS
