"""Yesterday's store is brought up to date: every bill, PDF, delivery and letter is there, unchanged."""

import hashlib
import json
import lzma
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, and_, func, inspect, select, text

from audit.run_all_checks import check
from cli import main
from consumers.claim_code import digest, letter_code
from delivery.channels.paper.letter_data import letters_of, overlay_of
from store import Store, open_store
from store.accounts.consumer import Enrolment
from store.all_models import Base
from store.bills.bill import BillRow
from store.bills.references_between_bills import names_of
from store.db import migrations
from store.db.database_engine import make_engine
from store.db.event import Event
from store.db.migrations import HEAD, StoreIsNewer, bring_up_to_date
from store.delivery import Delivery
from store.feeds.conflict import Conflict
from store.feeds.feed import Feed
from store.print_batch import PrintBatch
from store.search.full_text_index import is_described
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import KeyRing, RootMissing
from store.vault.renew_account_keys import renew_account_keys
from tests.postgresql_server import Cluster
from tests.spelled_reasons import french

YESTERDAY = Path(__file__).parent / "yesterday"
SECRET = b"the secret of the store of yesterday"
#: The first migration rests for ever: stores out there were made by it.
V0001 = "fa673984"
#: What a migration may say anew of yesterday's rows, and why.
MAY_CHANGE: dict[str, set[str]] = {
    # to_pay: rounded half up to the cent; nothing where a mandate stands beside other means. words: in `search_entry`
    "bill": {"to_pay", "words"},
    "delivery": {"person_id", "reason"},  # the addressee was 0; a code and values: `test_every_reason_reads_as_it_did`
    "print_batch": {"answer"},
    "feed": {"reason"},
    "conflict": {"reason"},
    "account_question": {"reason"},
    "event": {"why"},  # a sentence of ours is a code and values; what people and servers said stays
    "attempt": {"answer"},
    "errand": {"answer"},
}

#: Codes of what events told in English, or by the numbers of rows.
TOLD_OTHERWISE = {"worker_died", "feed_doubted", "code_of_letter", "reading", "other_holder", "welcomed"}

#: Columns that have another name by now, by table and their name then.
RENAMED: dict[tuple[str, str], str] = {
    ("account", "sealed_key"): "encrypted_key",
    ("enclosure", "is_sealed"): "is_encrypted",
}


