"""What must be left of nobody who was erased: a row that is deleted when a person leaves
(`consumers.leaving.leaving_steps`), a name or an address."""

from sqlalchemy import literal, or_, select, union_all

from audit.invariant_violations import Question
from consumers.leaving.leaving_steps import STEPS
from store.accounts.consumer import Consumer
from store.base import Base
from store.leaving.space_closing import SpaceClosing


def rows_of_erased_people() -> Question:
    """Rows that should have gone with their person: the column, and the person's number."""
    erased = select(SpaceClosing.consumer_id).where(SpaceClosing.state == "erased")
    is_named = or_(Consumer.name != "", Consumer.email.contains("@"), Consumer.confirmed_at.is_not(None))
    left = [select(literal("consumer.email").label("place"), Consumer.id).where(Consumer.id.in_(erased), is_named)]
    for name in sorted(column for step in STEPS for column in step.deleted):
        table, _, column = name.partition(".")
        refers = Base.metadata.tables[table].c[column]
        left.append(select(literal(name).label("place"), refers).where(refers.in_(erased)))
    found = union_all(*left).subquery()
    return select(found.c.place, found.c.id)
