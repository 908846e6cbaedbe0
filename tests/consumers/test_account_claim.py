"""Claiming: Alice has the letter in her hand; Bob guesses; Charlie has a letter, but not this one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from consumers.account_claim import BLOCKS, Claimed, ClaimRefused, claim_account
from consumers.claim_code import claim_code
from consumers.claim_start import failure_of
from consumers.leave_account import leave_account
from store import Store
from store.accounts.account_notice import notices_of
from store.accounts.consumer import Consumer, accounts_of, holders_of
from store.accounts.customer_account import CustomerAccount
from store.db.event import events_of
from store.delivery import Delivery
from store.issuer import Issuer
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SECRET = b"a secret for tests, long enough to be one"
ALICES, CHARLIES, NUMBERLESS, FRESH = (claim_code(SECRET, n) for n in (1, 2, 3, 4))


class Street:
    """Alice and Charlie have a letter of Lumière each; Bob has none."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.world = World(session)
        self.lumiere = self.world.issuer("lumiere")
        self.alice, self.bob, self.charlie = (self.world.consumer(name) for name in ("Alice", "Bob", "Charlie"))
        self.alices = self.world.account(self.lumiere, "PDL-0123 456")
        self.charlies = self.world.account(self.lumiere, "PDL-0777 888")
        self.letter = self.world.letter(self.world.bill(self.alices, date(2026, 2, 20)), ALICES, date(2026, 2, 23))
        self.world.letter(self.world.bill(self.charlies, date(2026, 2, 20)), CHARLIES, date(2026, 2, 23))

    def tries(
        self, who: Consumer, number: str, code: str, at: datetime = NOW, issuer: Issuer | None = None
    ) -> Claimed | ClaimRefused:
        return claim_account(self.session, who, (issuer or self.lumiere).id, number, code, at)

    def holders(self, account: CustomerAccount) -> list[str]:
        return [holder.name for holder in holders_of(self.session, [account.id]).get(account.id, [])]


@pytest.fixture
def street(store: Store) -> Iterator[Street]:
    with store.writing() as session:
        yield Street(session)


def test_alice_claims_with_the_code_of_her_letter(street: Street) -> None:
    assert street.tries(street.alice, "PDL-0123 456", ALICES) == Claimed(street.alices.id, True)
    assert accounts_of(street.session, street.alice.id) == [street.alices]
    [written] = events_of(street.session, "account", street.alices.id)
    assert (written.what, written.by) == ("enrolled", f"consumer {street.alice.id}")
    assert street.tries(street.alice, "PDL-0123 456", ALICES) == Claimed(street.alices.id, False)


@pytest.mark.parametrize("number", ["pdl0123456", " PDL 0123-456 ", "pdl.0123.456"])
@pytest.mark.parametrize("code", [ALICES.lower(), ALICES.replace("-", ""), f" {ALICES[:3]} {ALICES[3:]} "])
def test_sloppy_writing_is_forgiven(street: Street, number: str, code: str) -> None:
    assert isinstance(street.tries(street.alice, number, code), Claimed)


def test_a_couple_holds_one_account_by_two_letters(street: Street) -> None:
    """A code proves that a letter came. What was printed before Alice claimed may have been found by anybody since; the
    letter after it is fresh."""
    street.tries(street.alice, "PDL-0123 456", ALICES)
    assert street.tries(street.bob, "PDL-0123 456", ALICES) == ClaimRefused("stale", held_id=street.alices.id)
    notices = notices_of(street.session, [street.alices.id])[street.alices.id]
    begun = [each for each in notices if each.kind == "claim_started"]
    assert [(failure_of(each.key), each.consumer_id) for each in begun] == [("stale_code", street.bob.id)]
    assert (street.bob.claim_failures, street.alices.claim_failures) == (0, 0), "it is no guess"
    street.world.letter(street.world.bill(street.alices, date(2026, 3, 20)), FRESH, date(2026, 3, 23))
    later = NOW + timedelta(days=25)
    assert street.tries(street.bob, "PDL-0123 456", FRESH, later) == Claimed(street.alices.id, True, others=1)
    assert street.holders(street.alices) == ["Alice", "Bob"]
    charlies = street.tries(street.charlie, "PDL-0123 456", FRESH, later)
    assert charlies == ClaimRefused("stale", held_id=street.alices.id), "Bob's claim came after it"
    assert street.tries(street.alice, "PDL-0123 456", ALICES, later) == Claimed(street.alices.id, False)


