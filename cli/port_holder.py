"""Which process listens on a port of this machine, as far as Linux tells whoever asks."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_PROC: Final = Path("/proc")
#: The state of a listening socket in /proc/net/tcp (include/net/tcp_states.h).
_LISTENING: Final = "0A"
_LONGEST_COMMAND: Final = 80


class PortHolder(NamedTuple):
    """A process that listens: its pid, and its command line on one line, cut at 80 characters."""

    pid: int
    command: str


def holder_of(port: int, proc: Path = _PROC) -> PortHolder | None:
    """Return who listens on this TCP port, on whatever address; None where that is not known: the process belongs to
    somebody else, or this is not Linux."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port, proc)}
    for process in proc.glob("[0-9]*") if sockets else ():
        with suppress(OSError):  # somebody else's process, or one that has just ended
            if any(str(file.readlink()) in sockets for file in (process / "fd").iterdir()):
                return PortHolder(int(process.name), _command(process))
    return None


def _listening_inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                    yield words[9]


def _command(process: Path) -> str:
    words = (process / "cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ")
    return "".join(each for each in words if each.isprintable()).strip()[:_LONGEST_COMMAND]