@contextmanager
def laid_down(database: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of yesterday's database, as it lay there."""
    if database == "sqlite":
        path = folder / "facteur.db"
        path.write_bytes(lzma.decompress((YESTERDAY / "facteur.db.xz").read_bytes()))
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.without_tables() as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(lzma.decompress((YESTERDAY / "facteur.sql.xz").read_bytes()))
        yield url


@contextmanager
def brought_up_to_date(url: str, folder: Path) -> Iterator[Store]:
    """The store of today over yesterday's database and blobs."""
    with tarfile.open(YESTERDAY / "blobs.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    store = open_store(url, (folder / "blobs").as_uri(), KeyRing(SECRET), folder / "incoming")
    yield store
    store.close()


@pytest.fixture
def yesterday(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    with laid_down(database, tmp_path, request) as url:
        yield url


@pytest.fixture
def own_upgraded(yesterday: str, tmp_path: Path) -> Iterator[Store]:
    """An upgraded store to change."""
    with brought_up_to_date(yesterday, tmp_path) as store:
        yield store


@pytest.fixture(scope="module")
def both_days(
    database: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[dict[str, list[dict[str, Any]]], Store]]:  # fmt: skip
    """Yesterday's rows, and the upgraded store that all tests of this file read, and none changes."""
    folder = tmp_path_factory.mktemp("yesterday")
    with laid_down(database, folder, request) as url:
        engine = make_engine(url)
        rows = rows_of(engine)
        engine.dispose()
        with brought_up_to_date(url, folder) as store:
            yield rows, store


@pytest.fixture
def rows_before(both_days: tuple[dict[str, list[dict[str, Any]]], Store]) -> dict[str, list[dict[str, Any]]]:
    return both_days[0]


@pytest.fixture
def upgraded(both_days: tuple[dict[str, list[dict[str, Any]]], Store]) -> Store:
    return both_days[1]


def rows_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows as the driver gives them, by table."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        names = {name for name in names if is_described(None, name, "table")}  # FTS5 gives its rows to searches alone
        return {
            name: [dict(row._mapping) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in names
        }


def test_every_kind_of_row_was_there(rows_before: dict[str, list[dict[str, Any]]]) -> None:
    """An upgrade of a table without rows shows nothing."""
    assert [name for name, rows in rows_before.items() if not rows] == []
    assert len(rows_before["bill"]) == 84
    assert {row["state"] for row in rows_before["delivery"]} >= {"waiting", "ready", "sent", "delivered", "cancelled"}


def test_every_row_says_what_it_said(rows_before: dict[str, list[dict[str, Any]]], upgraded: Store) -> None:
    """Columns may be added, and rows; what was written stays as it was written."""
    after = rows_of(upgraded.engine)
    for name, rows in rows_before.items():
        columns = [column for column in rows[0] if column not in MAY_CHANGE.get(name, set())]
        now_called = [RENAMED.get((name, column), column) for column in columns]
        there = {tuple(comparable(row[column]) for column in now_called) for row in after[name]}
        lost = [row for row in rows if tuple(comparable(row[column]) for column in columns) not in there]
        assert lost == [], name


def test_a_holder_was_last_seen_when_they_last_opened_a_bill(upgraded: Store) -> None:
    query = (
        select(Enrolment.consumer_id, Enrolment.last_seen_on, func.max(Delivery.delivered_at))
        .join(BillRow, BillRow.account_id == Enrolment.account_id)
        .join(Delivery, and_(Delivery.bill_id == BillRow.id, Delivery.person_id == Enrolment.consumer_id))
        .where(Delivery.channel == "portal", Delivery.purpose == "present", Delivery.state == "delivered")
        .group_by(Enrolment.consumer_id, Enrolment.account_id, Enrolment.last_seen_on)
    )
    with upgraded.reading() as session:
        found = session.execute(query).all()
        never = session.scalars(select(Enrolment.consumer_id).where(Enrolment.last_seen_on.is_(None))).all()
    assert found
    assert [seen_on for _, seen_on, _ in found] == [at.date() for _, _, at in found]
    assert never


def comparable(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def test_every_reason_reads_as_it_did(rows_before: dict[str, list[dict[str, Any]]], upgraded: Store) -> None:
    """No sentence of ours is left as text, and spelled in French each reads as it was written."""
    rows = {row["id"]: mended(row["reason"]) for row in rows_before["delivery"]}
    answers = {row["id"]: mended(row["answer"]) for row in rows_before["print_batch"]}
    whys = {row["id"]: mended(row["why"]) for row in rows_before["event"]}
    with upgraded.reading() as session:
        now = {each.id: each.reason for each in session.scalars(select(Delivery))}
        answered = {each.id: each.answer for each in session.scalars(select(PrintBatch))}
        events = session.scalars(
            select(Event).where(Event.reason_code.not_in(["", *TOLD_OTHERWISE]), Event.id.in_(whys))
        ).all()
        assert [french(event.reason) for event in events] == [whys[event.id] for event in events]
    assert events
    assert {key: french(reason) for key, reason in now.items()} == rows
    assert {key: french(reason) for key, reason in answered.items()} == answers
    assert codes_of(upgraded, Conflict) == {"", "words"}
    assert codes_of(upgraded, Feed) == {"", "feed_doubted", "all_bills_refused"}
    assert "legacy" not in {each.code for each in (*now.values(), *answered.values())}


def codes_of(store: Store, table: type[Conflict] | type[Feed]) -> set[str]:
    with store.reading() as session:
        return {row.reason.code for row in session.scalars(select(table))}


def mended(words: str) -> str:
    """One letter was `1 plis`, in the first version."""
    return re.sub(r"\b1 (pli|feuille)s", r"1 \1", words)


def test_bills_kept_before_say_which_bills_they_name(upgraded: Store) -> None:
    with upgraded.reading() as session:
        rows = session.scalars(select(BillRow)).all()
        named = names_of(session, [row.id for row in rows])
        assert named == {
            row.id: tuple(each.number for each in row.bill.preceding) for row in rows if row.bill.preceding
        }
        assert named


def test_every_pdf_is_there_bit_for_bit(rows_before: dict[str, list[dict[str, Any]]], upgraded: Store) -> None:
    sums = {row["id"]: row["pdf_sha256"] for row in rows_before["bill"] if row["pdf_sha256"]}
    with upgraded.reading() as session:
        archive = upgraded.archive(session)
        rows = session.scalars(select(BillRow).where(BillRow.pdf_sha256.is_not(None))).all()
        assert {row.id: hashlib.sha256(archive.pdf(row)).hexdigest() for row in rows} == sums
        assert len(sums) == 84


def test_every_delivery_goes_to_whom_it_went(rows_before: dict[str, list[dict[str, Any]]], upgraded: Store) -> None:
    after = {row["id"]: row["person_id"] for row in rows_of(upgraded.engine)["delivery"]}
    assert after == {row["id"]: row["person_id"] or None for row in rows_before["delivery"]}
    assert None in after.values()
    assert any(after.values())


def test_every_bill_can_be_unpacked(upgraded: Store) -> None:
    with upgraded.reading() as session:
        for row in session.scalars(select(BillRow)):
            assert (row.bill.number, row.bill.totals.payable) == (row.number, row.payable)


def test_every_letter_bears_the_address_and_the_code_that_it_bore(upgraded: Store) -> None:
    """The address but for its accents, which are printed since."""
    said = json.loads((YESTERDAY / "letters.json").read_text())
    with upgraded.reading() as session:
        ids = session.scalars(select(Delivery.id).where(Delivery.channel == "paper")).all()
        faces = {
            str(letter.delivery.id): overlay_of(letter, upgraded.keys, "http://127.0.0.1:8080", carrier=False)
            for letter in letters_of(session, ids)
        }
        printed = set(session.scalars(select(Delivery.id).where(Delivery.batch_id.is_not(None))))
    assert {key: without_accents(face.address) for key, face in faces.items()} == {
        key: without_accents(face["address"]) for key, face in said.items()
    }
    for key in map(str, printed):
        assert faces[key].claim_code == said[key]["code"]


def without_accents(lines: Iterable[str]) -> list[str]:
    return ["".join(letter for letter in normalize("NFD", line) if not combining(letter)) for line in lines]


def test_the_secret_of_yesterday_can_be_replaced(
    rows_before: dict[str, list[dict[str, Any]]], own_upgraded: Store
) -> None:
    """Its account keys bear no root's id, nor do its letters: they open, are renewed, and need the old root no more."""
    sums = {row["id"]: row["pdf_sha256"] for row in rows_before["bill"] if row["pdf_sha256"]}
    new = b"the secret that follows yesterday's one"

    def sums_with(keys: KeyRing) -> dict[int, str]:
        store = Store(own_upgraded.engine, own_upgraded.blobs, keys, own_upgraded.wake_up, own_upgraded.incoming)
        with store.reading() as session:
            rows = session.scalars(select(BillRow).where(BillRow.pdf_sha256.is_not(None))).all()
            return {row.id: hashlib.sha256(store.archive(session).pdf(row)).hexdigest() for row in rows}

    both = KeyRing(new, [SECRET])
    assert sums_with(both) == sums
    with own_upgraded.reading() as session:
        letters = session.scalars(select(Delivery).where(Delivery.claim_digest.is_not(None))).all()
        assert letters
        assert all(digest(letter_code(both, each)) == each.claim_digest for each in letters)
        with pytest.raises(RootMissing, match="FACTEUR_OLD_SECRET_FILES"):
            letter_code(KeyRing(new), letters[0])
    with pytest.raises(DecryptionFailed, match="FACTEUR_OLD_SECRET_FILES"):
        sums_with(KeyRing(new))
    replaced = Store(own_upgraded.engine, own_upgraded.blobs, both, own_upgraded.wake_up, own_upgraded.incoming)
    assert renew_account_keys(replaced).number == len(rows_before["account"])
    assert sums_with(KeyRing(new)) == sums


def triggers_of(store: Store) -> dict[str, str]:
    """What creates each trigger of the store, with the function that it calls on PostgreSQL."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'" if store.is_sqlite else (
        "SELECT tgname AS name, pg_get_triggerdef(pg_trigger.oid) || pg_get_functiondef(tgfoid) AS sql FROM pg_trigger"
        " WHERE NOT tgisinternal"
    )  # fmt: skip
    with store.engine.connect() as connection:
        return {row.name: row.sql for row in connection.execute(text(query))}


def test_the_upgraded_tables_are_what_the_program_expects(upgraded: Store, store: Store) -> None:
    with upgraded.engine.connect() as connection:
        assert (
            compare_metadata(
                MigrationContext.configure(connection, opts={"include_object": is_described}), Base.metadata
            )
            == []
        )
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    assert not any(check(upgraded).invariants.values())
    triggers = triggers_of(upgraded)
    assert "fact_bill_changed" in triggers
    assert triggers == triggers_of(store)


def test_an_upgrade_that_is_interrupted_changes_nothing(
    yesterday: str, rows_before: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one transaction: the next process that opens the store begins where the last one began."""

    upgrade = migrations._upgrade

    def cut_off(connection: Connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    engine = make_engine(yesterday)
    monkeypatch.setattr(migrations, "_upgrade", cut_off)
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(engine)
    assert rows_of(engine) == rows_before
    monkeypatch.undo()
    bring_up_to_date(engine)
    engine.dispose()


def test_foreign_keys_hold_after_an_upgrade(upgraded: Store) -> None:
    """SQLite passes over them while tables are made anew, and no longer."""
    if upgraded.is_sqlite:
        with upgraded.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.fixture
def newer(store: Store) -> Iterator[Store]:
    """A store that a later program has brought up to date."""
    yield moved(store, "9999")
    moved(store, HEAD)


def moved(store: Store, revision: str) -> Store:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    return store


def test_a_store_of_a_newer_program_is_refused_with_a_sentence(newer: Store) -> None:
    with pytest.raises(StoreIsNewer, match="this store is at revision 9999, and this program knows revisions up to"):
        bring_up_to_date(newer.engine)


def test_the_command_line_says_that_sentence(
    newer: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("FACTEUR_DATABASE_URL", newer.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FACTEUR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FACTEUR_SECRET_FILE", str(tmp_path / "secret"))
    (tmp_path / "secret").write_bytes(SECRET)
    for verb in (["check"], ["bill", "list"], ["web"], ["work", "--until-idle"]):
        with pytest.raises(SystemExit) as ended:
            main.main(verb)
        assert ended.value.code == 1
        assert "revision 9999" in " ".join(capsys.readouterr().err.split())


def test_the_first_migration_rests() -> None:
    """Who needs another table or column writes the next one."""
    path = Path(migrations.__file__).parent / "versions" / "v0001_initial_schema.py"
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:8] == V0001


def test_yesterdays_consents_and_enrolments_are_its_accounts_history(
    rows_before: dict[str, list[dict[str, Any]]], upgraded: Store
) -> None:
    """Each enrolment is a notice that somebody follows the account, and each text that was accepted is readable."""
    after = rows_of(upgraded.engine)
    linked = {(row["account_id"], row["consumer_id"]) for row in after["account_notice"] if row["kind"] == "linked"}
    assert linked == {(row["account_id"], row["consumer_id"]) for row in rows_before["enrolment"]}
    assert {row["by"] for row in after["consent"]} == {f"consumer {row['consumer_id']}" for row in after["consent"]}
    shown = {row["wording"] for row in rows_before["consent"]}
    assert shown == {row["version"] for row in after["shown_wording"]}
