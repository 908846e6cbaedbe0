"""Failed sign-ins are answered late; a right key or password never is."""

import asyncio
from typing import Any

import pytest

from doors.sftp import failed_sign_ins
from doors.sftp.failed_sign_ins import FREE_TRIES, MOST_SECONDS, PASSWORD_SECONDS, FailedSignIns
from doors.sftp.open_connections import OpenConnections
from doors.sftp.sftp_credentials import set_sftp_password
from doors.sftp.ssh_sign_in import MOST_TRIES, SSHSignIn
from store import Store
from store.issuer import Issuer
from tests.conftest import Clock


def test_who_guesses_is_answered_later_and_later() -> None:
    failed = FailedSignIns()
    waited = [failed.fail("192.0.2.1", f"name {n}", 0.0) for n in range(60)]
    assert waited[:FREE_TRIES] == [PASSWORD_SECONDS] * FREE_TRIES
    assert waited[FREE_TRIES] == PASSWORD_SECONDS + 1
    assert waited[-1] == MOST_SECONDS
    assert failed.fail("198.51.100.1", "other", 0.0) == PASSWORD_SECONDS, "of nobody else"


def test_many_clients_that_guess_at_one_name_are_slowed_together() -> None:
    failed = FailedSignIns()
    waited = [failed.fail(f"192.0.2.{n}", "eaux", 0.0) for n in range(60)]
    assert waited[-1] == MOST_SECONDS


def test_it_is_forgotten_in_time() -> None:
    failed = FailedSignIns()
    for _ in range(500):
        failed.fail("192.0.2.1", "eaux", 0.0)
    assert failed.fail("192.0.2.1", "eaux", 3600.0) == PASSWORD_SECONDS


def test_what_is_counted_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_sign_ins, "MOST_COUNTED", 10)
    failed = FailedSignIns()
    for n in range(100):
        failed.fail(f"client {n}", "eaux", 0.0)
    assert len(failed._until) == 10
    assert failed.fail("client 1", "eaux", 0.0) == MOST_SECONDS, "the name that is tried all the time is not forgotten"


class _Connection:
    """As much of a connection as a sign-in asks for."""

    aborted = False

    def get_extra_info(self, name: str) -> Any:
        return ("2001:db8:1:2:3::4", 1234) if name == "peername" else None

    def abort(self) -> None:
        self.aborted = True


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []

    async def sleep(each: float) -> None:
        seconds.append(each)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return seconds


def sign_in(store: Store, clock: Clock, *tries: tuple[str, str]) -> tuple[list[bool], _Connection]:
    connection: Any = _Connection()

    async def attempt() -> list[bool]:
        server = SSHSignIn(store, clock, OpenConnections(), FailedSignIns())
        server.connection_made(connection)
        return [await server.validate_password(user, password) for user, password in tries]

    return asyncio.run(attempt()), connection


def test_an_unknown_issuer_is_answered_like_a_wrong_password_and_a_right_one_at_once(
    store: Store, eaux: Issuer, clock: Clock, slept: list[float]
) -> None:
    with store.writing() as session:
        password = set_sftp_password(session, eaux, clock())
    entered, _ = sign_in(store, clock, ("eaux", "guessed"), ("nobody", "guessed"), ("eaux", password))
    assert entered == [False, False, True]
    assert len(slept) == 2, "the right one does not wait"
    assert all(0.5 * PASSWORD_SECONDS < each <= PASSWORD_SECONDS for each in slept), "the look-up's time is in it"


def test_a_connection_that_guesses_on_is_ended(store: Store, eaux: Issuer, clock: Clock, slept: list[float]) -> None:
    _, connection = sign_in(store, clock, *[("eaux", "guessed")] * (MOST_TRIES - 1))
    assert not connection.aborted
    _, connection = sign_in(store, clock, *[("eaux", "guessed")] * MOST_TRIES)
    assert connection.aborted
    assert slept
