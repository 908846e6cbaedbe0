"""What the search index has: bills that people may see, of accounts they hold, and nothing that has gone."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from audit.bill_invariants import not_found_in_search
from bill import Bill
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import render_bills
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import bills_of_consumer
from store.search.search_entry import SearchedText, SearchEntry, bill_at, forget_account, index_bills, place_of
from tests.portal.sample_town import World, a_bill
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def by_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index answers, and not the newest entries."""
    monkeypatch.setattr("store.search.found_bills._MOST_ACCOUNTS", 0)


@pytest.fixture
def world(store: Store) -> World:
    return World(store, NOW)


def dated(number: str, account: str, days: int = 0, what: str = "Électricité", buyer: str = "Alice Martin") -> Bill:
    return a_bill(number, account, date(2026, 1, 5) + timedelta(days=days), what=what, buyer=buyer)


def found(world: World, consumer_id: int, typed: str, only: BillFilter | None = None) -> list[str]:
    only = BillFilter(asked=typed) if only is None else only
    with world.store.reading() as session:
        return [row.number for row, _ in bills_of_consumer(session, consumer_id, only, limit=1000)]


def test_a_place_is_the_order_of_the_list() -> None:
    days = [date(1999, 12, 31), date(2026, 1, 5), date(9999, 12, 31)]
    keys = [(day, bill_id) for day in days for bill_id in (1, 2, 10**12)]
    assert sorted(keys, key=lambda key: place_of(*key)) == keys
    assert [bill_at(place_of(*key)) for key in keys] == [bill_id for _, bill_id in keys]
    assert place_of(*keys[-1]) < 2**63


def test_of_two_accounts_each_reader_finds_their_own(world: World) -> None:
    """Accounts 1 and 11, 12 …: the token of one is no beginning of another's."""
    issuer = world.issuer("lumiere", "Lumière")
    world.drop(issuer, [dated(f"L-{n}", f"C-{n}", buyer=f"Person {chr(65 + n)}artin") for n in range(25)])
    alice = world.consumer("Alice Martin", holds={issuer: "C-0"}).id
    bob = world.consumer("Bob Durand", holds={issuer: "C-10"}).id
    nobody = world.consumer("Zoé Petit").id
    for typed in ("électricité", "elec", "lumière", "84,00", "janvier 2026", "L"):
        assert found(world, alice, typed) == ["L-0"]
        assert found(world, bob, typed) == ["L-10"]
        assert found(world, nobody, typed) == []
    assert found(world, alice, "L-10") == []


