"""Where letters go and come back to: an issuer with a profile and one without, a print house in France and one in
Belgium."""

import json
from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import update

import delivery
from bill import Bill, Party, PostalAddress, Totals, pack
from store.bills.bill import BillRow
from tests.delivery.sample_bills import World

pytestmark = pytest.mark.beside_any_database

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
LIEGE = PostalAddress(line1="Rue Haute 5", postcode="4000", city="Liège", country="BE")
NOWHERE_SAID = PostalAddress(line1="Rue Haute 5", postcode="4000", city="Liège")
PROFILE = '[sender]\nline1 = "Quai 1"\npostcode = "4020"\ncity = "Liège"\ncountry = "BE"\n'


def letter_of(world: World, address: PostalAddress, seller: Party | None = None) -> tuple[dict, dict]:  # type: ignore[type-arg]
    """The letter of a bill to this address, and its piece in the manifest."""
    bill = world.bill(world.account(address=address, name="Alice Martin"), ISSUED, DUE)
    if seller is not None:
        row = world.row(bill)
        noun = Bill(
            number=row.number, issue_date=ISSUED, currency="EUR", totals=Totals(payable=row.payable), seller=seller
        )
        with world.store.writing() as session:
            session.execute(update(BillRow).where(BillRow.id == bill).values(content=pack(noun)))
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    [manifest] = [json.loads(path.read_text()) for path in world.outbox.glob("lot-*.json")]
    pdf = (world.outbox / manifest["files"][0]["pdf"]).read_bytes()
    return msgspec.json.decode(pdf.split(b"\n")[0]), manifest["pieces"][0]


@pytest.mark.parametrize(
    ("home", "last", "zone", "home_again"),
    [("FR", "BELGIQUE", "INT-20", "BELGIQUE"), ("BE", "4000 LIÈGE", "BE-20", "4020 LIÈGE")],
)
@pytest.mark.parametrize("address", [LIEGE, NOWHERE_SAID], ids=["said", "the sender's"])
def test_inland_is_the_print_houses_country_and_an_unsaid_country_is_the_senders(
    world: World, home: str, last: str, zone: str, home_again: str, address: PostalAddress
) -> None:
    world.house = delivery.PrintHouse(country=home)
    world.profile(PROFILE)
    letter, piece = letter_of(world, address)
    assert letter["address"][-1] == last
    assert letter["return_address"] == [
        "Lumière de l'Ouest", "QUAI 1", "4020 LIÈGE", *(["BELGIQUE"] if home == "FR" else []),
    ]  # fmt: skip
    assert letter["return_address"][-1] == home_again
    assert (piece["postal_class"], piece["country"]) == (zone, "BE")


def test_without_a_profile_it_comes_back_to_the_bills_seller(world: World) -> None:
    eaux = Party(name="Eaux du Val", address=PostalAddress(line1="9 bd Foch", postcode="49000", city="Angers"))
    letter, _ = letter_of(world, LIEGE, eaux)
    assert letter["return_address"] == ["Eaux du Val", "9 BD FOCH", "49000 ANGERS", "FRANCE"]


def test_a_bill_without_a_sellers_address_still_names_its_issuer(world: World) -> None:
    letter, _ = letter_of(world, PostalAddress(line1="1 rue A", postcode="44000", city="Nantes"))
    assert letter["return_address"] == ["Lumière de l'Ouest"]


def test_a_print_house_is_in_a_country_that_exists(tmp_path) -> None:  # type: ignore[no-untyped-def]
    profile = tmp_path / "house.toml"
    profile.write_text('country = "France"\n')
    with pytest.raises(delivery.PrintHouseError, match="no code of ISO 3166-1"):
        delivery.read_print_houses(profile, tmp_path, "Europe/Paris", "")
