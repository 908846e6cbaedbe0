"""The address of an account's letters, as a person gives it: a named person of staff, or the account's holder. Letters
that wait for it go out with the next batch; so do those whose issuer has sent a whole or another address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from bill import PostalAddress, Reason
from delivery.channels.paper.address_obstacles import address_obstacle
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_address import (
    CAME_BACK,
    HOLDER_DIED,
    INCOMPLETE,
    SUPPRESSED,
    awaits_address,
    letter_address,
)
from delivery.channels.paper.print_batch import join_next_batch
from delivery.reminders.bill_reminders import OVER
from payments.amounts_due import amounts_due
from store.accounts.account_notice import AccountNotice, NewNotice, NoticeChannel, append_notice
from store.accounts.address_suppression import AddressSuppression, lift_suppression, suppressions_of
from store.accounts.bereavement_decision import pack_bereavement
from store.accounts.customer_account import CustomerAccount
from store.accounts.return_reason import WRONG_ADDRESS
from store.bills.bill import PRESENTABLE, BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.delivery import Delivery
from store.issuer import Issuer
from store.outbox.account_events import address_parts, record_account_event
from store.outbox.event_types import Actor

#: Why held letters go on without a person.
_COMPLETED: Final = Reason("address_completed")
_KNOWN: Final = Reason("another_address_known")
#: Held letters that are looked at in one query.
_TOGETHER: Final = 1000


class AddressGiver(msgspec.Struct, frozen=True):
    """Who gives an address: *by* is recorded; by which *channel*, and as what the issuer is told of them."""

    by: str
    channel: NoticeChannel = "staff"
    actor: Actor = "operator"
    consumer_id: int | None = None


def mend_address(
    session: Session, delivery_id: int, address: PostalAddress, by: str, reason: str, now: datetime
) -> int:  # fmt: skip
    """Keep this address for the letters of the account that a held letter goes to, until its issuer sends another one.
    Every letter of the account that waits for an address joins the next batch, but not another one that came back of a
    bill that was paid since. Returns how many; 0 when the letter is no longer held, and then nothing changes."""
    letter = session.get_one(Delivery, delivery_id)
    account_id = session.get_one(BillRow, letter.bill_id).account_id
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    held = _held(session, account_id)
    if delivery_id not in {each.id for each in held}:
        return 0
    done = _need_no_other(session, held, now) - {delivery_id}
    held = [each for each in held if each.id not in done]
    return _give_address(session, account_id, address, AddressGiver(by), reason, now, held)


def give_address(
    session: Session, account_id: int, address: PostalAddress, giver: AddressGiver, reason: str, now: datetime
) -> int:  # fmt: skip
    """Keep this address for the account's letters, until its issuer sends another one. Held letters that wait for an
    address join the next batch, but not those that wait for a decision after a death, and none that came back of a bill
    that was paid since. Returns how many."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    held = [each for each in _held(session, account_id) if each.decided_by == "" and each.reason_code != HOLDER_DIED]
    done = _need_no_other(session, held, now)
    return _give_address(
        session, account_id, address, giver, reason, now, [each for each in held if each.id not in done]
    )


def _give_address(
    session: Session, account_id: int, address: PostalAddress, giver: AddressGiver, reason: str, now: datetime,
    held: Iterable[Delivery],
) -> int:  # fmt: skip
    account = session.get_one(CustomerAccount, account_id, populate_existing=True)
    _keep_address(account, address, now)
    lift_suppression(session, account_id, address, now, giver.by)
    record(session, "account", account_id, "address mended", now, by=giver.by, why=reason)
    append_notice(session, NewNotice(
        account_id=account_id, kind="address_known", at=now, by=giver.by, channel=giver.channel, basis="decision",
        words=reason, consumer_id=giver.consumer_id,
    ))  # fmt: skip
    session.flush()
    parts = address_parts(address)
    record_account_event(session, account, "account.address_mended", now, actor=giver.actor, address=parts)
    why = Reason.of("address_mended", words=reason)
    return sum(join_next_batch(session, each.id, giver.by, why, now) for each in held)


