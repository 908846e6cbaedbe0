"""Of an erased person nothing is left in the bytes of the database file either, not even in pages that are free."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Config
from consumers.leaving.close_space import close_space
from consumers.leaving.erase_person import MANDATES_KEPT, TIME_TO_MAIL, erase_person, erase_what_was_kept
from pipeline.steps.erase_people import erase_those_due
from store import Store
from store.accounts.consumer import enrol
from store.accounts.customer_account import CustomerAccount
from store.db.database_engine import _prepare_sqlite
from store.imports.private_issuer import add_private_issuer
from store.search.search_entry import index_bills
from tests.consumers.leaving.zenobie import EMAIL, NOW, PHONE, Zenobie


@pytest.fixture(autouse=True)
def sqlite_alone(database: str) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL's vacuum overwrites what is deleted")


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


def test_words_of_her_own_documents_leave_the_bytes_of_the_search(store: Store, config: Config) -> None:
    """FTS5 keeps the words of deleted entries in its segments; other people's bills are found as before."""
    with store.writing() as session:
        zenobie, her = _with_own_bill(store, session)
        index_bills(session, [(zenobie.bill.id, zenobie.alone.id, zenobie.bill.bill, {0: "compteur"})])
    assert _indexed(store, "tartempion")
    with store.writing() as session:
        close_space(session, her, NOW, at_once=True)
    assert erase_those_due(store, config, NOW + TIME_TO_MAIL) == 1
    assert not _indexed(store, "tartempion")
    assert _indexed(store, "compteur")


def _with_own_bill(store: Store, session: Session) -> tuple[Zenobie, int]:
    zenobie = Zenobie(session)
    her = zenobie.her.id
    plumber = add_private_issuer(session, her, "Tartempion", "tartempion", store.encryptor.encrypt_key, NOW)
    account = session.get_one(CustomerAccount, plumber.account_id)
    assert enrol(session, her, account.id, NOW)
    own = zenobie.world.bill(account, NOW.date(), channel="portal")
    index_bills(session, [(own.id, account.id, own.bill, {0: "Tartempion"})])
    return zenobie, her


def _indexed(store: Store, word: str) -> bool:
    with store.reading() as session:
        blocks = session.execute(text("SELECT block FROM search_index_data")).scalars()
        return any(word.encode() in bytes(each) for each in blocks)


def test_a_build_of_sqlite_that_leaves_deleted_bytes_is_told_not_to(tmp_path: Path) -> None:
    """Debian's overwrites them by itself, python.org's does not."""
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA secure_delete=OFF")
    _prepare_sqlite(connection, None)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    connection.close()
