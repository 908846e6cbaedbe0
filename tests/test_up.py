"""`facteur up` serves for real: a feed goes in over HTTP and its bills come out, a part that is killed is started
again, and a signal stops all of them."""

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

from tests.feeds import batch, ubl

ROOT = Path(__file__).parent.parent


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
        found["valkey" if b"valkey" in words[0] else words[-2].decode()] = int(child)
    return found


@pytest.fixture
def environment(tmp_path: Path, new_database: Callable[[], str]) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("a secret for tests, long enough to be one")
    port = free_port()
    return os.environ | {
        "FACTEUR_HOME": str(tmp_path / "var"), "FACTEUR_DATABASE_URL": new_database(),
        "FACTEUR_SECRET_FILE": str(secret), "FACTEUR_WEB_PORT": str(port), "FACTEUR_SFTP_PORT": str(free_port()),
        "FACTEUR_PUBLIC_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@pytest.fixture
def supervisor(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-m", "cli", "up"], env=environment)
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def ask(url: str, key: str = "", data: bytes | None = None) -> Any:
    """The JSON that an address answers, or None while nobody does."""
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return None


def test_up_serves_and_keeps_serving(environment: dict[str, str], supervisor: "subprocess.Popen[bytes]") -> None:
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
    assert {"web", "worker", "sftp", "valkey"} <= before.keys()
    os.kill(before["worker"], signal.SIGKILL)
    os.kill(before["valkey"], signal.SIGKILL)  # the bell is gone: the sweep goes on without it
    assert drop_and_wait("avril.xml", ubl("L-3"))["counts"]["bill"] == 1
    after = until(30, lambda: (now := children(supervisor.pid)).keys() >= before.keys() and now)
    assert after["worker"] != before["worker"]

    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(40) == 0
    assert not [pid for pid in after.values() if Path(f"/proc/{pid}").exists()]
