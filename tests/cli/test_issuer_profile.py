"""`facteur issuer profile`: the TOML that `issuer add` reads, its versions, a restore, and which feed was read with
which."""

from pathlib import Path

from tests.cli.conftest import Run, lines
from tests.issuers.test_registry import png

FIRST = 'trade = "water"\n[brand]\nlogo = "eau.png"\ntagline = "Claire et à l’heure"\n'


def test_the_versions_of_a_profile(facteur: Run, tmp_path: Path) -> None:
    file = tmp_path / "eau.toml"
    file.write_text(FIRST, encoding="utf-8")
    (tmp_path / "eau.png").write_bytes(png())
    facteur("issuer", "add", "eau", "--name", "Eau", "--profile", file)
    assert facteur("issuer", "profile", "eau").stdout == FIRST
    file.write_text(FIRST + "# revu\n", encoding="utf-8")
    facteur("issuer", "add", "eau", "--name", "Eau", "--profile", file)
    facteur("issuer", "profile", "eau", "--restore", "1", "--by", "Claire", "--reason", "colonnes fausses")
    again = facteur("issuer", "profile", "eau", "--restore", "1", "--by", "Claire", "--reason", "encore")
    assert "has this text already" in again.stderr
    listed = lines(facteur("issuer", "profile", "eau", "--list", "--json"))
    assert [(v["version"], v["by"], v["reason"], v["restored_from"], v["is_present"]) for v in listed] == [
        (3, "Claire", "colonnes fausses", 1, True),
        (2, "cli", "", None, False),
        (1, "cli", "", None, False),
    ]
    assert "as version 1: colonnes fausses" in facteur("issuer", "profile", "eau", "--list").stdout
    assert facteur("issuer", "profile", "eau", "--version", "2").stdout.endswith("# revu\n")
    folder = tmp_path / "taken"
    folder.mkdir()
    facteur("issuer", "profile", "eau", "-o", folder / "eau.toml")
    assert (folder / "eau.toml").read_text(encoding="utf-8") == FIRST
    facteur("issuer", "add", "eau", "--name", "Eau", "--profile", folder / "eau.toml")  # it can be read again


def test_what_is_refused(facteur: Run) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    assert "no version 7: the last one is 1" in facteur("issuer", "profile", "eau", "--version", "7", expect=1).stderr
    facteur("issuer", "profile", "eau", "--restore", "1", expect=2)
    facteur("issuer", "profile", "eau", "--restore", "1", "--list", expect=2)
    facteur("issuer", "profile", "lac", expect=1)
