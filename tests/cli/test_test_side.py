"""A test side on the command line: opened, filled, looked at by every verb that takes an issuer, emptied, closed."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store.test_sides.side_rows import side_tables
from tests.cli.conftest import Run, lines
from tests.sample_feeds import batch, ubl

SIDE = "lumiere~test"
#: Verbs that list what is of one issuer.
LISTS = (
    ("account", "list"), ("account", "questions"), ("account", "default-notices"), ("bill", "list"),
    ("delivery", "reasons"), ("dispute", "list"), ("payment", "list"), ("plan", "list"),
)  # fmt: skip


@pytest.fixture
def filled(facteur: Run, tmp_path: Path) -> Run:
    """Lumière has one bill, L-1, and its test side another, ZQ-1, and an account number that two people claim."""
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    assert facteur("issuer", "test", "lumiere").stdout.strip() == SIDE
    assert facteur("issuer", "test", "lumiere").stdout.strip() == SIDE
    quintal = ("Zephyrine Quintal", "5 rue du Bois", "44000", "Nantes")
    other = ("Paul Quintal", "9 rue Neuve", "29200", "Brest")
    for slug, number, person in (("lumiere", "L-1", None), (SIDE, "ZQ-1", quintal), (SIDE, "ZQ-2", other)):
        feed = tmp_path / f"{number}.xml"
        feed.write_bytes(batch([ubl(number, f"C-{number[:1]}", person=person)]))
        facteur("feed", "drop", slug, feed)
        facteur("work", "--until-idle", "--as-of", "2026-03-03")
    return facteur


def test_every_list_is_of_the_side_that_is_asked_for(filled: Run) -> None:
    for verb in LISTS:
        filled(*verb)
        filled(*verb, "--issuer", SIDE)
        mine, all_of_them = (filled(*verb, *which, "--json").stdout for which in (["--issuer", SIDE], []))
        assert "ZQ-" not in all_of_them, verb
        assert SIDE not in all_of_them, verb
        assert "L-1" not in mine, verb
    assert [each["number"] for each in lines(filled("bill", "list", "--issuer", SIDE, "--json"))] == ["ZQ-1", "ZQ-2"]
    assert {each["issuer"] for each in lines(filled("account", "list", "--issuer", SIDE, "--json"))} == {SIDE}
    assert [each["issuer"] for each in lines(filled("account", "questions", "--issuer", SIDE, "--json"))] == [SIDE]
    assert "ZQ-1" in filled("bill", "show", SIDE, "ZQ-1").stdout
    filled("bill", "show", "lumiere", "ZQ-1", expect=1)


def test_it_is_emptied_and_nothing_else(filled: Run) -> None:
    assert f"{SIDE} is empty" in filled("issuer", "test-reset", "lumiere").stderr
    assert filled("bill", "list", "--issuer", SIDE).stdout == ""
    assert "L-1" in filled("bill", "list").stdout
    filled("check")
    filled("issuer", "test", SIDE, expect=1)
    for verb in ("close", "reopen", "suspend"):
        said = filled("issuer", verb, SIDE, "--by", "oscar", "--reason", "meant for Lumière", expect=1)
        assert "stays and goes with its issuer" in said.stderr


def test_a_process_of_its_own_knows_every_table_that_is_emptied() -> None:
    """The command imports little; what it does not know of it would leave behind, or stumble over."""
    asked = "import cli.issuer_test_side; from store.test_sides.side_rows import side_tables; print(*side_tables())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.split() == [table.name for table in side_tables()]


def test_no_door_of_it_is_open_once_its_issuer_has_left(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "lumiere", "--name", "Lumiere")
    facteur("issuer", "test", "lumiere")
    assert facteur("issuer", "key", SIDE).stdout.startswith("fct_test_")
    facteur("issuer", "close", "lumiere", "--by", "Oscar", "--reason", "contrat échu")
    [key] = lines(facteur("issuer", "keys", SIDE, "--json"))
    assert key["revoked_at"]
    feed = tmp_path / "essai.xml"
    feed.write_bytes(batch([ubl("ZQ-1")]))
    assert "ISSUER-CLOSED" in facteur("feed", "drop", SIDE, feed, "--json", expect=1).stdout
    facteur("issuer", "reopen", "lumiere", "--by", "Oscar", "--reason", "revenu")
    facteur("feed", "drop", SIDE, feed)


def test_check_tells_rows_of_test_sides_apart(filled: Run, environment: dict[str, str]) -> None:
    """What is wrong on a test side is told, and is nobody's lost bill."""
    engine = create_engine(environment["FACTEUR_DATABASE_URL"])

    def lose_an_item_of(where: str) -> None:
        sides = f"SELECT id FROM issuer WHERE test_of IS {where}"
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE feed SET entries = entries + 1 WHERE issuer_id IN ({sides})"))

    lose_an_item_of("NOT NULL")
    [told] = lines(filled("check", "--json"))
    assert told["ok"]
    assert set(told["invariants"].values()) == {0}
    assert told["on_test_sides"] == {"items_missing": 2}
    lose_an_item_of("NULL")
    [told] = lines(filled("check", "--json", expect=1))
    assert (told["invariants"]["items_missing"], told["on_test_sides"]) == (1, {"items_missing": 2})
    assert "and 2 on test sides" in filled("check", expect=1).stdout
    engine.dispose()