def test_a_bill_that_leaves_the_portal_leaves_the_index(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    rows = world.drop(issuer, [dated(f"L-{n}", "C-1") for n in range(4)])
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"}).id
    with world.store.writing() as session:
        session.add_all(SearchedText(bill_id=row.id, n=1, text="Relevé") for row in rows.values())
    for number, state in (("L-1", "superseded"), ("L-2", "recalled"), ("L-3", "erased")):
        with world.store.writing() as session:
            session.execute(update(BillRow).where(BillRow.number == number).values(state=state))
    assert found(world, alice, "électricité") == ["L-0"]
    with world.store.reading() as session:
        assert session.scalars(select(SearchEntry.bill_id)).all() == [rows["L-0"].id]
        assert session.scalars(select(SearchedText.bill_id)).all() == [rows["L-0"].id]
        if world.store.is_sqlite:  # the index itself has no token of them
            match = text("SELECT count(*) FROM search_index WHERE search_index MATCH :asked")
            assert session.scalar(match, {"asked": f'"{rows["L-0"].account_id}xelectricite"'}) == 1


def test_the_bills_of_a_joined_account_are_found_in_the_other(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    world.drop(issuer, [dated("L-1", "C-1"), dated("L-2", "C-2", buyer="Bob Durand")])
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"}).id
    assert found(world, alice, "électricité") == ["L-1"]
    with world.store.writing() as session:
        held = world.account_id(issuer, "C-1")
        session.execute(update(BillRow).where(BillRow.number == "L-2").values(account_id=held))
    assert found(world, alice, "électricité") == ["L-2", "L-1"]


def test_a_bill_whose_account_is_joined_while_it_is_drawn_is_found_in_the_other(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    drop_feed(store, issuer, BytesIO(batch([ubl("A-1", "C-ALICE"), ubl("B-1", "C-BOB")])), "alice.xml", "cli", NOW)
    archive = render_bills._archive

    def joins(*args: Any) -> Any:
        drawn = archive(*args)
        with store.writing() as session:
            held = session.scalars(select(BillRow.account_id).where(BillRow.number == "A-1")).one()
            session.execute(update(BillRow).where(BillRow.number == "B-1").values(account_id=held))
        return drawn

    monkeypatch.setattr(render_bills, "_archive", joins)
    Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
    with store.reading() as session:
        entries = select(SearchEntry.account_id).join(BillRow, BillRow.id == SearchEntry.bill_id)
        assert len(session.scalars(entries.where(SearchEntry.account_id == BillRow.account_id)).all()) == 2


def test_an_account_can_be_forgotten(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    rows = world.drop(issuer, [dated("L-1", "C-1"), dated("L-2", "C-2", buyer="Bob Durand")])
    with world.store.writing() as session:
        session.add_all(SearchedText(bill_id=row.id, n=0, text="Relevé") for row in rows.values())
    with world.store.writing() as session:
        forget_account(session, world.account_id(issuer, "C-1"))
    with world.store.reading() as session:
        assert session.scalars(select(SearchEntry.bill_id)).all() == [rows["L-2"].id]
        assert session.scalars(select(SearchedText.bill_id)).all() == [rows["L-2"].id]


def test_pages_and_filters_of_what_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first, page by page, whether the newest entries hold them or the index; and with other filters."""
    issuer = world.issuer("lumiere", "Lumière")
    bills = [dated(f"L-{n}", "C-1", 7 * n % 60, "Forfait" if n % 5 else "Coffre") for n in range(60)]
    world.drop(issuer, bills)
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"}).id
    place = {bill.number: n for n, bill in enumerate(bills)}
    right = sorted((b for b in bills if place[b.number] % 5 == 0), key=lambda b: b.issue_date, reverse=True)
    for looked_at, most_accounts in ((256, 0), (256, 32), (8, 32)):
        monkeypatch.setattr("store.search.found_bills.LOOKED_AT", looked_at)
        monkeypatch.setattr("store.search.found_bills._MOST_ACCOUNTS", most_accounts)
        assert pages(world, alice, "coffre") == [bill.number for bill in right]
    january = BillFilter(asked="coffre", year=2026, is_unpaid=True)
    assert found(world, alice, "", january) == [bill.number for bill in right]
    assert found(world, alice, "", BillFilter(asked="coffre", year=2025)) == []
    assert found(world, alice, "", BillFilter(asked="coffre", kind="credit_note")) == []


def pages(world: World, consumer_id: int, typed: str) -> list[str]:
    numbers: list[str] = []
    before = None
    with world.store.reading() as session:
        while rows := bills_of_consumer(session, consumer_id, BillFilter(asked=typed), before, 5):
            numbers += [row.number for row, _ in rows]
            before = rows[-1][0].issue_date, rows[-1][0].id
    return numbers


def test_texts_are_bounded_and_their_controls_harmless(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    [row] = world.drop(issuer, [dated("L-1", "C-1")]).values()
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"}).id
    with world.store.writing() as session:
        forget_account(session, row.account_id)
    with world.store.writing() as session:
        words = " ".join(f"mot{n}" for n in range(9_000))
        index_bills(session, [(row.id, row.account_id, row.bill, {0: "Plafond\0 \ud800ancien", 1: words, 2: "rien"})])
        assert session.scalar(select(func.sum(func.length(SearchedText.text)))) == 20_000
        assert session.scalar(select(func.length(SearchEntry.tokens))) <= 16_000
    assert found(world, alice, "plafond") == ["L-1"]
    assert found(world, alice, "mot12") == ["L-1"]
    assert found(world, alice, "rien") == []


def test_what_nobody_sees_of_a_text_parts_no_word_and_turns_none(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    [row] = world.drop(issuer, [dated("L-1", "C-1")]).values()
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"}).id
    beside = {0: "La coti\u00adsa\u00ad\n  tion\u00ad\fPage deux", 1: "\ufeff\u202eplafond\u2066 de garantie\u200f"}
    with world.store.writing() as session:
        forget_account(session, row.account_id)
    with world.store.writing() as session:
        index_bills(session, [(row.id, row.account_id, row.bill, beside)])
        kept = session.scalars(select(SearchedText.text).order_by(SearchedText.n)).all()
    assert kept == ["La cotisation\fPage deux", "plafond de garantie"]
    for typed in ("cotisation", "plafonds garanties"):
        assert found(world, alice, typed) == ["L-1"]


def test_a_bill_without_an_entry_of_its_account_is_told(world: World) -> None:
    issuer = world.issuer("lumiere", "Lumière")
    world.drop(issuer, [dated(f"L-{n}", f"C-{n}", buyer=f"Person {chr(65 + n)}artin") for n in range(3)])

    def told() -> list[str]:
        with world.store.reading() as session:
            return [number for _, number in session.execute(not_found_in_search())]

    assert told() == []
    with world.store.writing() as session:
        forget_account(session, world.account_id(issuer, "C-1"))
        entry = update(SearchEntry).where(SearchEntry.account_id == world.account_id(issuer, "C-2"))
        session.execute(entry.values(account_id=world.account_id(issuer, "C-0")))
    assert sorted(told()) == ["L-1", "L-2"]
