"""A real relay for tests: Exim on a free port, which hands mails to the recipients' server and puts bounces into a
Maildir."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

EXIM: Final = "/usr/sbin/exim4"
USER: Final = "Debian-exim"
#: Seconds to wait for the relay.
PATIENCE: Final = 10

_SETTINGS: Final = """\
primary_hostname = relay.facteur.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/spool/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
disable_ipv6 = true
tls_advertise_hosts =
keep_environment =
acl_smtp_rcpt = accept
acl_smtp_data = accept
delay_warning = 1s
delay_warning_condition = yes
begin routers
bounces:
  driver = accept
  domains = facteur.example
  transport = bounces
recipients:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = recipients
begin transports
bounces:
  driver = appendfile
  directory = {folder}/bounces
  maildir_format
  envelope_to_add
  return_path_add
  user = {user}
recipients:
  driver = smtp
  port = {recipients_port}
  hosts_avoid_tls = *
begin retry
* * F,1h,1s
"""


def why_no_exim() -> str:
    """Return why Exim cannot be started here; "" where it can."""
    if os.getuid() != 0:
        return "Exim changes its user: it is started by root alone"
    return "" if Path(EXIM).exists() else "exim4-daemon-light is not installed"


class Relay:
    """The running relay: its port, and the Maildir of what came back."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.bounces = folder / "bounces"
        self._settings = folder / "exim.conf"

    def wait_for_bounces(self, number: int) -> None:
        """Wait until so many messages have come back; meanwhile the relay tries again what waits."""
        until = time.monotonic() + PATIENCE
        while len(list((self.bounces / "new").glob("*"))) < number:
            assert time.monotonic() < until, "nothing came back"
            subprocess.run([EXIM, "-C", self._settings, "-qf"], check=True, timeout=PATIENCE)


@contextmanager
def exim_relay(recipients_port: int) -> Iterator[Relay]:
    """Run the relay; mails to all but facteur.example go to the SMTP server at this port of 127.0.0.1."""
    folder = Path(tempfile.mkdtemp(prefix="facteur-exim-"))  # pytest's folders are closed to Exim's user
    port = _free_port()
    for each in ("", "spool", "log", "bounces", "bounces/new", "bounces/cur", "bounces/tmp"):
        (folder / each).mkdir(exist_ok=True)
        shutil.chown(folder / each, USER)
    relay = Relay(folder, port)
    settings = _SETTINGS.format(folder=folder, port=port, recipients_port=recipients_port, user=USER)
    (folder / "exim.conf").write_text(settings)
    daemon = subprocess.Popen([EXIM, "-C", folder / "exim.conf", "-bdf"], user=0)
    try:
        _wait_for(port)
        yield relay
    finally:
        daemon.terminate()
        daemon.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not _is_open(port):
        assert time.monotonic() < until, "Exim does not start"
        time.sleep(0.02)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
