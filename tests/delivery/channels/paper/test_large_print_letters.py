"""Alice needs large print: her letters have an edition in it, counted as everything else on paper. Bob's have none."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

import delivery
from bill.customer.known_customer import KnownCustomer
from delivery.channels.paper.print_manifest import PrintManifest
from store.customers.customer_reference import CustomerReference, reference_row
from tests.delivery.sample_bills import World
from tests.print_manifest_sums import disagreements

pytestmark = pytest.mark.beside_any_database

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)


def lot(outbox: Path) -> tuple[PrintManifest, list[bytes]]:
    """The one manifest in the outbox, whose sums agree, and its files."""
    [path] = outbox.glob("*.json")
    manifest = msgspec.json.decode(path.read_bytes(), type=PrintManifest)
    assert disagreements(manifest) == []
    return manifest, [(outbox / file.pdf).read_bytes() for file in manifest.files]


def reader(world: World, size: str, *, large_print: bool = True) -> None:
    """A bill of somebody whose issuer says whether large print is needed."""
    account = world.account()
    known = KnownCustomer(large_print=large_print, clocks={"large_print": TUESDAY})
    with world.store.writing() as session:
        session.add(CustomerReference(**reference_row(account, world.issuer_id, known, TUESDAY.date())))
    world.bill(account, date(2026, 3, 3), date(2026, 4, 7), size=size, number=f"F-{size}-{large_print}")


def printed(world: World) -> dict[str, tuple[int, int, str, str]]:
    """Sheets, pages of large print, envelope and postage of each letter by its bill's number; printed now."""
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    manifest, files = lot(world.outbox)
    letters = [json.loads(line) for file in files for line in file.splitlines() if line.startswith(b"{")]
    return {
        piece.bill: (
            piece.sheets, letters[piece.n - 1]["large_print"], manifest.files[piece.file - 1].ticket.envelope,
            piece.postal_class,
        )
        for piece in manifest.pieces
    }  # fmt: skip


def test_the_pages_are_counted_in_sheets_envelope_and_postage(world: World) -> None:
    reader(world, "short")
    reader(world, "long")
    reader(world, "long", large_print=False)
    assert printed(world) == {
        "F-short-True": (5, 3, "DL", "FR-100"),  # carrier, three pages, one page
        "F-long-True": (6, 3, "C5", "FR-100"),
        "F-long-False": (2, 0, "DL", "FR-20"),
    }


def test_on_both_sides_the_edition_has_sheets_of_its_own(world: World) -> None:
    world.house = delivery.PrintHouse(duplex=True)
    reader(world, "short")
    reader(world, "long")
    assert [sheets for sheets, *_ in printed(world).values()] == [1 + 2 + 1] * 2


def test_a_bill_that_no_envelope_takes_with_its_edition_goes_without(world: World) -> None:
    reader(world, "thick-117")
    assert printed(world) == {"F-thick-117-True": (118, 0, "C4", "FR-1000")}
