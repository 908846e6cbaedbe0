"""Letters for several print houses: each house has its batch, its cut-off and its outbox; none waits for another."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec
from sqlalchemy import select, update

import delivery
from audit.houseless_batches import read_houseless_batches
from audit.silent_bills import silent_bills
from bill import PostalAddress
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.print_houses.configured_houses import ConfiguredHouse, PrintHouses
from delivery.channels.paper.print_houses.letter_rule import LetterRule
from store.blobs.mounted_folder_check import mark
from store.delivery import Delivery
from store.print_batch import PrintBatch
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)  # by the clock of Paris
EVENING = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
NANTES = PostalAddress(line1="1 rue du Port", postcode="44000", city="Nantes", country="FR")
LIEGE = PostalAddress(line1="1 quai Roi Albert", postcode="4020", city="Liège", country="BE")


def two_houses(folder: Path) -> PrintHouses:
    """Liège takes the letters to Belgium, at noon; the main house all others, in the evening."""
    liege = ConfiguredHouse(
        slug="liege", outbox=folder / "liege", takes=LetterRule(countries=("BE",)), calendar=Calendar(cut_off=time(12))
    )
    return PrintHouses((liege, ConfiguredHouse(outbox=folder / "main")))


def join(world: World, houses: PrintHouses, now: datetime) -> None:
    with world.store.writing() as session:
        while delivery.join_batch(session, now, houses):
            pass


def close(world: World, houses: PrintHouses, now: datetime) -> list[str]:
    """The houses whose batches were closed at this moment, in order."""
    closed = []
    with world.store.writing() as session:
        while (batch_id := delivery.close_batch(session, now, houses=houses)) is not None:
            closed.append(session.get_one(PrintBatch, batch_id).house)
    return closed


def letters(world: World, *addresses: PostalAddress) -> list[int]:
    bills = [world.bill(world.account(address=address), ISSUED, DUE) for address in addresses]
    world.choose(TUESDAY)
    return bills


def house_of(world: World, bill_id: int) -> str:
    letter = world.owed(bill_id)["print", None]
    assert letter.batch_id is not None
    return world.batch(letter.batch_id).house


def test_each_house_has_its_letters_and_its_hour(world: World, tmp_path: Path) -> None:
    houses = two_houses(tmp_path)
    alice, bob, charlie = letters(world, NANTES, LIEGE, NANTES)
    join(world, houses, TUESDAY)
    assert [house_of(world, bill) for bill in (alice, bob, charlie)] == ["main", "liege", "main"]
    with world.store.reading() as session:
        cut_offs = {batch.house: batch.cut_off_at for batch in session.scalars(select(PrintBatch))}
    assert cut_offs == {"liege": NOON, "main": EVENING}
    assert close(world, houses, TUESDAY) == []
    assert close(world, houses, NOON) == ["liege"]
    assert close(world, houses, EVENING) == ["main"]


def test_a_batch_that_waits_keeps_none_of_another_house(world: World, tmp_path: Path) -> None:
    """An empty batch gets its own house's next cut-off; the one after it is closed in the same call."""
    houses = two_houses(tmp_path)
    [bob] = letters(world, LIEGE)
    join(world, houses, TUESDAY)
    with world.store.writing() as session:
        session.add(PrintBatch(state="open", house="main", opened_at=TUESDAY, cut_off_at=NOON))
    with world.store.writing() as session:
        session.execute(update(PrintBatch).where(PrintBatch.house == "main").values(id=0))
    assert close(world, houses, NOON) == ["liege"]
    assert house_of(world, bob) == "liege"
    assert world.batch(0).cut_off_at == EVENING


def test_letters_of_a_house_that_has_vanished_are_told_and_kept(world: World, tmp_path: Path) -> None:
    houses = two_houses(tmp_path)
    alice, bob = letters(world, NANTES, LIEGE)
    join(world, houses, TUESDAY)
    sole = PrintHouses((houses.default,))
    assert close(world, sole, EVENING) == ["main"]
    assert world.states(bob) == {("print", None): "ready"}
    with world.store.reading() as session:
        [told] = read_houseless_batches(session, sole.slugs)
        assert told.house == "liege"
        assert read_houseless_batches(session, houses.slugs) == []
    assert close(world, houses, EVENING) == ["liege"], "with its configuration it goes on"
    assert world.states(alice) == {("print", None): "attempting"}


def test_a_later_cut_off_is_no_silence(world: World, tmp_path: Path) -> None:
    """At two, the letter to Belgium is late, and those of the evening are not. Planned is by the earliest cut-off."""
    houses = two_houses(tmp_path)
    alice, bob = letters(world, NANTES, LIEGE)
    join(world, houses, TUESDAY)
    at_two = datetime(2026, 3, 3, 13, 1, tzinfo=UTC)
    with world.store.writing() as session:
        found = session.execute(silent_bills(at_two, houses.planning_calendar)).all()
        assert {row.id for row in found} == {bob}
        session.execute(update(Delivery).values(batch_id=None))
        alone = session.execute(silent_bills(at_two, houses.planning_calendar)).all()
        assert alice in {row.id for row in alone}, "by its house's batch alone it is known to go later"


def test_each_lot_lies_in_its_houses_outbox_made_for_its_equipment(world: World, tmp_path: Path) -> None:
    houses = two_houses(tmp_path)
    duplex = msgspec.structs.replace(houses.houses[0], equipment=delivery.PrintHouse(country="BE", duplex=True))
    houses = PrintHouses((duplex, houses.default))
    letters(world, NANTES, LIEGE)
    join(world, houses, TUESDAY)
    close(world, houses, EVENING)
    for house, postage in (("liege", "BE-20"), ("main", "FR-20")):
        [batch_id] = [each.id for each in _batches(world) if each.house == house]
        room = houses.named(house)
        assert room is not None
        mark(room.outbox)
        world.outbox, world.house = room.outbox, room.equipment
        world.hand_over(batch_id, EVENING)
        [manifest] = [msgspec.json.decode(path.read_bytes()) for path in room.outbox.glob("lot-*.json")]
        assert manifest["postage"] == {postage: 1}
        assert manifest["files"][0]["ticket"]["sides"] == (2 if house == "liege" else 1)


def _batches(world: World) -> list[PrintBatch]:
    with world.store.reading() as session:
        return list(session.scalars(select(PrintBatch)))
