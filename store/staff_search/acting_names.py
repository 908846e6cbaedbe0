"""Names that events of the audit trail may bear, found by a part: of members of staff, their e-mail address or the name
that they gave; of programs, what people call them."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from store.staff_member import Staff

#: Names that one part finds, at most: each is looked up in the trail by itself.
MOST_NAMES: Final = 40


def acting_names(session: Session, part: str, programs: Mapping[str, str]) -> tuple[str, ...]:
    """The names, as events have them, in which this part stands, in capitals or not; *programs* are what people call
    each program, by its name in events. The part itself is among them: who acted may be known to no table."""
    folded = part.lower()
    called = [func.lower(column).contains(folded, autoescape=True) for column in (Staff.email, Staff.name)]
    people = session.scalars(select(Staff.email).where(or_(*called)).order_by(Staff.id.desc()).limit(MOST_NAMES))
    named = [name for name, words in programs.items() if folded in words.lower()]
    return tuple(dict.fromkeys((part, *named, *people)))[:MOST_NAMES]
