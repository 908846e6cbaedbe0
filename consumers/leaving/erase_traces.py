"""Takes a person out of what we keep of the messages that went to them: what servers answered, what came back, and
the jobs that sent them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, cast, func, or_, select, update
from sqlalchemy.orm import Session

from consumers.leaving.erased_words import PersonWords
from consumers.leaving.leaving_step import rows_of
from consumers.leaving.person_words import words_of_person
from store.accounts.consumer import Enrolment
from store.bills.bill import BillRow
from store.delivery import Attempt, Delivery, Receipt
from store.heard_mail import HeardMail
from store.job import Job

#: The most ids in one statement.
AT_ONCE: Final = 500


def bills_followed(session: Session, consumer_id: int) -> Iterator[Sequence[int]]:
    """The ids of the bills of each account that the consumer has ever held, some at a time."""
    mine = select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id)
    ids = session.scalars(select(BillRow.id).where(BillRow.account_id.in_(mine)).order_by(BillRow.id)).all()
    return in_parts(ids)


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """These ids, so many at a time as one statement takes."""
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def deliveries_to(session: Session, consumer_id: int) -> list[int]:
    """The ids of the deliveries to this consumer."""
    found: list[int] = []
    for bill_ids in bills_followed(session, consumer_id):
        mine = (Delivery.bill_id.in_(bill_ids), Delivery.person_id == consumer_id)
        found += session.scalars(select(Delivery.id).where(*mine))
    return found


def erase_answers(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete what the outside said of each message to this consumer. That it went, and when, stays."""
    words, erased = words_of_person(session, consumer_id).and_any_address(), 0
    for ids in in_parts(deliveries_to(session, consumer_id)):
        for column, of_delivery in (
            (Attempt.answer, Attempt.delivery_id), (Receipt.words, Receipt.delivery_id),
            (HeardMail.words, HeardMail.delivery_id),
        ):  # fmt: skip
            said = update(column.class_).where(of_delivery.in_(ids), column != "")
            erased += rows_of(session.execute(said.values({column: ""})))
        attempts = select(Attempt).where(Attempt.delivery_id.in_(ids), Attempt.reason_values.is_not(None))
        deliveries = select(Delivery).where(Delivery.id.in_(ids), Delivery.reason_values.is_not(None))
        erased += clean_rows(session.scalars(attempts), words, "reason_values")
        erased += clean_rows(session.scalars(deliveries), words, "reason_values")
    session.flush()
    return erased


def clean_answers(session: Session, consumer_id: int, words: PersonWords) -> int:
    """Take these words out of what the outside said of each message to this consumer. Returns how many rows have
    changed."""
    cleaned = 0
    for ids in in_parts(deliveries_to(session, consumer_id)):
        for row, of_delivery, columns in (
            (Attempt, Attempt.delivery_id, ("answer", "reason_values")), (Receipt, Receipt.delivery_id, ("words",)),
            (HeardMail, HeardMail.delivery_id, ("words",)), (Delivery, Delivery.id, ("reason_values",)),
        ):  # fmt: skip
            cleaned += clean_rows(session.scalars(select(row).where(of_delivery.in_(ids))), words, *columns)
    session.flush()
    return cleaned


def erase_jobs(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Take this consumer out of the jobs that mailed to them, and out of what came back of those."""
    words = words_of_person(session, consumer_id)
    mine = select(Job).where(Job.particulars["consumer_id"].as_integer() == consumer_id)
    erased = clean_rows(session.scalars(mine), words.and_any_address(), "answer", "reason_values")
    return erased + clean_jobs(session, words)


def clean_jobs(session: Session, words: PersonWords) -> int:
    """Take the addresses and numbers among these words out of jobs, and out of what came back of those."""
    looked_for = [*words.emails, *words.phones]
    if not looked_for:
        return 0
    jobs = select(Job).where(_mentions(looked_for, Job.particulars, Job.answer, Job.reason_values))
    heard = select(HeardMail).where(_mentions(looked_for, HeardMail.words))
    cleaned = clean_rows(session.scalars(jobs), words, "particulars", "answer", "reason_values")
    cleaned += clean_rows(session.scalars(heard), words, "words")
    session.flush()
    return cleaned


def clean_rows(rows: Iterable[Any], words: PersonWords, *columns: str) -> int:
    """Take the words out of these columns. Returns how many rows have changed."""
    changed = 0
    for row in rows:
        before = {column: getattr(row, column) for column in columns}
        after = words.erased_from_values(before)
        for column in columns:
            setattr(row, column, after[column])
        changed += after != before
    return changed


def _mentions(looked_for: Sequence[str], *columns: Any) -> Any:
    """SQL condition: one of these columns has one of these texts."""
    return or_(
        *(func.lower(cast(column, Text)).contains(each, autoescape=True) for column in columns for each in looked_for)
    )
