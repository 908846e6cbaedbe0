"""Find bills by what somebody typed: the newest first, a page at a time, however many bills their accounts have.

The newest entries are looked at one by one, which finds common words at once. What these lack is asked of the index,
which finds rare words at once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, false, literal_column, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.search.bill_tokens import add_words
from store.search.full_text_index import matching_places
from store.search.search_entry import SearchEntry, bill_at, place_of
from store.search.search_expression import Expression, holds, without_known
from store.search.typed_search import TypedSearch

#: How many of the newest entries are looked at one by one.
LOOKED_AT: Final = 256
#: Of more accounts than this the index is asked at once.
_MOST_ACCOUNTS: Final = 32


class SearchedAccount(NamedTuple):
    """An account that is searched, with its issuer's name: all bills of it are found by that."""

    id: int
    issuer_name: str


class PlaceRange(NamedTuple):
    """Places (`store.search.search_entry.place_of`) from *first* to *last*, both included."""

    first: int
    last: int


def place_range(before: tuple[date, int] | None, *days: tuple[date, date] | None) -> PlaceRange:
    """The places before a bill's issue date and id, and within all of these days."""
    given = [each for each in days if each is not None]
    first = max((place_of(each, 0) for each, _ in given), default=0)
    last = min((place_of(each, bill_at(-1)) for _, each in given), default=(1 << 63) - 1)
    return PlaceRange(first, last if before is None else min(last, place_of(*before) - 1))


def newest_found(
    session: Session, accounts: Sequence[SearchedAccount], search: TypedSearch, places: PlaceRange, limit: int
) -> list[int]:
    """The ids of the newest bills of these accounts that are found at these places, *limit* at most."""
    asked = _asked_of(accounts, search)
    if not asked:
        return []
    found: list[int] = []
    if len(asked) <= _MOST_ACCOUNTS:
        entries = _newest_entries(session, list(asked), places)
        found = [place for place, account_id, tokens in entries if holds(asked[account_id], f" {tokens} ")][:limit]
        if len(found) == limit or len(entries) < LOOKED_AT:
            return list(map(bill_at, found))
        places = places._replace(last=entries[-1].place - 1)
    matching = matching_places(session, list(asked.items())).subquery()
    place: ColumnElement[int] = matching.c.place
    query = select(place).where(place.between(*places)).order_by(_sorted_afterwards(session, place).desc())
    found += session.scalars(query.limit(limit - len(found)))
    return list(map(bill_at, found))


def is_found(
    session: Session, accounts: Sequence[SearchedAccount], search: TypedSearch, places: PlaceRange
) -> ColumnElement[bool]:
    """SQL condition: the bill is one that is found in these accounts, at these places."""
    if not accounts:
        return false()
    matching = matching_places(session, list(_asked_of(accounts, search).items())).subquery()
    mask: ColumnElement[int] = literal_column(str(bill_at(-1)))
    place: ColumnElement[int] = matching.c.place
    return BillRow.id.in_(select(place.op("&")(mask)).where(place.between(*places)))


def _asked_of(accounts: Iterable[SearchedAccount], search: TypedSearch) -> dict[int, Expression]:
    """What each account's entries are asked: what its issuer's name does not say already."""
    return {each.id: without_known(search.expression, _tokens_of_name(each.issuer_name)) for each in accounts}


@lru_cache(1024)
def _tokens_of_name(name: str) -> str:
    tokens: dict[str, None] = {}
    add_words(tokens, name)
    return f" {' '.join(tokens)} " if tokens else " "


def _newest_entries(session: Session, account_ids: Sequence[int], places: PlaceRange) -> list[Any]:
    """The newest entries of all these accounts, each account read along its index."""
    each = [_newest_of(account_id, places) for account_id in account_ids]
    newest = sorted(place for query in each for place in session.scalars(query))[-LOOKED_AT:]
    entries = select(SearchEntry.place, SearchEntry.account_id, SearchEntry.tokens)
    return list(session.execute(entries.where(SearchEntry.place.in_(newest)).order_by(SearchEntry.place.desc())))


def _newest_of(account_id: int, places: PlaceRange) -> Select[int]:
    query = select(SearchEntry.place).where(SearchEntry.account_id == account_id, SearchEntry.place.between(*places))
    return query.order_by(SearchEntry.place.desc()).limit(LOOKED_AT)


def _sorted_afterwards(session: Session, place: ColumnElement[int]) -> ColumnElement[int]:
    """The place to sort by. FTS5 gives its rows in order; PostgreSQL would else walk all entries along the key."""
    return place if session.get_bind().dialect.name == "sqlite" else place + literal_column("0")
