"""Of an erased person nothing is left in the bytes of the database file either, not even in pages that are free."""

import sqlite3
from pathlib import Path

import pytest

from config import Config
from consumers.leaving.close_space import close_space
from consumers.leaving.erase_person import MANDATES_KEPT, erase_person, erase_what_was_kept
from store import Store
from store.db.database_engine import _prepare_sqlite
from tests.consumers.leaving.zenobie import EMAIL, NOW, PHONE, Zenobie


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_file_has_nothing_of_her(store: Store, config: Config) -> None:
    with store.writing() as session:
        zenobie = Zenobie(session)
        zenobie.is_known_everywhere()
        her = zenobie.her.id
    with store.writing() as session:
        close_space(session, her, NOW)
        erase_person(session, her, NOW)
        erase_what_was_kept(session, NOW + MANDATES_KEPT)
    store.close()
    path = Path(config.database_url.removeprefix("sqlite:///"))
    kept = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    for word in ("Quéffelec", "queffelec", EMAIL, PHONE):
        assert word.encode() not in kept, word


def test_a_build_of_sqlite_that_leaves_deleted_bytes_is_told_not_to(tmp_path: Path) -> None:
    """Debian's overwrites them by itself, python.org's does not."""
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA secure_delete=OFF")
    _prepare_sqlite(connection, None)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    connection.close()
