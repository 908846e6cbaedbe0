"""Alice confirms her phone by a code; who guesses has five tries and ten minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from consumers.confirm_phone import MOST_TRIES, ask_code, confirm_phone, phone_code
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone, phones_of, withdraw_phone
from store.db.event import Event
from store.job import Job
from store.vault.key_ring import KeyRing
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
KEYS = KeyRing(b"x" * 32)
NUMBER, OTHER = "+33612345678", "+33698765432"


@pytest.fixture
def alice(store: Store) -> int:
    with store.writing() as session:
        return World(session).consumer("Alice").id


def asked(store: Store, alice: int, number: str = NUMBER) -> str:
    with store.writing() as session:
        return phone_code(KEYS, ask_code(session, alice, number, NOW))


def tried(store: Store, alice: int, code: str, after: timedelta = timedelta(), keys: KeyRing = KEYS) -> str:
    with store.writing() as session:
        return confirm_phone(session, keys, alice, code, NOW + after)


def phone(store: Store, alice: int) -> Phone | None:
    with store.reading() as session:
        return phones_of(session, [alice]).get(alice)


def test_the_code_confirms_the_number_once(store: Store, alice: int) -> None:
    code = asked(store, alice)
    assert len(code) == 6
    assert not phone(store, alice).can_be_texted
    assert tried(store, alice, f" {code[:3]} {code[3:]} ") == "confirmed"
    assert phone(store, alice).can_be_texted
    assert tried(store, alice, code) == "expired"
    with store.reading() as session:
        kept = str([list(row) for row in session.execute(select(Phone.__table__))]) + str(
            [job.particulars for job in session.scalars(select(Job))]
        )
        assert code not in kept
        assert [each.what for each in session.scalars(select(Event).where(Event.subject == "consumer"))] == [
            "phone confirmed"
        ]


def test_wrong_codes_are_counted_and_time_ends_it(store: Store, alice: int) -> None:
    code = asked(store, alice)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed in [wrong] * (MOST_TRIES - 2) + ["", code[:5]]:
        assert tried(store, alice, typed) == "wrong"
    assert tried(store, alice, code) == "expired"
    fresh = asked(store, alice)
    assert tried(store, alice, fresh, timedelta(minutes=10)) == "expired"
    assert tried(store, alice, fresh, timedelta(minutes=9)) == "confirmed"


def test_a_new_code_makes_the_one_before_worthless(store: Store, alice: int) -> None:
    before, now = asked(store, alice), asked(store, alice, OTHER)
    if before != now:
        assert tried(store, alice, before) == "wrong"
    assert tried(store, alice, now) == "confirmed"
    assert phone(store, alice).number == OTHER


def test_a_code_lives_through_a_rotation_of_the_root(store: Store, alice: int) -> None:
    code = asked(store, alice)
    assert tried(store, alice, code, keys=KeyRing(b"y" * 32)) == "wrong"
    assert tried(store, alice, code, keys=KeyRing(b"y" * 32, [b"x" * 32])) == "confirmed"


def test_a_number_is_withdrawn_at_once(store: Store, alice: int) -> None:
    tried(store, alice, asked(store, alice))
    with store.writing() as session:
        assert withdraw_phone(session, alice, NOW)
        assert not withdraw_phone(session, alice, NOW)
    assert phone(store, alice) is None


@pytest.mark.parametrize("is_shared", [False, True])
def test_who_confirms_a_number_last_has_it_unless_they_hold_an_account_together(
    store: Store, alice: int, *, is_shared: bool
) -> None:
    tried(store, alice, asked(store, alice))
    with store.writing() as session:
        world = World(session)
        bruno, issuer = world.consumer("Bruno"), world.issuer("lumiere")
        mine = [world.account(issuer, number) for number in ("C-1", "C-2")]
        world.holds(session.get_one(Consumer, alice), mine[0], date(2025, 1, 3))
        world.holds(bruno, mine[0 if is_shared else 1], date(2025, 1, 3))
        other = bruno.id
    code = asked(store, other)
    assert phone(store, alice).can_be_texted, "whoever has only typed it has shown nothing"
    assert tried(store, other, code) == "confirmed"
    assert phone(store, other).can_be_texted
    assert (phone(store, alice) is not None) is is_shared
