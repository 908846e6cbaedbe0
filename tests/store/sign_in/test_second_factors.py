"""What is kept of second factors: a code counts once, a set of recovery codes replaces the one before, nobody's is
another's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from store import Store
from store.accounts.consumer import Consumer
from store.db.event import events_of
from store.sign_in.authenticator_app import app_of, app_secret, begin_app, confirm_app, remove_app, take_step
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import ask_removal, cancel_removal, due_removals, finish_removal, waiting_removal
from store.sign_in.passkey import Passkey, add_passkey, note_use, passkeys_of, remove_passkey, user_handle_of
from store.sign_in.recovery_code import RecoveryCode, hash_codes, keep_codes, make_codes, use_code
from store.sign_in.second_factors import SecondFactors, remove_all_factors, second_factors_of
from store.sign_in.used_challenge import use_challenge
from store.staff_member import Staff
from store.vault.encryption import DecryptionFailed
from tests.conftest import Clock

SECRET = b"a secret of 20 bytes"


@pytest.fixture
def owners(store: Store, clock: Clock) -> tuple[FactorOwner, FactorOwner]:
    """Alice, a consumer, and Oscar, an operator: both rows have the same number."""
    with store.writing() as session:
        alice = Consumer(email="alice@exemple.fr", password_hash="", signed_up_at=clock(), confirmed_at=clock())
        oscar = Staff(email="oscar@facteur.example", added_at=clock())
        session.add_all([alice, oscar])
        session.flush()
        return FactorOwner.of(alice), FactorOwner.of(oscar)


def a_passkey(credential: bytes, count: int = 0) -> Passkey:
    return Passkey(
        credential_id=credential,
        public_key=b"key",
        sign_count=count,
        user_handle=b"handle",
        name="Clé",
        is_synced=False,
    )


def test_each_has_their_own(store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]) -> None:
    alice, oscar = owners
    assert alice.id == oscar.id
    with store.writing() as session:
        assert begin_app(session, store.encryptor, alice, SECRET, clock())
        app = app_of(session, alice)
        assert app is not None
        assert not second_factors_of(session, alice).is_any, "it has shown no code yet"
        assert confirm_app(session, app, clock())
        assert not confirm_app(session, app, clock())
        add_passkey(session, oscar, a_passkey(b"1"), clock())
        keep_codes(session, oscar, [(b"salt", b"hash")], clock())
        assert second_factors_of(session, alice) == SecondFactors(0, True, 0)
        assert second_factors_of(session, oscar) == SecondFactors(1, False, 1)
        assert not remove_app(session, oscar, clock())
        assert not remove_passkey(session, alice, passkeys_of(session, oscar)[0].id, clock())
        assert (user_handle_of(session, oscar), len(user_handle_of(session, alice))) == (b"handle", 32)
        assert remove_all_factors(session, alice, clock(), by="staff 2")
        assert second_factors_of(session, oscar).is_any
    with store.reading() as session:
        assert [(each.what, each.by) for each in events_of(session, "consumer", alice.id)] == [
            ("authenticator app added", "consumer 1"),
            ("second factors removed", "staff 2"),
        ]


def test_a_step_is_taken_once_and_no_earlier_one_after_it(
    store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]
) -> None:
    alice, oscar = owners
    with store.writing() as session:
        begin_app(session, store.encryptor, alice, SECRET, clock())
        app = app_of(session, alice)
        assert app is not None
        assert [take_step(session, app, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
        assert app_secret(store.encryptor, app) == SECRET
        app.consumer_id, app.staff_id = None, oscar.id
        with pytest.raises(DecryptionFailed):
            app_secret(store.encryptor, app)


def test_a_begun_app_is_replaced_and_a_confirmed_one_is_not(
    store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]
) -> None:
    alice, _ = owners
    with store.writing() as session:
        assert begin_app(session, store.encryptor, alice, SECRET, clock())
        assert begin_app(session, store.encryptor, alice, SECRET[::-1], clock())
        app = app_of(session, alice)
        assert app is not None
        assert app_secret(store.encryptor, app) == SECRET[::-1]
        confirm_app(session, app, clock())
        assert not begin_app(session, store.encryptor, alice, SECRET, clock())


def test_a_recovery_code_is_good_once_and_a_new_set_replaces_the_old(
    store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]
) -> None:
    alice, oscar = owners
    codes = make_codes()
    assert len(set(codes)) == 10
    with store.writing() as session:
        keep_codes(session, alice, hash_codes(codes[:2]), clock())
        assert not use_code(session, oscar, codes[0], clock())
        assert use_code(session, alice, f" {codes[0].lower().replace('-', ' ')} ", clock())
        assert not use_code(session, alice, codes[0], clock()), "used"
        assert not any(code.encode() in each.hash for code in codes for each in session.scalars(select(RecoveryCode)))
        keep_codes(session, alice, hash_codes(codes[2:3]), clock())
        assert not use_code(session, alice, codes[1], clock()), "of the set before"
        assert use_code(session, alice, codes[2], clock())


def test_a_count_that_does_not_go_forwards_is_refused(
    store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]
) -> None:
    alice, oscar = owners
    with store.writing() as session:
        mine = a_passkey(b"1")
        add_passkey(session, alice, mine, clock())
        assert [note_use(session, mine, count, clock()) for count in (0, 0, 5, 6, 6, 5, 0, 7)] == [
            True, True, True, True, False, False, False, True,
        ]  # fmt: skip
    with pytest.raises(IntegrityError), store.writing() as session:
        add_passkey(session, oscar, a_passkey(b"1"), clock())


def test_a_challenge_is_good_once(store: Store, clock: Clock) -> None:
    until = clock() + timedelta(minutes=5)
    with store.writing() as session:
        assert [use_challenge(session, each, until, clock()) for each in (b"a", b"a", b"b")] == [True, False, True]
        assert use_challenge(session, b"a", until, until + timedelta(seconds=1)), "its cookie has expired by then"


def test_a_removal_waits_once_and_ends_once(
    store: Store, clock: Clock, owners: tuple[FactorOwner, FactorOwner]
) -> None:
    alice, _ = owners

    def ids(now: datetime) -> list[int]:
        with store.reading() as session:
            return [each.id for each in due_removals(session, now, 10)]

    ends_at = clock() + timedelta(days=3)
    with store.writing() as session:
        removal = ask_removal(session, alice.id, ends_at, clock())
        assert removal is not None
        assert ask_removal(session, alice.id, ends_at, clock()) is None
    assert (ids(ends_at - timedelta(seconds=1)), ids(ends_at)) == ([], [removal.id])
    with store.writing() as session:
        assert cancel_removal(session, removal.id, clock())
        assert not finish_removal(session, removal.id, clock())
        assert waiting_removal(session, alice.id) is None
    assert ids(ends_at) == []
