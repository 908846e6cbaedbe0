"""A port that is taken is named before anything begins: by whom, and which variable gives another."""

import errno
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.listening_port import ListeningPort, listening
from cli.output import Refusal
from cli.port_holder import holder_of
from tests.cli.conftest import Run

pytestmark = pytest.mark.beside_any_database


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine on which this very process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_all_that_is_taken_is_named_before_anything_begins(
    facteur: Run, environment: dict[str, str], taken: int
) -> None:
    home = Path(environment["FACTEUR_HOME"])
    environment |= {
        "FACTEUR_WEB_PORT": str(taken), "FACTEUR_SFTP_HOST": "192.0.2.1", "FACTEUR_MAIL_IN_PORT": "0",
        "FACTEUR_DATABASE_URL": f"sqlite:///{home}/facteur.db",
    }  # fmt: skip
    for verb in ("up", "demo"):
        said = facteur(verb, expect=1).stderr.splitlines()
        assert len(said) == 2
        assert said[0].startswith(f"facteur: port {taken} of 127.0.0.1 (web) is taken by process {os.getpid()}, ")
        assert said[0].endswith("give another port in FACTEUR_WEB_PORT")
        assert said[1] == "192.0.2.1 is no address of this machine (sftp): give one in FACTEUR_SFTP_HOST"
        assert not (home / "facteur.db").exists()


def test_in_a_log_for_programs_it_is_a_line_like_the_others(
    facteur: Run, environment: dict[str, str], taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment |= {"FACTEUR_WEB_PORT": str(taken), "FACTEUR_MAIL_IN_PORT": "0", "FACTEUR_LOG_FORMAT": "json"}
    [said] = map(json.loads, facteur("up", expect=1).stderr.splitlines())
    assert (said["level"], said["process"], said["event"]) == ("error", "up", "does not serve: %s")
    assert said["message"].startswith(f"does not serve: port {taken} of 127.0.0.1 (web) is taken by process ")
    monkeypatch.setattr("cli.servers.refuse_what_is_taken", lambda _: None)
    monkeypatch.setattr("pipeline.supervisor.run", lambda *_, tell: tell())
    [said] = map(json.loads, facteur("up").stderr.splitlines())
    assert (said["level"], said["message"].partition(" http")[0]) == ("info", "serves: web")


def test_a_port_that_was_taken_meanwhile_is_one_line() -> None:
    port = ListeningPort("smtp", "FACTEUR_MAIL_IN", "127.0.0.1", 25)
    told = r"port 25 .* is not for this user: .* 1024 or more in FACTEUR_MAIL_IN_PORT"
    with pytest.raises(Refusal, match=told), listening(port):
        raise OSError(errno.EACCES, "permission denied")
    with pytest.raises(PermissionError), listening(port):  # the certificate's file, say, is no matter of ports
        raise OSError(errno.EACCES, "permission denied", "/etc/mail.pem")


def test_whoever_is_not_ours_to_know_is_not_named(taken: int, tmp_path: Path) -> None:
    known = holder_of(taken)
    assert known is not None
    assert known.pid == os.getpid()
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(Path("/proc/net/tcp").read_text())
    assert holder_of(taken, tmp_path) is None, "its open files are not shown to us"
    assert holder_of(taken, tmp_path / "nowhere") is None, "this is no Linux"
