"""E-reports on the command line: due periods are written once, and the files are kept."""

from decimal import Decimal
from pathlib import Path

from lxml import etree

from tests.cli.conftest import Run, lines
from tests.sample_feeds import batch, ubl

PROFILE = 'legal_ids = ["303265045", "FR40303265045"]\n[e_reporting]\nplatform = "1234"\nsupply = "goods"\n'


def test_due_periods_are_written_once(facteur: Run, tmp_path: Path) -> None:
    profile, feed, folder = tmp_path / "lumiere.toml", tmp_path / "a.xml", tmp_path / "declared"
    profile.write_text(PROFILE)
    facteur("issuer", "add", "lumiere", "--name", "Lumière", "--profile", profile)
    feed.write_bytes(batch([ubl("A-1", net=Decimal("70.00"), issued="2026-09-04", due="2026-10-15")]))
    facteur("feed", "drop", "lumiere", feed, "--wait")

    first, *_ = lines(facteur("e-report", "write", "lumiere", "--to", folder, "--by", "Léa", "--json"))
    assert (first["period"], first["declared"], first["report"]["type"]) == ("2026-09-1", 1, "IN")
    written = etree.parse(folder / f"{first['report']['transmission_id']}.xml")
    assert written.findtext("TransactionsReport/Transactions/TaxExclusiveAmount") == "70.00"
    assert lines(facteur("e-report", "write", "lumiere", "--json")) == []
    [same] = lines(facteur("e-report", "write", "lumiere", "--period", "2026-09-1", "--json"))
    assert (same["report"], same["declared"]) == (None, 1)
    assert lines(facteur("e-report", "list", "lumiere", "--json"))[-1] == first["report"]
    facteur("e-report", "write", "lumiere", "--period", "2026-09-4", expect=2)
    facteur("e-report", "write", "nobody", expect=1)


def test_an_issuer_who_declares_nothing_is_told(facteur: Run) -> None:
    facteur("issuer", "add", "eaux", "--name", "Eaux")
    assert "[e_reporting]" in facteur("e-report", "write", "eaux", expect=1).stderr
