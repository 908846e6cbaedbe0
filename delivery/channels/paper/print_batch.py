"""Print batches: ready letters join the open batch of their print house, and each batch is closed at its house's
cut-off.

A letter's house is the first whose rule it fits (`delivery.channels.paper.print_houses`). Batches of a house that is no
longer configured are left alone: operators are told (`audit.houseless_batches`).

A letter with an incomplete or suppressed address or an unreadable PDF, or one that came back, fails with its reason and
is held for a person (`delivery.channels.paper.held_letters`); `print_again` sends it out again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bill import Reason, country_code
from delivery.channels.paper.address_obstacles import address_obstacle, use_address_again
from delivery.channels.paper.letter_address import letter_address
from delivery.channels.paper.print_houses.configured_houses import ConfiguredHouse, PrintHouses, sole_house
from delivery.channels.paper.print_houses.letter_rule import LetterFacts
from delivery.letter_holds import held_for
from store.accounts.address_suppression import suppressions_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.letter_hold import holds_of
from store.base import SqlMoment, insert_new
from store.bills.bill import BillRow
from store.campaigns.letter_invitation import bind_to_letters
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import Attempt, Delivery, create_deliveries, is_any_due, next_due, next_print
from store.issuer import Issuer
from store.print_batch import TEST_HOUSE, PrintBatch, house_of_side, is_of_print_house, next_part

#: Letters that join in one transaction.
GROUP: Final = 500
#: Most letters in one batch, so that no letter waits long for the others to be composed.
MOST_LETTERS: Final = 10_000
#: The house of whoever names none, with the default equipment.
_SOLE_HOUSE: Final = sole_house(Path("outbox"))


def awaits_printing(now: SqlMoment) -> ColumnElement[bool]:
    """Return the SQL condition that letters wait to join a batch, or a batch waits to be closed or handed over."""
    past = and_(PrintBatch.state == "open", PrintBatch.cut_off_at <= now)
    kinds = (past, PrintBatch.state == "closed")
    return or_(is_any_due(now, "ready", "paper"), *(exists().where(kind) for kind in kinds))


def is_closing(now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that an open batch is at its cut-off."""
    return exists().where(PrintBatch.state == "open", PrintBatch.cut_off_at <= now)


def join_batch(session: Session, now: datetime, houses: PrintHouses = _SOLE_HOUSE) -> int:
    """Add ready letters to the open batches of their houses (opened where there is none), an equal share of each
    issuer's. A letter whose address is incomplete or suppressed fails, and one that a named person keeps back is held
    by them.

    A test side's letters join a batch of its own, of no print house.

    Returns how many were looked at, at most GROUP; call again until it returns 0.
    """
    # The batches are locked before their letters: PostgreSQL keeps the lock of a row that another worker has just put
    # into a batch, though the query passes over it, and whoever closes the batch waits for that row.
    batches = {batch.house: batch for batch in _lock_open_batches(session, houses)}
    due = (
        select(Delivery.id, CustomerAccount, Issuer, BillRow)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.id.in_(next_due(session, now, "ready", "paper", GROUP)))
    )
    rows = session.execute(due).all()
    accounts = {row.CustomerAccount.id for row in rows}
    suppressed, holds = suppressions_of(session, accounts), holds_of(session, accounts)
    joining: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        house = _house_of(*row[1:], houses)
        slug = house_of_side(row.Issuer.id) if row.Issuer.is_test_side else house.slug
        address = letter_address(*row[1:], house.equipment.country)
        hold = holds.get(row.CustomerAccount.id)
        held = None if hold is None else held_for(hold.reason)
        why = held or address_obstacle(address, suppressed.get(row.CustomerAccount.id, ()))
        if why is None:
            joining[slug].append(row.id)
        else:
            who = {"by": hold.by, "decided_by": hold.by} if hold else {}
            change_state(session, Delivery, row.id, "ready", "failed", now, why=why, reason=why, **who)
    for slug in sorted(joining):
        batch = batches.get(slug) or _open_batch(session, now, slug, houses)
        session.execute(update(Delivery).where(Delivery.id.in_(joining[slug])).values(batch_id=batch.id))
    return len(rows)


def _house_of(account: CustomerAccount, issuer: Issuer, bill: BillRow, houses: PrintHouses) -> ConfiguredHouse:
    """Return the print house of a letter. An address that names no country, of a sender that has none, is where the
    default house stands."""
    address = letter_address(account, issuer, bill, houses.default.equipment.country)
    return houses.house_of(LetterFacts(country_code(address.country), issuer.slug))


def close_batch(
    session: Session, now: datetime, force: bool = False, houses: PrintHouses = _SOLE_HOUSE
) -> int | None:  # fmt: skip
    """Close the first open batch that is at its cut-off, or at once with *force*: its letters are then fixed. Returns
    its id, or None when nothing is to be closed: call again until then. An empty batch stays open for its house's next
    cut-off.

    From a batch of more than MOST_LETTERS, a part with an equal share of each issuer's letters is split off and closed.
    """
    for batch in _lock_open_batches(session, houses):
        if force or now >= batch.cut_off_at:
            closed = _close_or_wait(session, batch, now, houses)
            if closed is not None:
                return closed
    return None


def _lock_open_batches(session: Session, houses: PrintHouses) -> Sequence[PrintBatch]:
    """Return the open batches of these houses and of test sides, locked in the order of their ids."""
    mine = (PrintBatch.state == "open", or_(PrintBatch.house.in_(houses.slugs), ~is_of_print_house()))
    return session.scalars(
        select(PrintBatch).where(*mine).order_by(PrintBatch.id).with_for_update(key_share=True)
    ).all()  # fmt: skip


