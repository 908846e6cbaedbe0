"""`facteur person erase`: says before what goes and what stays, and erases who asked by letter."""

from datetime import UTC, datetime

import config
from store import open_store
from store.accounts.consumer import Consumer
from store.db.wake_up_signal import NoWakeUpSignal
from store.vault.key_ring import KeyRing
from tests.cli.conftest import Run, lines

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_person_is_erased(facteur: Run, environment: dict[str, str]) -> None:
    settings = config.load(environment)
    store = open_store(
        settings.database_url,
        settings.blobs_url,
        KeyRing(settings.secret),
        settings.home / "incoming",
        NoWakeUpSignal(),
    )
    with store.writing() as session:
        session.add(Consumer(email="alice@exemple.fr", name="Alice", password_hash="-", signed_up_at=NOW))
    [told] = lines(facteur("person", "erase", "alice@exemple.fr", "--dry-run", "--json"))
    assert (told["goes"]["profile"], "enrolment.consumer_id" in str(told["stays"])) == (1, True)
    assert "profile" in facteur("person", "erase", "alice@exemple.fr", "--dry-run").stdout
    facteur("person", "erase", "alice@exemple.fr", expect=1)
    word = ("--by", "Mina", "--reason", "par lettre du 2 mars")
    assert lines(facteur("person", "erase", "Alice@exemple.fr", *word, "--json")) == [
        {"consumer": 1, "state": "erased"}
    ]  # fmt: skip
    facteur("person", "erase", "alice@exemple.fr", *word, expect=1)
    with store.reading() as session:
        assert session.get_one(Consumer, 1).name == ""
