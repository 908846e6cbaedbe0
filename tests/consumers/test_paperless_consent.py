"""Consent: Alice does without paper, changes her mind, and the words she accepted are kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.leave_account import leave_account
from consumers.paperless_consent import BACK_TO_PAPER, PAPERLESS, NotAHolder, Wording, back_to_paper, go_paperless
from store import Store
from store.accounts.consent import Consent
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


class Home:
    """Alice and Bob hold one account; Charlie does not."""

    def __init__(self, session: Session) -> None:
        self.session = session
        world = World(session)
        self.account = world.account(world.issuer("lumiere"), "PDL-0123 456")
        self.alice, self.bob, self.charlie = (world.consumer(name) for name in ("Alice", "Bob", "Charlie"))
        for holder in (self.alice, self.bob):
            world.holds(holder, self.account, date(2026, 1, 5))


@pytest.fixture
def home(store: Store) -> Iterator[Home]:
    with store.writing() as session:
        yield Home(session)


def test_alice_goes_paperless_and_back(home: Home) -> None:
    assert go_paperless(home.session, home.account, home.alice, NOW)
    assert (home.account.paperless, home.account.paperless_since) == (True, NOW)
    assert not go_paperless(home.session, home.account, home.bob, NOW), "the account is paperless already"
    assert back_to_paper(home.session, home.account, home.bob, NOW + timedelta(days=1))
    assert (home.account.paperless, home.account.paperless_since) == (False, None)
    consents = select(Consent).where(Consent.account_id == home.account.id).order_by(Consent.id)
    acts = [(each.act, each.consumer_id, each.wording) for each in home.session.scalars(consents)]
    assert acts == [
        ("paperless", home.alice.id, PAPERLESS.version),
        ("paper", home.bob.id, BACK_TO_PAPER.version),
    ]


def test_charlie_decides_nothing_about_alices_paper(home: Home) -> None:
    with pytest.raises(NotAHolder):
        go_paperless(home.session, home.account, home.charlie, NOW)
    assert not home.account.paperless
    leave_account(home.session, home.account, home.alice, NOW)
    with pytest.raises(NotAHolder):
        go_paperless(home.session, home.account, home.alice, NOW)


def test_the_last_to_leave_brings_the_paper_back(home: Home) -> None:
    go_paperless(home.session, home.account, home.alice, NOW)
    leave_account(home.session, home.account, home.alice, NOW)
    assert home.account.paperless, "Bob still reads the bills"
    leave_account(home.session, home.account, home.bob, NOW)
    assert not home.account.paperless


def test_the_words_are_there_in_both_languages() -> None:
    for wording in (PAPERLESS, BACK_TO_PAPER):
        assert wording.words("fr") != wording.words("en")
        assert "gratuitement" in wording.words("fr")
        assert "free of charge" in wording.words("en")


@pytest.mark.parametrize(
    ("wording", "language", "digest"),
    [
        (PAPERLESS, "fr", "ef5feb50f62e"),
        (PAPERLESS, "en", "23c700cdd9b0"),
        (BACK_TO_PAPER, "fr", "ef2c15e66936"),
        (BACK_TO_PAPER, "en", "6d6af65bceca"),
    ],
)
def test_another_wording_is_another_version(wording: Wording, language: str, digest: str) -> None:
    """A consent records the version that was shown. Who changes a text here gives it a new version, then its digest."""
    assert (wording.version, sha256(wording.words(language).encode()).hexdigest()[:12]) == (
        {PAPERLESS: "paperless-1", BACK_TO_PAPER: "paper-1"}[wording],
        digest,
    )
