"""A holder states another postal address. Letters use it at once where they came back from the present one: nobody gets
anything there any more. Otherwise the issuer confirms it first, for who shares an account must not lead away another
one's letters; the other holders are told in either case."""

from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from bill import PostalAddress
from delivery.channels.paper.mend_address import AddressGiver, give_address
from store.accounts.account_notice import AccountNotice
from store.accounts.address_suppression import accounts_to_ask, suppression_of
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_other_holders
from store.accounts.stated_move import MoveEnd, StatedMove, open_move_of
from store.customers.customer_reference import references_of
from store.db.event import record
from store.db.row_locks import lock_rows
from store.outbox.account_events import address_parts, record_account_event

#: Why an address was given, in the words of its trail.
_STATED: Final = "J’ai déménagé"
MoveDecision = Literal["confirmed", "refused"]


def state_move(
    session: Session, account_id: int, consumer: Consumer, address: PostalAddress, now: datetime
) -> Literal["applied", "open"] | None:
    """Keep what a holder states: `applied` to letters at once, or `open` until the issuer confirms it. None where it is
    not for this person to say: they do not hold the account, its number is in question, its customer has died, or
    letters came back from this very address. Send the wake-up signal after the commit."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    account = session.get(CustomerAccount, account_id, populate_existing=True)
    if account is None or not _may_state(session, account, consumer):
        return None
    if suppression_of(session, account_id, address) is not None:
        return None
    _end_open(session, account_id, "replaced", now)
    is_asked = bool(accounts_to_ask(session, [account]))
    state: Literal["applied", "open"] = "applied" if is_asked else "open"
    session.add(StatedMove(
        issuer_id=account.issuer_id, account_id=account_id, consumer_id=consumer.id, at=now, state=state,
        address=msgspec.msgpack.encode(address), ended_at=now if is_asked else None,
    ))  # fmt: skip
    session.flush()
    record(session, "account", account_id, "move stated", now, by=f"consumer {consumer.id}")
    parts = address_parts(address)
    record_account_event(session, account, "account.move_stated", now, actor="holder", address=parts, state=state)
    if is_asked:
        giver = AddressGiver(f"consumer {consumer.id}", "portal", "holder", consumer.id)
        give_address(session, account_id, address, giver, _STATED, now)
    notify_other_holders(session, account, consumer, "moved", now)
    return state


def decide_move(
    session: Session, account_id: int, decision: MoveDecision, by: str, reason: str, now: datetime
) -> int | None:  # fmt: skip
    """A named person confirms or refuses what a holder stated. Returns how many held letters go on; None where nothing
    waits (any more)."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    move = open_move_of(session, account_id)
    if move is None or not _end_open(session, account_id, decision, now, by, reason):
        return None
    record(session, "account", account_id, f"move {decision}", now, by=by, why=reason)
    if decision == "refused":
        return 0
    return give_address(session, account_id, move.postal_address, AddressGiver(by), reason, now)


def end_overtaken_moves(session: Session, now: datetime) -> int:
    """End the moves whose accounts have had another address since they were stated. Returns how many."""
    known = exists().where(
        AccountNotice.account_id == StatedMove.account_id, AccountNotice.kind == "address_known",
        AccountNotice.at > StatedMove.at,
    )  # fmt: skip
    return _end(session, known, "overtaken", now)


def _may_state(session: Session, account: CustomerAccount, consumer: Consumer) -> bool:
    if account.standing == "provisional" or account.id not in {each.id for each in accounts_of(session, consumer.id)}:
        return False
    reference = references_of(session, [account.id]).get(account.id)
    is_dead = reference is not None and reference.died_on is not None
    return not is_dead or account.bereavement_verdict == "alive"


def _end_open(
    session: Session, account_id: int, end: MoveEnd, now: datetime, by: str = "", words: str = ""
) -> bool:  # fmt: skip
    return _end(session, StatedMove.account_id == account_id, end, now, by, words) == 1


def _end(
    session: Session, condition: ColumnElement[bool], end: MoveEnd, now: datetime, by: str = "", words: str = ""
) -> int:  # fmt: skip
    mine = update(StatedMove).where(condition, StatedMove.state == "open")
    ended = session.execute(
        mine.values(state=end, ended_at=now, decided_by=by, words=words),
        execution_options={"synchronize_session": False},
    )
    return ended.rowcount  # type: ignore[attr-defined,no-any-return]
