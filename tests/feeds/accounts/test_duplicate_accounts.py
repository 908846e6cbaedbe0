"""People who seem to be there twice, and companies: what a release says and marks of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import select

from bill import Bill, Identifier, Party, PostalAddress, Totals
from feeds.accounts.duplicate_accounts import DUPLICATE_ACCOUNT_RULE
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.base import insert_new
from store.bills.bill import BillRow
from store.feeds.feed import Feed, receive_feed
from store.feeds.item import examples, tallies_of
from store.issuer import Issuer

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
FEEDS: Iterator[int] = count(1)


@pytest.fixture
def issuers(store: Store) -> list[int]:
    with store.writing() as session:
        for slug in ("lumiere", "eaux"):
            insert_new(
                session, Issuer, [{"slug": slug, "name": slug, "profile": "", "added_at": NOW, "changed_at": NOW}]
            )
        return list(session.scalars(select(Issuer.id).order_by(Issuer.id)))


def bill(number: str, account: str, name: str, postcode: str = "44000", **buyer: Identifier) -> Bill:
    home = PostalAddress(line1="1 rue Haute", city="Nantes", postcode=postcode, country="FR")
    return Bill(
        number=number, issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal("84.20")),
        seller=Party(name="Lumière"), buyer=Party(name=name, address=home, **buyer), contract=account,
    )  # fmt: skip


def release(store: Store, issuer_id: int, bills: list[Bill], terms: ReleaseTerms | None = None) -> int:
    """A feed of these bills, released in chunks of two; returns its id."""
    sha = f"{next(FEEDS):064}"
    with store.writing() as session:
        feed, _ = receive_feed(session, issuer_id, sha, 10, "mars.xml", "cli", NOW)
        feed.entries = len(bills)
        stage_items(
            session,
            feed.id,
            [Staged(n, f"line {n}", f"{sha[32:]}{n:032}", each.number, each, []) for n, each in enumerate(bills, 1)],
        )
    for first in range(1, len(bills) + 1, 2):
        with store.writing() as session:
            feed = session.get_one(Feed, feed.id)
            release_items(session, store.encryptor, feed, first, first + 1, terms or ReleaseTerms(), NOW)
    return feed.id


def reported_duplicates(store: Store, feed_id: int) -> list[str | None]:
    with store.reading() as session:
        told = [row.number for row in examples(session, feed_id, DUPLICATE_ACCOUNT_RULE)]
        counted = sum(tally.count for tally in tallies_of(session, feed_id) if tally.rule == DUPLICATE_ACCOUNT_RULE)
    assert counted == len(told)
    return told


def test_alice_under_two_accounts_is_told_once_and_never_merged(store: Store, issuers: list[int]) -> None:
    lumiere, _ = issuers
    first = [bill("1", "C1", "Alice Martin"), bill("2", "C2", "Bob Durand"), bill("3", "C3", "MARTIN Alice")]
    feed = release(store, lumiere, first)
    assert reported_duplicates(store, feed) == ["3"]
    with store.reading() as session:
        [row] = examples(session, feed, DUPLICATE_ACCOUNT_RULE)
        assert "C1" in row.message
        assert session.query(CustomerAccount).count() == 3
    again = [bill("4", "C1", "Alice Martin"), bill("5", "C3", "Martin Alice"), bill("6", "C4", "Mme Alice Martin")]
    assert reported_duplicates(store, release(store, lumiere, again)) == ["6"]


def test_another_postcode_or_another_issuer_is_somebody_else(store: Store, issuers: list[int]) -> None:
    lumiere, eaux = issuers
    assert reported_duplicates(store, release(store, lumiere, [bill("1", "C1", "Alice Martin")])) == []
    assert reported_duplicates(store, release(store, lumiere, [bill("2", "C2", "Alice Martin", "35000")])) == []
    assert reported_duplicates(store, release(store, eaux, [bill("3", "C3", "Alice Martin")])) == []


def test_a_holder_who_moves_is_looked_for_where_she_went(store: Store, issuers: list[int]) -> None:
    lumiere, _ = issuers
    release(store, lumiere, [bill("1", "C1", "Alice Martin", "35000")])
    release(store, lumiere, [bill("2", "C1", "Alice Martin", "44000")])
    assert reported_duplicates(store, release(store, lumiere, [bill("3", "C9", "Alice Martin", "35000")])) == []
    assert reported_duplicates(store, release(store, lumiere, [bill("4", "C8", "Alice Martin", "44000")])) == ["4"]


def test_an_issuer_who_does_not_want_to_hear_of_twins_does_not(store: Store, issuers: list[int]) -> None:
    lumiere, _ = issuers
    bills = [bill("1", "C1", "Alice Martin"), bill("2", "C2", "Alice Martin")]
    assert reported_duplicates(store, release(store, lumiere, bills, ReleaseTerms(reports_duplicates=False))) == []


def test_a_company_s_bill_is_marked_a_copy(store: Store, issuers: list[int]) -> None:
    lumiere, _ = issuers
    siren = Identifier(value="732829320", scheme="0002")
    bills = [bill("1", "C1", "Alice Martin"), bill("2", "C2", "Le Fournil", legal_id=siren)]
    release(store, lumiere, bills)
    release(
        store,
        lumiere,
        [bill("3", "C2", "Le Fournil", legal_id=siren)],
        ReleaseTerms(platforms_since=date(2027, 9, 1)),
    )
    with store.reading() as session:
        marks = session.execute(select(BillRow.number, BillRow.is_copy).order_by(BillRow.number)).all()
    assert [tuple(mark) for mark in marks] == [("1", False), ("2", True), ("3", False)]
