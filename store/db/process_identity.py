"""Identify this process uniquely, and tell whether a process so named has certainly died."""

import os
import socket
from functools import cache
from pathlib import Path


def this_process() -> str:
    """`host.boot.namespace/pid/start`: names this process so that no other is taken for it, not after a reboot, with a
    reused pid, or in another container of this host's name."""
    pid = os.getpid()
    return f"{_place()}/{pid}/{_started(pid)}"


@cache
def _place() -> str:
    """Where our process ids mean something: this boot of this kernel, and the process namespace in it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().replace("-", "").strip()[:16]
        namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:  # no such system: leases run out by themselves
        boot = namespace = ""
    return f"{_host()[:50]}.{boot}.{namespace}"


@cache
def _host() -> str:
    return socket.gethostname().replace("/", "-")


def _started(pid: int) -> str:
    """The start of a process in clock ticks since boot, or "" when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def is_dead(owner: str) -> bool:
    """Whether the owner is certainly a process that is no more: one of this boot and this process namespace, whose pid
    nobody has or somebody else. Of all others only their lease can tell."""
    place, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    return place == _place() and pid.isdecimal() and started != "" and _started(int(pid)) != started
