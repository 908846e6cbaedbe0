"""What is known of a customer is the latest that was said, in whichever order it came."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from bill import PostalAddress
from bill.customer.customer_record import CustomerRecord, StatedAddress, joined_names
from bill.customer.known_customer import (
    KnownCustomer,
    address_of,
    merge_known,
    merge_record,
    pack_known,
    unpack_known,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
NANTES = PostalAddress(line1="3 rue du Port", postcode="44000", city="Nantes", country="FR")
BREST = PostalAddress(line1="8 rue de Siam", postcode="29200", city="Brest", country="FR")
LILLE = PostalAddress(line1="1 place du Lion", postcode="59000", city="Lille", country="FR")


def alice(**said: object) -> CustomerRecord:
    return CustomerRecord(number="CL-1001", **said)  # type: ignore[arg-type]


def test_what_is_not_said_stays_and_null_removes() -> None:
    known, _ = merge_record(KnownCustomer(), alice(names=("Alice Martin",), email="alice@example.org"), NOON)
    known, effects = merge_record(known, alice(email=None), NOON + timedelta(days=1))
    assert (known.names, known.email) == (("Alice Martin",), None)
    assert effects == {"email": "changed"}


def test_an_older_record_changes_nothing_and_is_told_field_by_field() -> None:
    known, _ = merge_record(KnownCustomer(), alice(email="new@example.org"), NOON)
    before = alice(email="old@example.org", phone="02 40 00 00 00")
    known, effects = merge_record(known, before, NOON - timedelta(days=1))
    assert (known.email, known.phone) == ("new@example.org", "02 40 00 00 00")
    assert effects == {"email": "older", "phone": "changed"}


def test_two_records_of_one_moment_that_differ_keep_the_first() -> None:
    known, _ = merge_record(KnownCustomer(), alice(email="a@example.org"), NOON)
    known, effects = merge_record(known, alice(email="b@example.org"), NOON)
    assert (known.email, effects) == ("a@example.org", {"email": "tied"})


def test_a_move_is_known_before_it_happens() -> None:
    known, _ = merge_record(KnownCustomer(), alice(postal_address=StatedAddress(address=NANTES)), NOON)
    move = StatedAddress(address=BREST, valid_from=date(2026, 5, 1))
    known, _ = merge_record(known, alice(postal_address=move), NOON + timedelta(days=2))
    on = {day: address_of(known.address_on("postal_address", day)) for day in (date(2026, 4, 30), date(2026, 5, 1))}
    assert on == {date(2026, 4, 30): NANTES, date(2026, 5, 1): BREST}
    assert known.next_change(date(2026, 3, 5)) == date(2026, 5, 1)
    assert known.next_change(date(2026, 5, 1)) is None


def test_after_a_summer_away_letters_go_home_again() -> None:
    known, _ = merge_record(KnownCustomer(), alice(postal_address=StatedAddress(address=NANTES)), NOON)
    summer = StatedAddress(address=BREST, valid_from=date(2026, 7, 1), valid_until=date(2026, 8, 31))
    known, _ = merge_record(known, alice(postal_address=summer), NOON + timedelta(days=1))
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 31), date(2026, 9, 1))
    assert [address_of(known.address_on("postal_address", day)) for day in days] == [NANTES, BREST, BREST, NANTES]
    assert known.next_change(date(2026, 7, 1)) == date(2026, 9, 1)


def test_an_address_whose_days_are_over_takes_no_room() -> None:
    known = KnownCustomer()
    for n, address in enumerate((NANTES, BREST, LILLE)):
        known, _ = merge_record(known, alice(postal_address=StatedAddress(address=address)), NOON + timedelta(days=n))
    assert [address_of(each) for each in known.postal_address] == [LILLE]


@pytest.mark.parametrize("seed", range(60))
def test_the_order_in_which_records_come_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    records = []
    for n in range(8):
        said: dict[str, object] = {"email": rng.choice(["a@example.org", "b@example.org", None])}
        if rng.random() < 0.6:
            first = rng.choice([None, date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 1)])
            last = rng.choice([None, None, date(2026, 9, 1)])
            stated = StatedAddress(address=rng.choice([NANTES, BREST, LILLE]), valid_from=first, valid_until=last)
            said["postal_address"] = rng.choice([stated, stated, stated, None])
        if rng.random() < 0.3:
            said = {"language": rng.choice(["fr", "en"])}
        records.append((alice(**said), NOON + timedelta(days=n)))
    straight, crossed, halves = KnownCustomer(), KnownCustomer(), [KnownCustomer(), KnownCustomer()]
    for n, (record, at) in enumerate(records):
        straight = merge_record(straight, record, at).known
        halves[n % 2] = merge_record(halves[n % 2], record, at).known
    for record, at in rng.sample([*records, *records], 2 * len(records)):  # doubled and crossed
        crossed = merge_record(crossed, record, at).known
    joined = merge_known(*halves)
    last = NOON.date() + timedelta(days=7)
    for day in (last + timedelta(days=n) for n in range(250)):
        expected = address_of(straight.address_on("postal_address", day))
        assert address_of(crossed.address_on("postal_address", day)) == expected
        assert address_of(joined.address_on("postal_address", day)) == expected
    assert (crossed.email, crossed.language, crossed.clocks) == (straight.email, straight.language, straight.clocks)
    assert (joined.email, joined.language, joined.clocks) == (straight.email, straight.language, straight.clocks)


def test_what_is_known_is_packed_and_unpacked() -> None:
    said = alice(names=("Alice", "Bruno"), postal_address=StatedAddress(address=NANTES), died_on=date(2026, 2, 1))
    known, _ = merge_record(KnownCustomer(), said, NOON)
    assert unpack_known(pack_known(known)) == known


def test_names_stand_in_one_line() -> None:
    assert joined_names(("Alice Martin",)) == "Alice Martin"
    assert joined_names(("Alice Martin", "Bruno Petit", "Charlie Roux")) == "Alice Martin, Bruno Petit et Charlie Roux"
