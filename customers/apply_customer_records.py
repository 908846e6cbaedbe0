"""Apply customer records to the accounts of one issuer: find or open each account, merge what is said, and let holder
and address of its letters follow.

Records may come late, twice or crossed: the newest by the source's own clock counts, field by field
(`bill.customer.known_customer`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bill import Finding, MatchResult, fatal, number_key, person_key, warning
from bill.customer.customer_record import CustomerRecord
from bill.customer.known_customer import KnownCustomer
from customers.account_slot import AccountSlot
from customers.record_placement import place_record
from customers.stated_notices import stated_notices
from customers.statement_events import record_statement_events
from feeds.accounts.account_assignment import question_row, write_new_accounts
from feeds.accounts.account_findings import spelled_address
from feeds.accounts.account_side import AccountSide, compare_holders, unpack_address
from store.accounts.account_notice import append_notices
from store.accounts.account_question import ask_about
from store.accounts.customer_account import CustomerAccount, KeyMaker
from store.customers.customer_reference import CustomerReference, reference_row, references_of
from store.db.bulk_insert import insert_rows
from store.db.event import Event
from store.db.row_locks import lock_rows
from store.outbox.event_types import Actor

#: A source's clock may be ahead of ours by so much; one that is further ahead would keep out all that follows.
MOST_AHEAD: Final = timedelta(minutes=15)
_SIDE: Final = tuple(getattr(CustomerAccount, name) for name in AccountSide.__struct_fields__)


class SourcedRecord(NamedTuple):
    """A record and its position in the file (1 in a request)."""

    seq: int
    record: CustomerRecord


class RecordSource(NamedTuple):
    """Where records come from: the issuer, its usual term of account numbers, its time zone, the moment they came, who
    is to be named (`feed 7`), and the file's feed. *actor*: a named person states it here, or the issuer's program."""

    issuer_id: int
    usual_term: str | None
    zone: tzinfo
    came_at: datetime
    by: str
    feed_id: int | None = None
    actor: Actor = "issuer"

    def day_of(self, moment: datetime) -> date:
        """The day of an aware moment where the issuer is."""
        return moment.astimezone(self.zone).date()


class AppliedRecord(NamedTuple):
    """What a record did: its outcome (`store.feeds.item.CUSTOMER_OUTCOMES`), findings, the account (None
    where there is none, or its row is not written), and the fields that are known otherwise now."""

    seq: int
    outcome: str
    findings: Sequence[Finding]
    slot: AccountSlot | None
    changed: frozenset[str] = frozenset()
    is_questioned: bool = False


def accounts_with_paper_right(applied: Iterable[AppliedRecord]) -> list[int]:
    """The accounts whose customer has paper by right since these records."""
    return [
        each.slot.side.id
        for each in applied
        if each.slot is not None and "paper_by_right" in each.changed and each.slot.known.paper_by_right
    ]


def accounts_of_dead(applied: Iterable[AppliedRecord]) -> list[int]:
    """The accounts whose customer is known to have died since these records."""
    return [
        each.slot.side.id
        for each in applied
        if each.slot is not None and "died_on" in each.changed and each.slot.known.died_on is not None
    ]


def accounts_of_living(applied: Iterable[AppliedRecord]) -> list[int]:
    """The accounts whose customer's death was taken back by these records."""
    return [
        each.slot.side.id
        for each in applied
        if each.slot is not None and "died_on" in each.changed and each.slot.known.died_on is None
    ]


def plan_records(
    session: Session, records: Sequence[SourcedRecord], source: RecordSource, today: date
) -> list[AppliedRecord]:
    """What these records would do. Writes nothing."""
    return _Plan(session, records, source, today).applied


def apply_records(
    session: Session, records: Sequence[SourcedRecord], source: RecordSource, new_key: KeyMaker, now: datetime
) -> list[AppliedRecord]:
    """Apply records; returns what each did. The caller holds the issuer's lock (`store.issuer.lock_issuer`)."""
    plan = _Plan(session, records, source, source.day_of(now))
    plan.write(new_key, now)
    return plan.applied


