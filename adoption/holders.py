"""Who holds an account together: what each may know of the others, and that nobody's act is silent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from store.account import CustomerAccount
from store.consumer import Consumer, Holding, holders_of, holdings_of
from store.errand import ask
from store.holder_notice import HolderNotice, NoticeKind


class Seen(Struct, frozen=True):
    """A holder as another one sees them. *name* as they gave it of whoever came later, who has to be recognised; of
    whoever came earlier the first name and an initial: a finder of letters learns no more than that."""

    person_id: int
    name: str
    since: datetime
    is_me: bool
    is_later: bool
    suspended_at: datetime | None


def seen_by(consumer_id: int, holdings: Iterable[Holding]) -> list[Seen]:
    """The holders of an account, in the order they came, as this one of them sees them."""
    seen, is_later = [], False
    for consumer, since, suspended_at in holdings:
        is_me = consumer.id == consumer_id
        name = consumer.name if is_me or is_later else veiled_name(consumer.name)
        seen.append(Seen(consumer.id, name, since, is_me, is_later, suspended_at))
        is_later = is_later or is_me
    return seen


def veiled_name(name: str) -> str:
    """`Alice M.` of Alice Martin."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0].upper()}." if others else first


def tell_others(
    session: Session, account: CustomerAccount, actor: Consumer, kind: NoticeKind, now: datetime, *, but: int = 0
) -> int:
    """Tell every other holder, by mail and on their page, what *actor* did; how many there are. *but* is one who knows.
    Ring the bell after the commit."""
    order = [holding.consumer.id for holding in holdings_of(session, [account.id]).get(account.id, [])]
    holders = holders_of(session, [account.id]).get(account.id, [])
    others = [each for each in holders if each.id not in {actor.id, but}]
    for other in others:
        knows = actor.id in order and other.id in order and order.index(other.id) < order.index(actor.id)
        tell(session, other.id, account, kind, actor.name if knows else veiled_name(actor.name), now)
    return len(others)


def tell(
    session: Session, consumer_id: int, account: CustomerAccount, kind: NoticeKind, name: str, now: datetime,
    asker_id: int | None = None,
) -> None:  # fmt: skip
    """Tell one person, by mail and on their page."""
    notice = HolderNotice(
        consumer_id=consumer_id, account_id=account.id, kind=kind, name=name[:200], asker_id=asker_id, at=now
    )
    session.add(notice)
    session.flush()
    ask(session, "holder_notice", {"notice_id": notice.id}, now)


Order = Literal["earlier", "later", "neither"]


def order_of(session: Session, account_id: int, mine: int, other: int) -> Order:
    """Whether *other* came to the account earlier or later than *mine*; neither, where one of them holds nothing."""
    order = [holding.consumer.id for holding in holdings_of(session, [account_id]).get(account_id, [])]
    if mine == other or mine not in order or other not in order:
        return "neither"
    return "later" if order.index(other) > order.index(mine) else "earlier"
