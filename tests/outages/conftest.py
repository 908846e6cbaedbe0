"""A world that is begun once and copied for each outage: making it takes a hundred times as long."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from config import Config, load
from render.compiled_template import compile_template
from store.db.wake_up_signal import WakeUpSignal
from tests.conftest import SECRET
from tests.outages.bucket import Bucket
from tests.outages.moved_clock import MovedClock, moved_clock
from tests.outages.relay import Relay
from tests.outages.six_issuers import World, begun
from tests.postgresql_server import Cluster

_compiled = cache(compile_template)


class Begun:
    """The world as it was begun, and copies of it."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        self.folder, self.cluster = folder, cluster
        self.secret = folder / "secret"
        self.secret.write_bytes(SECRET)
        self.home = folder / "home"
        self.url = cluster.clone() if cluster else f"sqlite:///{self.home / 'facteur.db'}"
        begun(self.config(self.home, self.url))

    def config(self, home: Path, url: str) -> Config:
        return load(
            {
                "FACTEUR_HOME": str(home),
                "FACTEUR_SECRET_FILE": str(self.secret),
                "FACTEUR_DATABASE_URL": url,
                "FACTEUR_PUBLIC_URL": "http://127.0.0.1:8080",
            }
        )

    def copy(self, home: Path) -> Config:
        shutil.copytree(self.home, home)
        url = self.cluster.copy(self.url) if self.cluster else f"sqlite:///{home / 'facteur.db'}"
        return self.config(home, url)


@pytest.fixture(scope="package")
def first_world(request: pytest.FixtureRequest, database: str, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    cluster = request.getfixturevalue("postgres") if database == "postgresql" else None
    return Begun(tmp_path_factory.mktemp("begun"), cluster)


@pytest.fixture(scope="package")
def clock_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="facteur-clock-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's server, which is somebody else, reads it, too
        yield Path(folder)


@pytest.fixture
def clock(clock_folder: Path) -> Iterator[MovedClock]:
    with moved_clock(clock_folder / "clock") as clock:
        yield clock


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay()
    yield relay
    relay.close()


@pytest.fixture
def make_world(
    first_world: Begun, clock: MovedClock, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., World]]:
    """Copies the world and opens it; what is given is another of its configuration."""
    made: list[World] = []

    def make(wake_up: WakeUpSignal | None = None, bucket: Bucket | None = None, **settings: object) -> World:
        monkeypatch.setattr("pipeline.compiled_templates.compile_template", _compiled)
        monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
        config = first_world.copy(tmp_path / "home")
        if bucket is not None:
            settings["blobs_url"] = bucket.begin_with(config.home / "blobs")
        made.append(World(msgspec.structs.replace(config, **settings), clock, relay, wake_up))
        made[-1].bucket = bucket
        made[-1].cluster = first_world.cluster
        return made[-1]

    yield make
    for world in made:
        world.close()
