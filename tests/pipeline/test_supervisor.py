"""`facteur up` serves for real: a feed goes in over HTTP and its bills come out, a part that is killed is started
again, and Ctrl-C stops all of them without a word."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from config import Config
from pipeline.supervisor import Part, start_valkey, valkey_socket
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(seconds: float, ask: Callable[[], Any]) -> Any:
    """What *ask* says, as soon as it says something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError("it takes too long")


def children(pid: int) -> dict[str, int]:
    """The parts that a supervisor runs, by name."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        is_server = b"valkey" in words[0] or b"redis" in words[0]
        found["valkey" if is_server else words[-2].decode()] = int(child)
    return found


@pytest.fixture
def environment(tmp_path: Path, new_database: Callable[[], str]) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("a secret for tests, long enough to be one")
    port = free_port()
    return os.environ | {
        "FACTEUR_HOME": str(tmp_path / "var"), "FACTEUR_DATABASE_URL": new_database(),
        "FACTEUR_SECRET_FILE": str(secret), "FACTEUR_WEB_PORT": str(port), "FACTEUR_SFTP_PORT": str(free_port()),
        "FACTEUR_MAIL_IN_PORT": str(free_port()),
        "FACTEUR_PUBLIC_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """The file of what the servers say."""
    return tmp_path / "told"


@pytest.fixture
def supervisor(environment: dict[str, str], told: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "cli", "up"]
    with told.open("wb") as file:
        # A run in the background ignores Ctrl-C, and so would its children.
        process = subprocess.Popen(
            command, env=environment, stdout=file, stderr=file, process_group=0,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def ask(url: str, key: str = "", data: bytes | None = None) -> Any:
    """The JSON that an address answers, or None while nobody does."""
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return None


def test_up_serves_and_keeps_serving(
    environment: dict[str, str], supervisor: "subprocess.Popen[bytes]", told: Path
) -> None:
    def facteur(*arguments: str) -> str:
        command = [sys.executable, "-m", "cli", *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    base = environment["FACTEUR_PUBLIC_URL"]
    until(60, lambda: ask(f"{base}/v1/openapi.json"))
    facteur("issuer", "add", "lumiere", "--name", "Lumière de l'Ouest")
    key = facteur("issuer", "key", "lumiere")

    def drop_and_wait(name: str, *invoices: str) -> Any:
        report = ask(f"{base}/v1/feeds?name={name}", key, batch(invoices))
        url = f"{base}/v1/feeds/{report['feed']}"
        return until(60, lambda: (told := ask(url, key)) and told["state"] in {"released", "settled"} and told)

    assert drop_and_wait("mars.xml", ubl("L-1"), ubl("L-2", "C-BOB"))["counts"]["bill"] == 2

    before = children(supervisor.pid)
    assert {"web", "worker", "sftp", "smtp", "valkey"} <= before.keys()
    os.kill(before["worker"], signal.SIGKILL)
    os.kill(before["valkey"], signal.SIGKILL)  # the wake-up signal is gone: the sweep goes on without it
    assert drop_and_wait("avril.xml", ubl("L-3"))["counts"]["bill"] == 1
    after = until(60, lambda: (now := children(supervisor.pid)).keys() >= before.keys() and now)
    assert after["worker"] != before["worker"]

    said = told.read_text()
    assert "worker ended with -9" in said
    os.killpg(supervisor.pid, signal.SIGINT)  # as a terminal does: to the whole group
    assert supervisor.wait(120) == 0
    assert told.read_text() == said, "nobody has anything to say about being stopped"
    assert not [pid for pid in after.values() if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("name", ["valkey-server", "redis-server"])
def test_a_server_that_the_machine_has_goes_before_the_wheels(
    name: str, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    installed = tmp_path / name
    installed.write_text(f'#!/bin/sh\nfor each; do echo "<$each>"; done > {told}\n')
    installed.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    start_valkey(config).wait(60)
    words = told.read_text().split()
    assert words[:2] == ["<--port>", "<0>"]
    assert f"<{valkey_socket(config)}>" in words
    assert words[words.index("<--save>") + 1] == "<>"


def test_the_wheels_server_remembers_nothing_and_lets_nobody_else_in(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    server = start_valkey(config)
    try:
        connection = Redis.from_url(config.redis_url)
        assert connection.config_get("save") == {"save": ""}
        assert connection.config_get("appendonly") == {"appendonly": "no"}
        assert connection.config_get("port") == {"port": "0"}
        socket_file = valkey_socket(config)
        assert (socket_file.stat().st_mode & 0o777, socket_file.parent.stat().st_mode & 0o777) == (0o700, 0o700)
    finally:
        server.wait(60)
    assert server.poll() is not None


def test_a_part_that_cannot_start_is_tried_again_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def start() -> "subprocess.Popen[bytes]":
        tries.append(1)
        if len(tries) < 3:
            raise OSError("no such program")
        return subprocess.Popen(["/bin/sleep", "60"])

    clock = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    part = Part("valkey", start)
    for clock in (0.0, 0.9, 1.0, 2.9, 3.0, 3.1):  # noqa: B007 -- the clock that the part reads
        part.keep_running()
    assert len(tries) == 3
    part.stop()
    part.wait(60)
