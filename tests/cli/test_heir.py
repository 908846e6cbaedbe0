"""An heir of an account is recorded and ended on the command line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.open_store import opened_store
from store.accounts.consumer import Consumer
from tests.cli.conftest import Run, lines

WHO = ("--by", "Oscar")


def test_an_heir_is_recorded_and_ended(
    facteur: Run, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    clients, act, nothing = tmp_path / "clients.json", tmp_path / "acte.pdf", tmp_path / "acte.txt"
    clients.write_text('[{"number": "1001", "names": ["Alice Martin"], "died_on": "2020-01-02"}, {"number": "1002"}]')
    act.write_bytes(b"%PDF-1.7\n")
    nothing.write_bytes(b"nothing")
    facteur("feed", "drop", "lumiere", clients, "--wait")
    heir = ("account", "heir", "lumiere", "1001", "bob@exemple.fr", "--kind", "notary", "--reference", "n° 7", *WHO)
    facteur(*heir, "--document", act, expect=1)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with opened_store() as (store, _), store.writing() as session:
        now = datetime.now(UTC)
        bob = Consumer(email="bob@exemple.fr", name="Bob", password_hash="", signed_up_at=now, confirmed_at=now)
        session.add(bob)
    facteur(*heir, "--document", nothing, expect=1)
    facteur(*heir, "--document", act)
    facteur(*heir, "--document", act, expect=1)
    [shown] = lines(facteur("account", "show", "lumiere", "1001", "--json"))
    assert [(each["what"], each["by"]) for each in shown["trail"]][-2:] == [("linked", "Oscar"), ("heir", "Oscar")]
    end = ("account", "heir-end", "lumiere", "1001", "bob@exemple.fr", *WHO, "--reason", "réglée")
    facteur(*end)
    facteur(*end, expect=1)