class _Plan:
    def __init__(self, session: Session, records: Sequence[SourcedRecord], source: RecordSource, today: date) -> None:
        self._session, self._source, self._today = session, source, today
        self._slots: dict[int, AccountSlot] = {}  # by identity of the side
        keys = {number_key(each.record.number) for each in records}
        self._sides = _sides(session, source.issuer_id, keys)
        self._load_slots()
        self._questions: list[tuple[int, AccountSide, AccountSide]] = []
        self.applied = [self._apply(each) for each in records]

    def _load_slots(self) -> None:
        sides = [side for under in self._sides.values() for side in under]
        ids = [side.id for side in sides]
        references = references_of(self._session, ids)
        query = select(CustomerAccount.id, CustomerAccount.mended_address, CustomerAccount.mended_at)
        mended = {row.id: row for row in self._session.execute(query.where(CustomerAccount.id.in_(ids)))}
        for side in sides:
            known = references[side.id].known if side.id in references else KnownCustomer()
            row = mended[side.id]
            self._slots[id(side)] = AccountSlot(side, known, self._source.zone, row.mended_address, row.mended_at)

    def _apply(self, sourced: SourcedRecord) -> AppliedRecord:
        record, seq = sourced.record, sourced.seq
        as_of = record.as_of or self._source.came_at
        if as_of > self._source.came_at + MOST_AHEAD:
            sentence = "this record is of {moment}, which is still to come: correct the source's clock"
            ahead = fatal("CUSTOMER-CLOCK-AHEAD", sentence, "as_of", moment=as_of.isoformat())
            return AppliedRecord(seq, "rejected", (ahead,), None)
        if isinstance(record.died_on, date) and record.died_on > self._today:
            sentence = "nobody has died on {day}, which is still to come: correct the day of death"
            to_come = fatal("CUSTOMER-DEATH-AHEAD", sentence, "died_on", day=record.died_on.isoformat())
            return AppliedRecord(seq, "rejected", (to_come,), None)
        sides = self._sides.setdefault(number_key(record.number), [])
        placed = place_record(record, sides, self._source.day_of(as_of), self._source.usual_term)
        if placed.side is None:
            sentence = "whose the account number {account} is waits for a decision, and this record names nobody"
            waits = fatal("CUSTOMER-QUESTION-OPEN", sentence, "number", account=record.number)
            return AppliedRecord(seq, "rejected", (waits,), None)
        if placed.is_new and not placed.held and isinstance(record.closed_on, date):
            sentence = "the account {account} is closed and was never known here: it is not opened"
            closed = warning("CUSTOMER-CLOSED", sentence, "closed_on", account=record.number)
            return AppliedRecord(seq, "unchanged", (closed,), None)
        return self._merge(seq, record, as_of, placed.side, placed.held, is_new=placed.is_new)

    def _merge(
        self, seq: int, record: CustomerRecord, as_of: datetime, side: AccountSide, held: AccountSide | None,
        *, is_new: bool,
    ) -> AppliedRecord:  # fmt: skip
        if is_new:
            self._sides[side.number_key].append(side)
            self._slots[id(side)] = AccountSlot(side, KnownCustomer(), self._source.zone)
        slot = self._slots[id(side)]
        effects, findings = slot.merge(record, as_of, self._today)
        if any(each.severity == "fatal" for each in findings):
            return AppliedRecord(seq, "rejected", findings, None)
        if held is not None:
            self._questions.append((seq, held, side))
            findings.append(_asks(record, held, side))
        changed = frozenset(name for name, effect in effects.items() if effect == "changed")
        outcome = "created" if is_new else "changed" if changed else "unchanged"
        if outcome == "unchanged" and {"older", "tied"} & set(effects.values()):
            outcome = "older"
        return AppliedRecord(seq, outcome, findings, slot, changed, is_questioned=held is not None)

    def write(self, new_key: KeyMaker, now: datetime) -> None:
        """Write the accounts, what is known of them, the questions and the events."""
        touched = [slot for slot in self._slots.values() if slot.side.id == 0 or slot.known != slot.before]
        touched += [slot for slot in self._slots.values() if slot.is_followed and slot not in touched]
        fresh = [slot.side for slot in touched if slot.side.id == 0]
        there = {slot.side.id for slot in touched if slot.side.id}
        lock_rows(self._session, CustomerAccount, CustomerAccount.id.in_(there))
        write_new_accounts(self._session, self._source.issuer_id, fresh, new_key)
        write_accounts(self._session, (slot for slot in touched if slot.side.id in there))
        _reopen_bereavements(self._session, [slot.side.id for slot in touched if "died_on" in slot.changed])
        write_references(self._session, self._source.issuer_id, touched, self._today)
        ask_about(self._session, (
            question_row(self._source.issuer_id, self._source.feed_id, seq, held, side, now)
            for seq, held, side in self._questions
        ))  # fmt: skip
        _record_events(self._session, touched, self._source.by, now)
        append_notices(self._session, [each for slot in touched for each in stated_notices(slot, self._source.by, now)])
        record_statement_events(self._session, self._source.issuer_id, touched, now, self._source.actor)