def test_an_old_letter_opens_nothing_after_its_reader_has_left(street: Street) -> None:
    """Alice moves out; whoever finds her letters behind the radiator finds nothing on line."""
    street.tries(street.alice, "PDL-0123 456", ALICES)
    leave_account(street.session, street.alices, street.alice, NOW + timedelta(days=1))
    assert street.tries(street.bob, "PDL-0123 456", ALICES, NOW + timedelta(days=2)) == ClaimRefused("stale")
    assert street.holders(street.alices) == []


def test_the_letters_of_a_number_that_passed_on_open_nothing(street: Street) -> None:
    street.alices.standing = "former"
    assert street.tries(street.bob, "PDL-0123 456", ALICES) == ClaimRefused("stale")


@pytest.mark.parametrize("standing", ["provisional", "apart"])
def test_where_two_have_one_number_the_code_alone_tells(street: Street, standing: str) -> None:
    street.alices.standing = standing
    assert street.tries(street.alice, "", ALICES) == Claimed(street.alices.id, True)


def test_charlie_cannot_use_alices_number_with_his_own_code(street: Street) -> None:
    assert street.tries(street.charlie, "PDL-0123 456", CHARLIES) == ClaimRefused("wrong")
    assert street.holders(street.alices) == []
    assert (street.alices.claim_failures, street.charlies.claim_failures) == (1, 0)


def test_a_wrong_number_and_a_wrong_code_get_the_same_words(street: Street) -> None:
    wrong_code = street.tries(street.bob, "PDL-0123 456", CHARLIES)
    no_such_number = street.tries(street.bob, "PDL-9999", ALICES)
    nothing_at_all = street.tries(street.bob, "", "")
    assert wrong_code == no_such_number == nothing_at_all == ClaimRefused("wrong")


def test_bob_guesses_six_times_and_only_bob_waits(street: Street) -> None:
    tries = [street.tries(street.bob, "pdl 0123 456", f"AAAAA-AAAA{n}") for n in range(5)]
    blocked = ClaimRefused("blocked", NOW + BLOCKS[0])
    assert tries == [ClaimRefused("wrong")] * 4 + [blocked]
    assert street.tries(street.bob, "PDL-0123 456", ALICES) == blocked, "not even the right code is looked at"
    assert street.alices.claim_failures == 5
    assert isinstance(street.tries(street.alice, "PDL-0123 456", ALICES), Claimed)
    assert isinstance(street.tries(street.charlie, "PDL-0777 888", CHARLIES), Claimed)
    assert street.holders(street.alices) == ["Alice"]


def test_a_crowd_that_guesses_at_alices_account_does_not_lock_her_out(street: Street) -> None:
    """Each of the crowd has fewer tries once many were made; Alice, who mistypes once, still comes in."""
    crowd = [street.world.consumer(f"Guesser{n}") for n in range(8)]
    answers = [
        [street.tries(who, "PDL-0123 456", f"AAAAA-AAAA{n}").reason for n in range(4)]  # type: ignore[union-attr]
        for who in crowd
    ]
    assert answers[0] == ["wrong"] * 4
    assert answers[-1] == ["wrong", "blocked", "blocked", "blocked"]
    assert street.tries(street.alice, "PDL-0123 456", CHARLIES) == ClaimRefused("wrong")
    assert isinstance(street.tries(street.alice, "PDL-0123 456", ALICES), Claimed)
    assert (street.alice.claim_failures, street.alices.claim_failures) == (0, 0)


