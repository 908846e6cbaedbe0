"""Identify this process uniquely, and tell whether a process so named has certainly died."""

import os
import socket
from functools import cache
from pathlib import Path


def this_process() -> str:
    """`host.boot.namespace/pid/start`: a name that no other process has, also after a reboot, with a reused pid, or in
    another container on a host of the same name."""
    pid = os.getpid()
    return f"{_place()}/{pid}/{_started(pid)}"


@cache
def _place() -> str:
    """The scope in which pids are unique: this boot of this kernel, and its pid namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().replace("-", "").strip()[:16]
        namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:  # no /proc: leases run out by themselves
        boot = namespace = ""
    return f"{_host()[:50]}.{boot}.{namespace}"


@cache
def _host() -> str:
    return socket.gethostname().replace("/", "-")


def _started(pid: int) -> str:
    """A process's start in clock ticks since boot; "" if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def is_dead(owner: str) -> bool:
    """Whether the named process has certainly died: it is of this boot and pid namespace, and its pid is free or
    reused. False for any other; only the end of its lease can tell."""
    place, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    return place == _place() and pid.isdecimal() and started != "" and _started(int(pid)) != started
