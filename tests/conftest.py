"""What all tests share: a store (SQLite, or PostgreSQL with `--database postgresql`), a clock, and a few people."""

import math
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event, insert

from config import Config, load
from store import Store, open_store
from store.db import database_engine
from store.db.database_engine import make_engine
from store.vault.key_ring import KeyRing

pytest_plugins = (
    "tests.rare_collections", "tests.portal.browser.chromium_fixture", "tests.portal.browser.sample_town_site",
)  # fmt: skip

# An assert beside the tests tells its values, too. (`tests` itself was imported before.)
pytest.register_assert_rewrite(*(f"tests.{beside.stem}" for beside in Path(__file__).parent.iterdir()))

from portal.access import password_hash  # noqa: E402
from tests import compiled_portals, compiled_statements  # noqa: E402
from tests.kept_rows import rows_of  # noqa: E402
from tests.lived_beginnings import Beginnings, Living  # noqa: E402
from tests.memory_folder import memory_folder  # noqa: E402
from tests.postgresql_sample import StatementNotes, alike  # noqa: E402
from tests.postgresql_server import Cluster, find_postgres  # noqa: E402


@event.listens_for(Engine, "connect")
def _in_no_order(connection: Any, _record: Any) -> None:
    """SQLite returns unordered rows by key, PostgreSQL in any order: in tests SQLite returns the last first."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


# Passwords are hashed at the least cost that there is.
password_hash.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
password_hash.BEFORE = (PasswordHasher(time_cost=1, memory_cost=9, parallelism=1),)

database_engine.create_engine = compiled_statements.make_sharing_engine
compiled_portals.share()

SECRET = b"a secret for tests, long enough to be one"
#: Begun first, so that at the end no worker waits for another that has only now begun one of them.
LONGEST = {
    "test_continued_world.py", "test_killed_worker.py", "test_supervisor.py", "test_browser.py", "test_simulation.py",
    "test_matrix.py",
    "test_kills.py", "test_outages.py", "test_instalments.py", "test_two_workers.py", "test_second_holder.py",
    "test_customer_files.py",
}  # fmt: skip
#: Rooms without a store, in which no test asks for a database: PostgreSQL's run does not look for tests there.
STORELESS = {"bill", "export", "ingest", "logs", "render", "sandbox", "untrusted", "words"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--whole", action="store_true", help="on PostgreSQL also tests that ask what others ask")
    parser.addoption("--note-statements", type=Path, help="a folder for what each test asks of its database")


def pytest_configure(config: pytest.Config) -> None:
    """What tests write lies in memory where there is room, and goes when they pass (`tmp_path_retention_policy`)."""
    if (notes := config.getoption("--note-statements")) is not None:
        config.pluginmanager.register(StatementNotes(notes))
    if (memory := memory_folder()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_storeless = collection_path.parent == Path(__file__).parent and collection_path.name in STORELESS
    return True if is_storeless and config.getoption("--database") == "postgresql" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files come first (`make test` keeps this order). On PostgreSQL only what asks for a database runs,
    and not what is the same beside any (`beside_any_database`): a bill is read and drawn in one way, a header is sent
    in one way. Of the tests of pages and commands a sample runs (`tests/postgresql_sample.py`)."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    if config.getoption("--database") == "sqlite":
        rooms = {
            item.path.relative_to(Path(__file__).parent).parts[0]: item for item in items if asks_for_database(item)
        }
        if wrong := rooms.keys() & STORELESS:
            raise pytest.UsageError(f"{rooms[wrong.pop()].nodeid} asks for a database: its room is not STORELESS")
        return
    away = frozenset() if config.getoption("--whole") else alike()
    asks = {item: asks_for_database(item) and item.nodeid not in away for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def asks_for_database(item: pytest.Item) -> bool:
    """Whether a test is another beside another database."""
    return "database" in getattr(item, "fixturenames", ()) and item.get_closest_marker("beside_any_database") is None


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


class Clock:
    """Business time, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **kwargs: float) -> datetime:
        self.now += timedelta(**kwargs)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A Tuesday morning in Paris."""
    return Clock(datetime(2026, 3, 3, 9, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn goes on until nothing is left, and a child has the time it needs: tests count turns, a machine is slow.
    A test of the bounds themselves sets its own."""
    for bound in (
        "pipeline.feed_pipeline.TURN_SECONDS",
        "pipeline.feed_pipeline.PIECE_SECONDS",
        "pipeline.background_jobs.MAIL_SECONDS",
        "delivery.channels.send_due.SECONDS",
    ):
        monkeypatch.setattr(bound, math.inf)
    for patience in ("ingest.pdf.sandboxed_pdf._PATIENCE", "render.print.foreign_pages._PATIENCE"):
        monkeypatch.setattr(patience, 120.0)


@pytest.fixture
def config(tmp_path: Path, new_database: Callable[[], str]) -> Config:
    """A home of its own. The embedded Redis is not there: workers sweep."""
    home = tmp_path / "home"
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    return load(
        {
            "FACTEUR_HOME": str(home),
            "FACTEUR_SECRET_FILE": str(secret),
            "FACTEUR_DATABASE_URL": new_database(),
            "FACTEUR_PUBLIC_URL": "http://127.0.0.1:8080",
        }
    )


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    opened = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    return Beginnings(tmp_path_factory.mktemp("beginnings") / "homes")


@pytest.fixture
def lived(
    store: Store, config: Config, clock: Clock, beginnings: Beginnings, request: pytest.FixtureRequest
) -> Iterator[Living]:
    """`lived(begin, somebody)` begins as other tests of this file do: it is lived through once."""
    also = {name: request.getfixturevalue(name) for name in ("app",) if name in request.fixturenames}
    with closing(rows_of(config.database_url)) as rows:
        yield Living(request.path, beginnings, rows, {"store": store, "config": config, "clock": clock, **also})


@pytest.fixture
def new_database(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes the URL of a database with all tables and no rows but the key of public ids."""
    numbers = count()
    lent: list[str] = []

    def sqlite() -> str:
        path = tmp_path / f"facteur-{next(numbers)}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    def postgresql() -> str:
        lent.append(cluster.lend())
        return lent[-1]

    if database == "sqlite":
        yield sqlite
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    yield postgresql
    for url in lent:
        cluster.take_back(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "facteur.db"
    engine = make_engine(f"sqlite:///{path}")
    _make_template(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    binaries = find_postgres()
    if binaries is None:
        pytest.skip("no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    with Cluster(binaries) as cluster:
        engine = make_engine(cluster.url("template_facteur"))
        _make_template(engine)
        engine.dispose()
        yield cluster


def _make_template(engine: Engine) -> None:
    from store.db.migrations import bring_up_to_date
    from store.public_id import PublicIdKey

    bring_up_to_date(engine)
    with engine.begin() as connection:
        connection.execute(insert(PublicIdKey).values(id=1, key=os.urandom(16)))