def _sides(session: Session, issuer_id: int, keys: set[str]) -> dict[str, list[AccountSide]]:
    """All accounts of an issuer under these numbers, whatever their term; the number's own account first."""
    query = select(*_SIDE).where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.number_key.in_(keys))
    found: dict[str, list[AccountSide]] = {}
    for row in session.execute(query.where(CustomerAccount.term != "address").order_by(CustomerAccount.id)):
        side = AccountSide(*row)
        found.setdefault(side.number_key, []).append(side)
    for sides in found.values():
        sides.sort(key=lambda side: (side.standing != "own", side.id))
    return found


def _asks(record: CustomerRecord, held: AccountSide, side: AccountSide) -> Finding:
    if held.baseline_holder and held.baseline_address and any(_likeness(side, held)):
        sentence = (
            "'{name}' comes under the account number {account}, which was of '{holder}', {address}, before it changed: "
            "both are kept apart until you say whose the number is"
        )
        values = {"name": side.holder[:60], "account": record.number, "holder": held.baseline_holder[:60]}
        address = spelled_address(held.baseline_address)
        return warning("ACCOUNT-QUESTION", sentence, "names, postal_address", **values, address=address)
    sentence = (
        "'{name}' of another address comes under the account number {account} of '{holder}': both are kept apart until "
        "you say whose the number is"
    )
    values = {"name": side.holder[:60], "account": record.number, "holder": held.holder[:60]}
    return warning("ACCOUNT-QUESTION", sentence, "names, postal_address", **values)


def _likeness(side: AccountSide, held: AccountSide) -> tuple[MatchResult, MatchResult]:
    return compare_holders(side.holder, side.address, held.holder, held.address)


def write_accounts(session: Session, slots: Iterable[AccountSlot]) -> None:
    """Update holder and address of the accounts whose letters change. The caller has locked them."""
    rows = [_account_columns(slot) for slot in slots if slot.is_followed or slot.is_mending_over]
    kept = [row for row in rows if "mended_address" not in row]
    mended = [row for row in rows if "mended_address" in row]
    for group in (kept, mended):
        if group:
            session.execute(update(CustomerAccount), group)


def _reopen_bereavements(session: Session, account_ids: Sequence[int]) -> None:
    """The issuer says something newer of a death: what a person decided before is over."""
    if account_ids:
        decided = update(CustomerAccount).where(
            CustomerAccount.id.in_(account_ids), CustomerAccount.bereavement.is_not(None)
        )
        session.execute(
            decided.values(bereavement=None, bereavement_verdict=""), execution_options={"synchronize_session": False}
        )


def _account_columns(slot: AccountSlot) -> dict[str, Any]:
    side = slot.side
    postcode = unpack_address(side.address).postcode
    columns = {
        "id": side.id, "holder": side.holder, "address": side.address, "as_of": side.as_of,
        "person_key": person_key(side.holder, postcode), "baseline_holder": side.baseline_holder,
        "baseline_address": side.baseline_address, "drifted_on": side.drifted_on,
    }  # fmt: skip
    return {**columns, "mended_address": None, "mended_at": None} if slot.is_mending_over else columns


def write_references(session: Session, issuer_id: int, slots: Iterable[AccountSlot], today: date) -> None:
    """Write what is known of these accounts."""
    rows = [
        (reference_row(slot.side.id, issuer_id, slot.known, today), bool(slot.before.clocks))
        for slot in slots
        if slot.known.clocks
    ]
    if fresh := [row for row, was_there in rows if not was_there]:
        session.execute(insert(CustomerReference), fresh)
    if known := [row for row, was_there in rows if was_there]:
        session.execute(update(CustomerReference), known)


def _record_events(session: Session, slots: Iterable[AccountSlot], by: str, now: datetime) -> None:
    rows: list[Mapping[str, Any]] = [
        {
            "subject": "account", "subject_id": slot.side.id, "what": "customer said", "at": now, "by": by,
            "why": ", ".join(sorted(slot.changed)),
        }
        for slot in slots
        if slot.changed
    ]  # fmt: skip
    insert_rows(session, Event, rows)
