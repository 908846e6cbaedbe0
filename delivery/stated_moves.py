"""A holder states another postal address. Letters use it at once where they came back from the present one: nobody gets
anything there any more. Otherwise the issuer confirms it first, for who shares an account must not lead away another
one's letters; the other holders are told in either case."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import ColumnElement, Exists, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bill import PostalAddress
from delivery.channels.paper.mend_address import AddressGiver, give_address
from store.accounts.account_notice import AccountNotice
from store.accounts.address_suppression import accounts_to_ask, suppression_of
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_other_holders
from store.accounts.stated_move import MoveEnd, StatedMove, moves_to_give, open_move_of
from store.customers.customer_reference import references_of
from store.db.event import record
from store.db.row_locks import lock_rows
from store.issuer import issuers_by_id
from store.outbox.account_events import address_parts, record_account_event

#: Why an address was given, in the words of its trail.
_STATED: Final = "J’ai déménagé"
MoveDecision = Literal["confirmed", "refused"]


#: What a holder's statement does at once.
StatedState = Literal["applied", "open"]


def state_move(
    session: Session, account_id: int, consumer: Consumer, address: PostalAddress, now: datetime,
    from_day: date | None = None,
) -> StatedState | None:  # fmt: skip
    """Keep what a holder states: `applied` to letters at once, or `open` until the issuer confirms it; for a day that
    is to come (*from_day*; None: at once) it is always `open`. None where it is not for this person to say: they do
    not hold the account, its number is in question or has passed on, its customer has died, or letters came back from
    this very address. Send the wake-up signal after the commit."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    account = session.get(CustomerAccount, account_id, populate_existing=True)
    if account is None or not _may_state(session, account, consumer):
        return None
    if suppression_of(session, account_id, address) is not None:
        return None
    _end_open(session, account_id, "replaced", now)
    is_asked = from_day is None and bool(accounts_to_ask(session, [account]))
    state: StatedState = "applied" if is_asked else "open"
    session.add(StatedMove(
        issuer_id=account.issuer_id, account_id=account_id, consumer_id=consumer.id, at=now, state=state,
        address=msgspec.msgpack.encode(address), ended_at=now if is_asked else None, from_day=from_day,
        given_at=now if is_asked else None,
    ))  # fmt: skip
    session.flush()
    record(session, "account", account_id, "move stated", now, by=f"consumer {consumer.id}")
    begins = None if from_day is None else from_day.isoformat()
    said = {"actor": "holder", "address": address_parts(address), "state": state, "from": begins}
    record_account_event(session, account, "account.move_stated", now, **said)
    if is_asked:
        giver = AddressGiver(f"consumer {consumer.id}", "portal", "holder", consumer.id)
        give_address(session, account_id, address, giver, _STATED, now)
    notify_other_holders(session, account, consumer, "moved", now)
    return state


def decide_move(
    session: Session, account_id: int, decision: MoveDecision, by: str, reason: str, today: date, now: datetime
) -> int | None:  # fmt: skip
    """A named person confirms or refuses what a holder stated. Confirmed for a day that is to come, letters follow on
    that day (`give_due_moves`). Returns how many held letters go on; None where nothing waits (any more)."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    move = open_move_of(session, account_id)
    if move is None or not _end_open(session, account_id, decision, now, by, reason):
        return None
    record(session, "account", account_id, f"move {decision}", now, by=by, why=reason)
    if decision == "refused" or (move.from_day is not None and move.from_day > today):
        return 0
    return _give(session, move, by, reason, now)


def give_due_moves(session: Session, today: date, now: datetime) -> int:
    """Let letters follow the moves that were confirmed for a day that has come; not where another address has become
    known since. Returns how many moves."""
    due = moves_to_give(session, today)
    lock_rows(session, CustomerAccount, CustomerAccount.id.in_([each.account_id for each in due]))
    for move in due:
        if session.scalar(select(_known_since(StatedMove.ended_at)).where(StatedMove.id == move.id)):
            move.given_at = now
        else:
            _give(session, move, move.decided_by, move.words, now)
    return len(due)


def _give(session: Session, move: StatedMove, by: str, reason: str, now: datetime) -> int:
    move.given_at = now
    return give_address(session, move.account_id, move.postal_address, AddressGiver(by), reason, now)


def accounts_that_may_move(session: Session, accounts: Collection[CustomerAccount]) -> set[int]:
    """Which of these accounts a holder may state another address for: not where nobody would hear of it."""
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts})
    heard = {issuer_id for issuer_id, each in issuers.items() if each.closed_at is None and each.private_to is None}
    references = references_of(session, [each.id for each in accounts])
    dead = {account_id for account_id, each in references.items() if each.died_on is not None}
    return {
        each.id
        for each in accounts
        if each.issuer_id in heard
        and each.standing not in {"provisional", "former", "joined"}
        and (each.id not in dead or each.bereavement_verdict == "alive")
    }


def end_overtaken_moves(session: Session, now: datetime) -> int:
    """End the moves whose accounts have had another address since they were stated. Returns how many."""
    return _end(session, _known_since(StatedMove.at), "overtaken", now)


def _known_since(moment: InstrumentedAttribute[Any]) -> Exists:
    """SQL condition: another address of a move's account has become known since this moment."""
    return exists().where(
        AccountNotice.account_id == StatedMove.account_id, AccountNotice.kind == "address_known",
        AccountNotice.at > moment,
    )  # fmt: skip


def _may_state(session: Session, account: CustomerAccount, consumer: Consumer) -> bool:
    is_mine = account.id in {each.id for each in accounts_of(session, consumer.id)}
    return is_mine and account.id in accounts_that_may_move(session, [account])


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
