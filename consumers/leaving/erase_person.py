"""Erases a person (GDPR, art. 17): all that `leaving_steps` names, in one transaction, so that a process that is killed
leaves a whole person or none."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from consumers.leaving.close_space import JOB, close_space
from consumers.leaving.leaving_step import rows_of
from consumers.leaving.leaving_steps import STEPS
from store.accounts.consumer import Consumer
from store.accounts.stated_move import StatedMove
from store.db.row_locks import ROW_LOCK
from store.job import Job
from store.leaving.space_closing import SpaceClosing, closing_of, end_closing
from store.payments.debit_mandate import DebitMandate

#: A direct debit may be disputed for so long (C. mon. fin., art. L133-24): 13 months. Then the name and the account
#: of an ended mandate are erased.
MANDATES_KEPT: Final = timedelta(days=396)
#: The mail that says what was closed has so long to leave, before its address is erased.
TIME_TO_MAIL: Final = timedelta(days=1)


def erase_person(session: Session, consumer_id: int, now: datetime) -> dict[str, int]:
    """Erase a person whose space is closed. Returns how many rows each step concerned, by its name; nothing where the
    space is open again, or they are erased already."""
    session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    closing = closing_of(session, consumer_id)
    if closing is None or not end_closing(session, closing, "erased", now, "road"):
        return {}
    return {step.name: step.erase(session, consumer_id, now) for step in STEPS}


def rehearse_erasure(session: Session, consumer_id: int, now: datetime) -> dict[str, int]:
    """What erasing this person would concern. It is done: roll the transaction back."""
    close_space(session, consumer_id, now, at_once=True)
    return erase_person(session, consumer_id, now)


def is_mail_under_way(session: Session, consumer_id: int, now: datetime) -> bool:
    """Whether the mail that says what was closed has still to leave."""
    asked = (Job.kind == JOB, Job.state == "todo", Job.asked_at > now - TIME_TO_MAIL)
    mine = Job.particulars["consumer_id"].as_integer() == consumer_id
    return bool(session.scalar(select(exists().where(*asked, mine))))


def erase_what_was_kept(session: Session, now: datetime) -> int:
    """Erase of erased people what had to stay for a while: name and account of mandates that ended long ago, and moves
    that their issuers have decided. Returns how many rows."""
    erased = select(SpaceClosing.consumer_id).where(SpaceClosing.state == "erased")
    quietly = {"synchronize_session": False}
    mandates = (
        update(DebitMandate)
        .where(DebitMandate.consumer_id.in_(erased), DebitMandate.revoked_at <= now - MANDATES_KEPT)
        .where(DebitMandate.signed_name != "")
        .values(holder_name="", signed_name="", encrypted_iban=b"", last_four="")
    )
    number = rows_of(session.execute(mandates, execution_options=quietly))
    moves = delete(StatedMove).where(StatedMove.consumer_id.in_(erased), StatedMove.state != "open")
    return number + rows_of(session.execute(moves, execution_options=quietly))
