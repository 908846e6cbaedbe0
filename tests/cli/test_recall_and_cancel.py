"""`facteur bill recall` and `facteur feed cancel`: taken back before it has reached anybody; and `facteur bill
send-again` afterwards."""

from pathlib import Path

from tests.cli.conftest import Run, lines
from tests.sample_feeds import batch, ubl

CLAIRE = ("--by", "claire@lumiere.example", "--reason", "wrong tariff")


def test_a_bill_is_recalled_until_it_has_reached_somebody(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    feed = tmp_path / "mars.xml"
    feed.write_bytes(batch([ubl("L-1"), ubl("L-2", "C-BOB")]))
    facteur("feed", "drop", "lumiere", feed, "--wait")
    assert lines(facteur("bill", "recall", "lumiere", "L-1", *CLAIRE, "--json")) == [
        {"issuer": "lumiere", "number": "L-1", "state": "recalled"}
    ]
    [shown] = lines(facteur("bill", "show", "lumiere", "L-1", "--json"))
    assert (shown["state"], shown["due_now"]["left"]) == ("recalled", "0.00")
    assert [each["state"] for each in shown["deliveries"]] == ["cancelled"]
    assert "recalled already" in facteur("bill", "recall", "lumiere", "L-1", *CLAIRE, expect=1).stderr
    assert "no bill" in facteur("bill", "recall", "lumiere", "L-9", *CLAIRE, expect=1).stderr
    facteur("work", "--until-idle")
    facteur("print", "close")
    assert "credit note" in facteur("bill", "recall", "lumiere", "L-2", *CLAIRE, expect=1).stderr
    assert "claimed this account" in facteur("bill", "send-again", "lumiere", "L-2", *CLAIRE, expect=1).stderr
    letter = ("bill", "send-again", "lumiere", "L-2", "--letter", *CLAIRE)
    assert "goes again by post" in facteur(*letter).stdout
    assert "was sent again on" in facteur(*letter).stdout
    assert lines(facteur(*letter, "--json")) == [
        {"issuer": "lumiere", "number": "L-2", "way": "letter", "is_new": False}
    ]  # fmt: skip
    facteur("check")


def test_a_held_feed_is_cancelled_and_a_released_one_is_not(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    held, out = tmp_path / "held.xml", tmp_path / "out.xml"
    held.write_bytes(batch([ubl("L-1")]))
    out.write_bytes(batch([ubl("L-2")]))
    [report] = lines(facteur("feed", "drop", "lumiere", held, "--wait", "--json", "--count", "7"))
    assert "nothing of it" in facteur("feed", "cancel", report["feed"], *CLAIRE).stdout
    [told] = lines(facteur("feed", "report", report["feed"], "--json"))
    assert (told["state"], told["counts"]["bill"]) == ("rejected", 0)
    [report] = lines(facteur("feed", "drop", "lumiere", out, "--wait", "--json"))
    assert "cannot be cancelled" in facteur("feed", "cancel", report["feed"], *CLAIRE, expect=1).stderr