def _close_or_wait(session: Session, batch: PrintBatch, now: datetime, houses: PrintHouses) -> int | None:
    """Close a locked batch, or a part of it; let an empty one wait. Returns the id of what was closed."""
    mine = (Delivery.batch_id == batch.id, Delivery.state == "ready", Delivery.channel == "paper")
    letters = session.scalar(select(func.count()).select_from(Delivery).where(*mine)) or 0
    if letters == 0:
        house = houses.named(batch.house) or houses.default
        cut_off = house.calendar.next_cut_off(now)
        if cut_off != batch.cut_off_at:
            batch.cut_off_at, batch.part = cut_off, next_part(session, batch.house, cut_off)
        return None
    issuers = session.scalars(select(Delivery.issuer_id).where(*mine).distinct()).all()
    if letters > MOST_LETTERS:
        share = max(MOST_LETTERS // len(issuers), 1)
        ids = [each for issuer_id in issuers for each in _first(session, issuer_id, share, *mine)]
        part_id = _split_off(session, batch, ids)
        return None if part_id is None else _close(session, part_id, now)
    return _close(session, batch.id, now)


def _first(session: Session, issuer_id: int, most: int, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Return the ids of an issuer's *most* earliest letters."""
    query = select(Delivery.id).where(Delivery.issuer_id == issuer_id, *conditions)
    return session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(most)).all()


def _split_off(session: Session, batch: PrintBatch, letters: Sequence[int]) -> int | None:
    """Move these letters of an open batch to a new closed one with the same cut-off, which has its number: the open one
    gets the next. Returns its id; None when all were cancelled meanwhile."""
    still = (Delivery.id.in_(letters), Delivery.batch_id == batch.id, Delivery.state == "ready")
    ready = lock_rows(session, Delivery, *still)
    if not ready:
        return None
    part = PrintBatch(
        state="closed", house=batch.house, opened_at=batch.opened_at, cut_off_at=batch.cut_off_at, part=batch.part
    )
    batch.part += 1
    session.add(part)
    session.flush()
    session.execute(update(Delivery).where(Delivery.id.in_(ready)).values(batch_id=part.id))
    return part.id


def _close(session: Session, batch_id: int, now: datetime) -> int | None:
    """Record an attempt for each letter of the batch and close it. Returns its id; None when all were cancelled
    meanwhile."""
    mine = (Delivery.batch_id == batch_id, Delivery.state == "ready")
    lock_rows(session, Delivery, *mine)
    rows = session.execute(select(Delivery.id, Delivery.attempts).where(*mine)).all()
    if not rows:
        return None
    session.execute(update(Delivery).where(*mine).values(state="attempting", attempts=Delivery.attempts + 1))
    tries = [{"delivery_id": delivery_id, "n": tried + 1, "started_at": now} for delivery_id, tried in rows]
    session.execute(insert(Attempt), tries)
    record_all(
        session,
        "delivery",
        [row.id for row in rows],
        "attempting",
        now,
        why=Reason.of("in_print_batch", batch=batch_id),
    )
    bind_to_letters(session, batch_id)
    closed: dict[str, Any] = {"closed_at": now, "letters": len(rows)}
    change_state(session, PrintBatch, batch_id, ["open", "closed"], "closed", now, **closed)
    return batch_id


def print_again(session: Session, delivery_id: int, by: str, reason: str, now: datetime) -> bool:
    """Send a held letter out again, on a named person's decision: if mail came back from its address, letters may use
    it again. Returns False when it is not held."""
    if not join_next_batch(session, delivery_id, by, Reason.said(reason), now):
        return False
    use_address_again(session, session.get_one(Delivery, delivery_id), by, reason, now)
    return True


def join_next_batch(session: Session, delivery_id: int, by: str, reason: Reason, now: datetime) -> bool:
    """Add a failed letter to the next batch; if it was already posted, a new delivery replaces it. Returns False when
    it has not failed."""
    letter = session.get_one(Delivery, delivery_id, populate_existing=True)
    if letter.batch_id is None:
        return change_state(
            session, Delivery, delivery_id, "failed", "ready", now, by=by, why=reason, reason=reason, due_at=now,
            decided_by="",
        )  # fmt: skip
    if letter.state != "failed":
        return False
    row: dict[str, object] = {
        "bill_id": letter.bill_id, "issuer_id": letter.issuer_id, "channel": "paper",
        "purpose": next_print(letter.purpose), "state": "ready", "reason": reason, "due_at": now, "made_at": now,
        "replaces_id": delivery_id, "article": letter.article,
    }  # fmt: skip
    if create_deliveries(session, [row]) == 0:
        return False
    letter.decided_by = ""  # nobody keeps it held any more
    record(session, "delivery", delivery_id, "replaced", now, by=by, why=reason)
    return True


def _open_batch(session: Session, now: datetime, slug: str, houses: PrintHouses) -> PrintBatch:
    """Return the open batch of the house of this slug, locked; opens one if there is none. A unique index allows only
    one. A test side's waits for no cut-off."""
    is_test = slug.startswith(TEST_HOUSE)
    cut_off = now if is_test else (houses.named(slug) or houses.default).calendar.next_cut_off(now)
    mine = select(PrintBatch).where(PrintBatch.state == "open", PrintBatch.house == slug)
    query = mine.with_for_update(key_share=True)
    while (batch := session.scalar(query)) is None:
        part = next_part(session, slug, cut_off)
        row = {"state": "open", "house": slug, "opened_at": now, "cut_off_at": cut_off, "part": part}
        if insert_new(session, PrintBatch, [row]) == 1:
            batch = session.scalars(query).one()
            record(session, "print_batch", batch.id, "open", now)
            break
        # Another worker has opened one; it may be closed again by the time it is read.
    return batch
