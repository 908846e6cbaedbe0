"""The holders of one account: what each may see of the others, and who came first."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from store.accounts.consumer import Holding, holdings_of
from store.accounts.joint_holder_notice import shortened_name


class HolderView(Struct, frozen=True):
    """A holder as another holder sees them. *name* is the full name of a later holder, who has to be recognised; first
    name and initial of an earlier one, since the reader may have found a letter. *last_seen_on*: when they last
    opened one of its bills."""

    person_id: int
    name: str
    since: datetime
    is_me: bool
    is_later: bool
    suspended_at: datetime | None
    last_seen_on: date | None


def holders_seen_by(consumer_id: int, holdings: Iterable[Holding]) -> list[HolderView]:
    """The holders of an account as this holder sees them, in the order they came."""
    seen, is_later = [], False
    for consumer, since, suspended_at, last_seen_on in holdings:
        is_me = consumer.id == consumer_id
        name = consumer.name if is_me or is_later else shortened_name(consumer.name)
        seen.append(HolderView(consumer.id, name, since, is_me, is_later, suspended_at, last_seen_on))
        is_later = is_later or is_me
    return seen


Order = Literal["earlier", "later", "neither"]


def order_of(session: Session, account_id: int, mine: int, other: int) -> Order:
    """Whether *other* came to the account earlier or later than *mine*; neither if one of them is no holder."""
    order = [holding.consumer.id for holding in holdings_of(session, [account_id]).get(account_id, [])]
    if mine == other or mine not in order or other not in order:
        return "neither"
    return "later" if order.index(other) > order.index(mine) else "earlier"
