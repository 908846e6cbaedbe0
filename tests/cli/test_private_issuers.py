"""No verb tells of an issuer that a person keeps for themselves; how many wait for one is told from five people on."""

from datetime import UTC, datetime
from pathlib import Path

from config import load
from store import open_store
from store.vault.key_ring import KeyRing
from tests.cli.conftest import Run, lines
from tests.portal.own_documents import own_bill
from tests.portal.sample_town import World
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
VERBS = (
    "account list", "bill list", "delivery list --reason account_unclaimed", "delivery reasons", "adoption",
    "print list", "payment list", "feed conflicts", "account questions", "dispute list", "plan list", "check",
    "account default-notices",
)  # fmt: skip


def test_verbs_do_not_know_it_until_five_people_wait(facteur: Run, environment: dict[str, str], tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière")
    (tmp_path / "mars.xml").write_bytes(batch([ubl("L-1")]))
    facteur("feed", "drop", "lumiere", tmp_path / "mars.xml", "--wait")
    settings = load(environment)
    store = open_store(settings.database_url, settings.blobs_url, KeyRing(settings.secret), tmp_path / "incoming")
    people = [World(store, NOW).consumer(name) for name in ("Alice A", "Bob B", "Charlie C", "Dora D", "Emil E")]
    for person in people[:4]:
        own_bill(store, person.id, NOW)
    for verb in VERBS:
        told = facteur(*verb.split(), "--json").stdout
        assert "quenneville" not in told.casefold(), verb
        assert "PQ-117" not in told, verb
    refused = facteur("bill", "show", "lumiere", "PQ-117", expect=1)
    assert "no bill" in refused.stderr
    assert facteur("issuer", "awaited", "--json").stdout == ""
    assert "fewer than 5 people" in facteur("issuer", "awaited").stderr
    own_bill(store, people[4].id, NOW)
    [told] = lines(facteur("issuer", "awaited", "--json"))
    assert told == {"name": "plomberie quenneville", "legal_id": "", "people": 5}
    store.close()
