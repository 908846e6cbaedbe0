"""Bills as staff look for them: by any part of the number, by an amount, by the account. The last received come first;
pages go on before the last one's id."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_by_id, released
from store.bills.buyer_email import email_digest
from store.feeds.feed import OUT, Feed
from store.staff_search.folded_text import closed
from store.staff_search.part_index import BILL_PARTS, MOST_CANDIDATES, rows_with_parts


def bills_by_part_of_number(
    session: Session, issuer_ids: Collection[int], part: str, limit: int, before: int | None = None
) -> list[BillRow]:
    """The released bills of these issuers with *part* in their number, however either is separated, *limit* at most.
    Superseded ones are found too. None for fewer than three characters."""
    asked = closed(part)
    candidates = rows_with_parts(session, BILL_PARTS, [asked], issuer_ids, before)
    if candidates is None:
        return []
    query = (
        select(BillRow.id, BillRow.issuer_id, BillRow.number)
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(BillRow.id.in_(candidates.subquery().select()), Feed.state.in_(OUT))
        .order_by(BillRow.id.desc())
    )
    found: list[int] = []
    for bill_id, issuer_id, number in session.execute(query):
        if issuer_id in issuer_ids and asked in closed(number):
            found.append(bill_id)
            if len(found) == limit:
                break
    return sorted(bills_by_id(session, found), key=lambda bill: -bill.id)


def bills_by_amount(
    session: Session, issuer_ids: Collection[int], amount: Decimal, limit: int, before: int | None = None
) -> list[BillRow]:
    """The released bills of these issuers that ask this amount, or pay it back, *limit* at most. Each issuer's are read
    along their index."""
    found: list[BillRow] = []
    for issuer_id in issuer_ids:
        for each in {amount, -amount}:
            asked = released().where(BillRow.issuer_id == issuer_id, BillRow.payable == each)
            found += session.scalars(_page(asked, limit, before))
    return sorted(found, key=lambda bill: -bill.id)[:limit]


def accounts_of_billed_email(session: Session, issuer_ids: Collection[int], email: str, limit: int) -> set[int]:
    """The accounts of released bills of these issuers that this e-mail address came with, *limit* at most of each. Each
    issuer's bills are read along their index, so many of them as candidates are looked at elsewhere: an address that
    stands on all bills is nobody's."""
    if (digest := email_digest(email)) is None:
        return set()
    found: set[int] = set()
    for issuer_id in issuer_ids:
        theirs = select(BillRow.account_id).where(BillRow.issuer_id == issuer_id, BillRow.buyer_email_digest == digest)
        latest = theirs.join(Feed, Feed.id == BillRow.feed_id).where(Feed.state.in_(OUT)).order_by(BillRow.id.desc())
        some = latest.limit(MOST_CANDIDATES).subquery()
        found.update(session.scalars(select(some.c.account_id).distinct().limit(limit)))
    return found


def bills_by_account(session: Session, account_id: int, limit: int, before: int | None = None) -> list[BillRow]:
    """The released bills of this account, *limit* at most."""
    return list(session.scalars(_page(released().where(BillRow.account_id == account_id), limit, before)))


def latest_bills(session: Session, account_ids: Sequence[int]) -> dict[int, BillRow]:
    """The last received released bill of each of these accounts, by account; one without bills is left out."""
    latest = (bills_by_account(session, account_id, 1) for account_id in account_ids)
    return {bill.account_id: bill for bills in latest for bill in bills}


def _page(query: Select[BillRow], limit: int, before: int | None) -> Select[BillRow]:
    if before is not None:
        query = query.where(BillRow.id < before)
    return query.order_by(BillRow.id.desc()).limit(limit)
