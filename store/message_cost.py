"""What messages cost: the segments and the price of the attempts that a provider took."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.delivery import Attempt

#: Deliveries in one query.
_GROUP = 500


class MessageCost(NamedTuple):
    """The segments of a delivery's messages, and what they cost in EUR (None: nobody has told)."""

    segments: int
    cost: Decimal | None


def message_costs(session: Session, delivery_ids: Collection[int]) -> dict[int, MessageCost]:
    """The cost of each of these deliveries; one that was not counted in segments is left out."""
    found: dict[int, MessageCost] = {}
    ids = list(delivery_ids)
    for start in range(0, len(ids), _GROUP):
        query = (
            select(Attempt.delivery_id, func.sum(Attempt.segments), func.sum(Attempt.cost, type_=Attempt.cost.type))
            .where(Attempt.delivery_id.in_(ids[start : start + _GROUP]), Attempt.segments > 0)
            .group_by(Attempt.delivery_id)
        )
        found |= {row[0]: MessageCost(int(row[1]), row[2]) for row in session.execute(query)}
    return found
