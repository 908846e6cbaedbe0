"""Chooses the channel again for bills that moved to another account and whose letter has not left."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choose_channel import PAPER, choice_row, choose, inputs_of
from delivery.choosing.planned_delivery import Choice
from delivery.delivery_articles import article_of, with_articles
from store.bills.bill import BillRow
from store.bills.channel_choice import keep_choices
from store.db.event import record
from store.db.state_change import change_state
from store.delivery import MESSAGE_CHANNELS, THE_ADDRESSEE, Delivery, create_deliveries

#: Bills that are looked at together.
_GROUP: Final = 500


def rechoose(session: Session, bill_ids: Collection[int], now: datetime, calendar: Calendar | None = None) -> int:
    """Choose again for those of these bills that are chosen, not viewed, and not printed. Returns how many changed.

    A letter in the open batch is taken out when there is time to wait for a reader. A letter in a closed batch goes
    out; the bill is presented in the portal to the new holders as well.
    """
    chosen = 0
    for rows in _groups(session, bill_ids):
        letters = _letters(session, [row.id for row in rows])
        for row, inputs in inputs_of(session, rows, now, calendar or Calendar()):
            choice = choose(inputs)
            letter = letters.get(row.id)
            collected = {row.id} if inputs.bill.is_collected else set()
            if letter is None or not _wait_again(session, letter, choice, now):
                _create_planned(session, row, choice, now, {"portal"}, collected)
                continue
            _create_planned(session, row, choice, now, {"portal", *MESSAGE_CHANNELS}, collected)
            session.execute(update(BillRow).where(BillRow.id == row.id).values(channel=choice.channel))
            keep_choices(session, [choice_row(row, inputs, choice)])
            record(session, "bill", row.id, "chosen", now, why=Reason.of("chosen_again", channel=choice.channel))
            chosen += 1
    return chosen


def _groups(session: Session, bill_ids: Collection[int]) -> Iterator[list[BillRow]]:
    ids = sorted(bill_ids)
    for start in range(0, len(ids), _GROUP):
        group = BillRow.id.in_(ids[start : start + _GROUP])
        query = select(BillRow).where(group, BillRow.state == "chosen", BillRow.viewed_at.is_(None))
        yield list(session.scalars(query.order_by(BillRow.id).execution_options(populate_existing=True)))


def _letters(session: Session, bill_ids: Collection[int]) -> dict[int, Delivery]:
    query = select(Delivery).where(
        Delivery.bill_id.in_(bill_ids), Delivery.channel == PAPER, Delivery.person_id == THE_ADDRESSEE,
        Delivery.purpose == "print", Delivery.state.in_(["waiting", "ready"]),
    )  # fmt: skip
    locked = query.order_by(Delivery.id).with_for_update(key_share=True)
    return {letter.bill_id: letter for letter in session.scalars(locked)}


def _wait_again(session: Session, letter: Delivery, choice: Choice, now: datetime) -> bool:
    """Change the letter to its new plan. Returns False when it has left meanwhile, or needs no change."""
    planned = next(each for each in choice.deliveries if each.channel == PAPER)
    if planned.state == letter.state == "ready":
        return False
    return change_state(
        session, Delivery, letter.id, ["waiting", "ready"], planned.state, now, why=planned.reason,
        reason=planned.reason, due_at=planned.due_at, batch_id=None, decided_by=planned.decided_by,
        article=article_of(session, letter.issuer_id, planned.reason),
    )  # fmt: skip


def _create_planned(
    session: Session, row: BillRow, choice: Choice, now: datetime, channels: Collection[str], collected: Collection[int]
) -> None:
    planned: list[dict[str, object]] = [
        {"bill_id": row.id, "issuer_id": row.issuer_id, "made_at": now, **msgspec.structs.asdict(each)}
        for each in choice.deliveries
        if each.channel in channels
    ]
    create_deliveries(session, with_articles(session, planned, collected))
