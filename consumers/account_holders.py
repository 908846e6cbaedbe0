"""The holders of one account: what each may see of the others, and who came first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from store.accounts.consumer import Holding, holdings_of
from store.accounts.holder_notice import veiled_name


class Seen(Struct, frozen=True):
    """A holder as another one sees them. *name* as they gave it of whoever came later, who has to be recognised; of
    whoever came earlier the first name and an initial: a finder of letters learns no more than that."""

    person_id: int
    name: str
    since: datetime
    is_me: bool
    is_later: bool
    suspended_at: datetime | None


def holders_seen_by(consumer_id: int, holdings: Iterable[Holding]) -> list[Seen]:
    """The holders of an account, in the order they came, as this one of them sees them."""
    seen, is_later = [], False
    for consumer, since, suspended_at in holdings:
        is_me = consumer.id == consumer_id
        name = consumer.name if is_me or is_later else veiled_name(consumer.name)
        seen.append(Seen(consumer.id, name, since, is_me, is_later, suspended_at))
        is_later = is_later or is_me
    return seen


Order = Literal["earlier", "later", "neither"]


def order_of(session: Session, account_id: int, mine: int, other: int) -> Order:
    """Whether *other* came to the account earlier or later than *mine*; neither, where one of them holds nothing."""
    order = [holding.consumer.id for holding in holdings_of(session, [account_id]).get(account_id, [])]
    if mine == other or mine not in order or other not in order:
        return "neither"
    return "later" if order.index(other) > order.index(mine) else "earlier"