def test_blocks_grow_and_success_ends_them(street: Street) -> None:
    at = NOW
    for _ in range(5):
        street.tries(street.alice, "PDL-0123 456", "AAAAA-AAAAA", at)
    for block in (*BLOCKS[1:], BLOCKS[-1]):
        assert street.alice.claim_blocked_until is not None
        at = street.alice.claim_blocked_until
        assert street.tries(street.alice, "PDL-0123 456", "AAAAA-AAAAA", at) == ClaimRefused("blocked", at + block)
    at += BLOCKS[-1]
    assert isinstance(street.tries(street.alice, "PDL-0123 456", ALICES, at), Claimed)
    assert (street.alice.claim_failures, street.alice.claim_blocked_until) == (0, None)


@pytest.mark.parametrize("written", ["PDL-0123 456", "pdl0123456", "PDL.0123.456", " ＰＤＬ 0123/456 "])
def test_wrong_tries_count_against_one_account_however_its_number_is_written(street: Street, written: str) -> None:
    street.tries(street.bob, written, "AAAAA-AAAAA")
    assert (street.alices.claim_failures, street.charlies.claim_failures) == (1, 0)


def test_a_wrong_code_finds_its_account_by_an_index(street: Street) -> None:
    """Never by looking through all accounts of an issuer: every writer waits meanwhile."""
    said: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        said.append((statement, parameters))

    engine = street.session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        street.tries(street.bob, "PDL-0123 456", "AAAAA-AAAAA")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    looked = [each for each in said if "FROM account" in each[0] or each[0].startswith("UPDATE account")]
    assert len(looked) == 2
    connection = street.session.connection()
    if connection.dialect.name != "sqlite":
        return
    for statement, parameters in looked:
        step, *_ = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        assert "number_key=?" in step.detail or "PRIMARY KEY" in step.detail, step.detail


def test_a_known_account_does_not_wash_failures_away(street: Street) -> None:
    street.tries(street.charlie, "PDL-0777 888", CHARLIES)
    for n in range(4):
        street.tries(street.charlie, "PDL-0123 456", f"AAAAA-AAAA{n}")
        street.tries(street.charlie, "PDL-0777 888", CHARLIES)
    assert street.charlie.claim_failures == 4


@pytest.mark.parametrize(("age", "is_good"), [(timedelta(days=179), True), (timedelta(days=181), False)])
def test_a_code_is_good_for_180_days(street: Street, age: timedelta, is_good: bool) -> None:
    assert street.letter.sent_at is not None
    result = street.tries(street.alice, "PDL-0123 456", ALICES, street.letter.sent_at + age)
    assert isinstance(result, Claimed) is is_good


@pytest.mark.parametrize("state", ["ready", "cancelled", "failed"])
def test_a_letter_that_was_not_posted_or_came_back_opens_nothing(street: Street, state: str) -> None:
    street.session.scalars(select(Delivery).where(Delivery.id == street.letter.id)).one().state = state
    street.session.flush()
    assert street.tries(street.alice, "PDL-0123 456", ALICES) == ClaimRefused("wrong")


def test_a_code_of_another_issuer_opens_nothing(street: Street) -> None:
    eaux = street.world.issuer("eaux")
    assert street.tries(street.alice, "PDL-0123 456", ALICES, issuer=eaux) == ClaimRefused("wrong")


def test_an_account_without_a_number_is_claimed_by_the_code_alone(street: Street) -> None:
    account = street.world.account(street.lumiere, "d41d8cd98f00", term="address")
    street.world.letter(street.world.bill(account, date(2026, 2, 20)), NUMBERLESS, date(2026, 2, 23))
    assert street.tries(street.bob, "d41d8cd98f00", ALICES) == ClaimRefused("wrong")
    assert street.tries(street.bob, "", NUMBERLESS) == Claimed(account.id, True)


def test_whoever_leaves_may_come_back_with_a_letter(street: Street) -> None:
    street.tries(street.alice, "PDL-0123 456", ALICES)
    assert leave_account(street.session, street.alices, street.alice, NOW)
    assert not leave_account(street.session, street.alices, street.alice, NOW)
    assert street.holders(street.alices) == []
    assert street.tries(street.alice, "PDL-0123 456", ALICES) == Claimed(street.alices.id, True)
