"""Find households anew where something has changed: an address, a holder, the issuer's own id.

Two accounts are of one household when they share a dwelling (`bill.matching.dwelling_key`), a person who follows both,
or their issuer's id; and so are all that hang together by such. A key that many share (a property manager's address, a
guardian) makes no household. Used for budgets and measures, never to show anybody anything.
"""

from collections.abc import Collection
from typing import Final

import msgspec
from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from bill import PostalAddress
from bill.customer.known_customer import address_of
from bill.matching.dwelling_key import dwelling_key
from store import Store
from store.base import insert_new
from store.customers.customer_reference import CustomerReference
from store.customers.household import (
    HouseholdKey,
    HouseholdMember,
    changed_accounts,
    ended_holdings,
    is_any_to_follow,
    loosen,
    new_holdings,
    write_keys,
)

#: A key of more accounts than this is no household's.
MOST_SHARED: Final = 12
_TOGETHER: Final = 500


def follow_households(store: Store) -> int:
    """Bring the households up to date with accounts, references and holders. Returns how many accounts were looked at
    anew."""
    with store.reading() as session:
        if not is_any_to_follow(session):
            return 0
    while True:
        with store.writing() as session:
            if not _follow_accounts(session):
                break
    while True:
        with store.writing() as session:
            if not _follow_holders(session):
                break
    looked_at = 0
    while True:
        with store.writing() as session:
            found = _find_some(session)
        if not found:
            return looked_at
        looked_at += found


def _follow_accounts(session: Session) -> int:
    changed = changed_accounts(session, _TOGETHER)
    rows = [
        (account_id, address, None if reference is None else reference.as_of, _keys(issuer_id, address, reference))
        for account_id, issuer_id, address, reference in changed
    ]
    if rows:
        _loosen_with_neighbours(session, [account_id for account_id, *_ in rows])
        write_keys(session, rows)
        _loosen_with_neighbours(session, [account_id for account_id, *_ in rows])
    return len(rows)


def _keys(issuer_id: int, packed: bytes, reference: CustomerReference | None) -> set[str]:
    """The keys of one account, but its holders'."""
    known = None if reference is None else reference.known
    delivered = known.delivery_address if known is not None else ()
    stated = address_of(max(delivered, key=lambda each: each.as_of, default=None))
    dwelling = dwelling_key(stated or msgspec.msgpack.decode(packed, type=PostalAddress))
    keys = {f"dwelling:{dwelling}"} if dwelling else set()
    if known is not None and known.household:
        keys.add(f"issuer:{issuer_id}:{known.household}")
    return keys


def _follow_holders(session: Session) -> bool:
    """Follow some holders who came or went. Returns False when there is none."""
    fresh, over = new_holdings(session, _TOGETHER), ended_holdings(session, _TOGETHER)
    touched = {account_id for account_id, _ in (*fresh, *over)}
    if not touched:
        return False
    _loosen_with_neighbours(session, touched)
    session.execute(delete(HouseholdKey).where(tuple_(HouseholdKey.account_id, HouseholdKey.key).in_(over)))
    insert_new(session, HouseholdKey, [{"account_id": account_id, "key": key} for account_id, key in fresh])
    _loosen_with_neighbours(session, touched)
    return True


def _loosen_with_neighbours(session: Session, account_ids: Collection[int]) -> None:
    """A key may have become one of too many accounts, or of few again: who shares it is found anew as well."""
    loosen(session, [*account_ids, *_sharing(session, account_ids, most=10 * MOST_SHARED)])


def _sharing(session: Session, account_ids: Collection[int], most: int = MOST_SHARED) -> set[int]:
    """The accounts that share a key with one of these, themselves included; keys of too many are passed over."""
    mine = select(HouseholdKey.key).where(HouseholdKey.account_id.in_(account_ids))
    shared = (
        select(HouseholdKey.key).where(HouseholdKey.key.in_(mine)).group_by(HouseholdKey.key)
        .having(func.count() <= most)
    )  # fmt: skip
    return {*account_ids, *session.scalars(select(HouseholdKey.account_id).where(HouseholdKey.key.in_(shared)))}


def _with_neighbours(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts that share a key with another."""
    mine = select(HouseholdKey.key).where(HouseholdKey.account_id.in_(account_ids))
    shared = select(HouseholdKey.key).where(HouseholdKey.key.in_(mine)).group_by(HouseholdKey.key)
    query = select(HouseholdKey.account_id).where(HouseholdKey.account_id.in_(account_ids))
    return set(session.scalars(query.where(HouseholdKey.key.in_(shared.having(func.count() > 1)))))


def _find_some(session: Session) -> int:
    """Find the households of some accounts that have none. Returns how many accounts got one."""
    query = select(HouseholdMember.account_id).where(HouseholdMember.household_id.is_(None))
    loose = session.scalars(query.order_by(HouseholdMember.account_id).limit(_TOGETHER)).all()
    seen = set(loose) - _with_neighbours(session, loose)
    session.execute(
        update(HouseholdMember).where(HouseholdMember.account_id.in_(seen)).values(
            household_id=HouseholdMember.account_id
        ),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    for account_id in loose:
        if account_id in seen:
            continue
        found, before = {account_id}, set[int]()
        while found != before:
            before, found = found, _sharing(session, found)
        session.execute(
            update(HouseholdMember).where(HouseholdMember.account_id.in_(found)).values(household_id=min(found)),
            execution_options={"synchronize_session": False},
        )
        seen |= found
    return len(seen)
