"""When somebody signed in for the first time: until then they have no device that others could be told apart from."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.staff_member import Staff


def note_first_sign_in(session: Session, person: Consumer | Staff, now: datetime) -> bool:
    """Note that this person has signed in. Returns whether it was for the first time."""
    if person.first_signed_in_at is not None:
        return False
    table = type(person)
    first = update(table).where(table.id == person.id, table.first_signed_in_at.is_(None))
    return session.execute(first.values(first_signed_in_at=now)).rowcount == 1  # type: ignore[attr-defined,no-any-return]