def _held(session: Session, account_id: int) -> list[Delivery]:
    """The account's held letters that wait for another address."""
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    waiting = set(session.scalars(select(Delivery.id).where(Delivery.bill_id.in_(bills), Delivery.state == "failed")))
    held = held_letters(session, len(waiting), ids=waiting)
    return [each.delivery for each in held if awaits_address(each.delivery)]


def _need_no_other(session: Session, letters: Iterable[Delivery], now: datetime) -> set[int]:
    """The ids of those that came back and whose bills were paid since: nobody needs another letter of them."""
    back = {each.id: each.bill_id for each in letters if each.reason_code == CAME_BACK}
    bills = {each.id: each for each in session.scalars(select(BillRow).where(BillRow.id.in_(set(back.values()))))}
    over = {bill_id for bill_id, due in amounts_due(session, bills.values(), now.date()).items() if due.kind in OVER}
    return {letter_id for letter_id, bill_id in back.items() if bill_id in over}


def _keep_address(account: CustomerAccount, address: PostalAddress, now: datetime) -> None:
    """Keep the address for the account's letters; those of an estate go to whoever settles it."""
    decision = account.bereavement_decision
    if decision is not None and decision.verdict == "estate":
        account.bereavement = pack_bereavement(replace(decision, address=address))
        return
    account.mended_address, account.mended_at = msgspec.msgpack.encode(address), now


def release_addressed_letters(session: Session, now: datetime, home_country: str = "FR") -> int:
    """Let held letters go on whose incomplete address has become whole by a later feed, or that waited for another
    address than the one from which mail came back: a letter that came back itself is made anew, unless its bill was
    paid since. Returns how many. *home_country* is the print house's."""
    query = (
        select(Delivery, CustomerAccount, Issuer, BillRow)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.state == "failed", Delivery.channel == "paper", _may_go_on())
        .where(BillRow.state.in_(PRESENTABLE), BillRow.viewed_at.is_(None))
        .order_by(Delivery.id)
        .limit(_TOGETHER)
    )
    released, last = 0, 0
    while rows := session.execute(query.where(Delivery.id > last)).all():
        last = rows[-1].Delivery.id
        suppressed = suppressions_of(session, {row.CustomerAccount.id for row in rows})
        done = _need_no_other(session, [row.Delivery for row in rows], now)
        for letter, account, issuer, bill in rows:
            address = letter_address(account, issuer, bill, home_country)
            if (
                letter.id not in done
                and _is_answered(letter)
                and address_obstacle(address, suppressed.get(account.id, ())) is None
            ):
                why = _COMPLETED if letter.reason_code == INCOMPLETE else _KNOWN
                released += join_next_batch(session, letter.id, "road", why, now)
    return released


def is_held_for_address() -> ColumnElement[bool]:
    """SQL condition: a letter is held whose address is incomplete or suppressed, or came back."""
    why = Delivery.reason_code.in_([INCOMPLETE, SUPPRESSED, CAME_BACK])
    return and_(Delivery.state == "failed", Delivery.channel == "paper", why)


def _may_go_on() -> ColumnElement[bool]:
    """SQL condition: a held letter that nobody has decided about waits for its address to become whole, or for another
    one, and no address of the account is suppressed since the last one became known."""
    account_id = BillRow.account_id
    known_since = exists().where(
        AccountNotice.account_id == account_id, AccountNotice.kind == "address_known",
        AccountNotice.at >= AddressSuppression.at,
    )  # fmt: skip
    unanswered = exists().where(
        AddressSuppression.account_id == account_id, AddressSuppression.lifted_at.is_(None), ~known_since
    )
    replacing = Delivery.__table__.alias("replacing")
    came_back = and_(
        Delivery.reason_code == CAME_BACK, Delivery.decided_by == "",
        ~exists().where(replacing.c.replaces_id == Delivery.id),
    )  # fmt: skip
    incomplete = and_(Delivery.reason_code == INCOMPLETE, Delivery.batch_id.is_(None))
    return or_(incomplete, and_(or_(Delivery.reason_code == SUPPRESSED, came_back), ~unanswered))


def _is_answered(letter: Delivery) -> bool:
    """Whether another address is an answer: not where the addressee refused the letter, or did not fetch it."""
    return letter.reason_code != CAME_BACK or letter.reason.values.get("return_reason") in WRONG_ADDRESS
