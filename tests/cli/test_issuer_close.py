"""An issuer leaves, and comes back, on the command line."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.sample_feeds import batch, ubl

WHY = ("--by", "Oscar", "--reason", "contrat échu")


def test_nothing_is_taken_from_an_issuer_who_has_left(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("A-1")]))
    facteur("issuer", "close", "lumiere", "--by", " ", "--reason", "x", expect=2)
    facteur("issuer", "close", "lumiere", *WHY)
    facteur("issuer", "close", "lumiere", *WHY)
    assert "ISSUER-CLOSED" in facteur("feed", "drop", "lumiere", feed, "--json", expect=1).stdout
    facteur("issuer", "reopen", "lumiere", *WHY)
    facteur("feed", "drop", "lumiere", feed)
    facteur("issuer", "close", "lumiere", *WHY, expect=1)
