"""What became of an account's earlier bills, read for a whole chunk at once."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event, update

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.reading_history import reading_histories
from delivery.choosing.risk_score import ReadingHistory
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import record_receipt
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def shown(world: World, account: int, ago: int, *, read: bool = False, posted: bool = False, channel: str = "portal"):
    at = TUESDAY - timedelta(days=ago)
    bill = world.bill(account, at.date(), at.date() + timedelta(days=60))
    world.choose(at, bill)
    values = {"viewed_at": at if read else None, "posted_at": at if posted else None, "channel": channel}
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == bill).values(**values))
    return bill


def histories(world: World, *accounts: int) -> dict[int, ReadingHistory]:
    with world.store.reading() as session:
        return reading_histories(session, accounts, TUESDAY, Calendar())


def test_bills_posted_unread_are_counted_back_from_the_latest(world: World) -> None:
    alice, bob = world.consumer("alice"), world.consumer("bob")
    reads, forgets = world.account(alice, paperless=True), world.account(bob, paperless=True)
    shown(world, reads, 60, posted=True)
    shown(world, reads, 30, read=True, posted=True)
    shown(world, forgets, 500, read=True)  # too long ago
    shown(world, forgets, 90, read=True)
    shown(world, forgets, 60, posted=True)
    shown(world, forgets, 45, posted=True, channel="paper")  # was never to be read on line
    shown(world, forgets, 30, posted=True)
    shown(world, forgets, 1)  # still waits for its reader
    with world.store.writing() as session:
        session.execute(update(CustomerAccount).values(paperless_since=datetime(2025, 1, 1, 23, 30, tzinfo=UTC)))
    assert histories(world, reads, forgets) == {
        reads: ReadingHistory(shown=2, last_read=date(2026, 2, 1), without_paper_since=date(2025, 1, 2)),
        forgets: ReadingHistory(
            shown=4, last_read=date(2025, 12, 3), unread_in_row=2, without_paper_since=date(2025, 1, 2)
        ),
    }


def test_messages_that_came_back_are_counted(world: World) -> None:
    charlie = world.consumer("charlie")
    account = world.account(charlie, paperless=True)
    bill = shown(world, account, 10, posted=True)
    with world.store.writing() as session:
        record_receipt(session, world.owed(bill)["notify", charlie].id, "bounced", TUESDAY)
    assert histories(world, account)[account].bounces == 1


def test_a_chunk_costs_as_many_queries_as_one_bill(world: World) -> None:
    def cost(accounts: int) -> int:
        holders = [world.consumer(f"c{accounts}-{n}") for n in range(accounts)]
        bills = [world.bill(world.account(each, paperless=True), TUESDAY.date(), date(2026, 4, 30)) for each in holders]
        asked: list[str] = []

        def heard(*args: object) -> None:
            asked.append(str(args[2]))

        event.listen(world.store.engine, "before_cursor_execute", heard)
        world.choose(TUESDAY, *bills)
        event.remove(world.store.engine, "before_cursor_execute", heard)
        return sum(each.startswith("SELECT") for each in asked)

    assert cost(1) == cost(12)
