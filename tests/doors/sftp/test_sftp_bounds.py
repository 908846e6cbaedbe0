"""What one sender may have open at the SFTP server, and that a revoked key ends what it opened."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from doors.complete_uploads import unfinished_uploads
from doors.sftp import open_connections, open_handles
from doors.sftp.open_connections import OpenConnections
from doors.sftp.sftp_credentials import add_sftp_key, revoke_sftp, set_sftp_password
from issuers.registry import add_issuer
from store import Store
from store.issuer import Issuer
from tests.conftest import Clock
from tests.doors.conftest import Door, connected, wait_until

pytestmark = pytest.mark.beside_any_database


@pytest.fixture
def gaz(store: Store, clock: Clock) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "gaz", "Gaz de la Plaine", clock())


@pytest.fixture
def passwords(store: Store, eaux: Issuer, gaz: Issuer, clock: Clock) -> dict[str, str]:
    with store.writing() as session:
        return {each.slug: set_sftp_password(session, each, clock()) for each in (eaux, gaz)}


async def _client(stack: AsyncExitStack, port: int, passwords: dict[str, str], user: str) -> asyncssh.SFTPClient:
    connection = await stack.enter_async_context(connected(port, passwords[user], user))
    return await stack.enter_async_context(connection.start_sftp_client())


@pytest.mark.parametrize("kind", ["files", "listings"])
def test_an_issuer_s_handles_are_bounded_in_all_its_sessions_and_nobody_else_s(
    open_door: Callable[..., Door], passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(open_handles, "MOST_OPEN_FILES", 4)
    monkeypatch.setattr(open_handles, "MOST_LISTINGS", 4)
    port = open_door().port

    async def one(client: Any, n: int) -> Any:
        return await (client.open(f"{n}.part", "wb") if kind == "files" else client._handler.opendir(b"/"))

    async def attempt() -> None:
        async with AsyncExitStack() as stack:
            first, second = [await _client(stack, port, passwords, "eaux") for _ in range(2)]
            charlie = await _client(stack, port, passwords, "gaz")
            held = [await one(first, 1), await one(first, 2), await one(second, 3), await one(second, 4)]
            for client in (first, second):
                with pytest.raises(asyncssh.SFTPFailure, match="open: close some"):
                    await one(client, 5)
            await one(charlie, 6)
            await (held[0].close() if kind == "files" else first._handler.close(held[0]))
            await one(second, 7)

    asyncio.run(attempt())


def test_what_a_broken_connection_had_open_is_free_again(
    open_door: Callable[..., Door], passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_handles, "MOST_OPEN_FILES", 1)
    port = open_door().port

    async def attempt() -> None:
        for n in range(3):
            async with AsyncExitStack() as stack:
                connection = await stack.enter_async_context(connected(port, passwords["eaux"]))
                client = await connection.start_sftp_client()
                await client.open(f"{n}.part", "wb")
                connection.abort()
            await asyncio.sleep(0.1)

    asyncio.run(attempt())


def test_an_issuer_s_connections_are_bounded_and_nobody_else_s(
    open_door: Callable[..., Door], passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_connections, "MOST_OF_AN_ISSUER", 2)
    port = open_door().port

    async def attempt() -> None:
        async with AsyncExitStack() as stack:
            await _client(stack, port, passwords, "eaux")
            async with AsyncExitStack() as shorter:
                await _client(shorter, port, passwords, "eaux")
                with pytest.raises((asyncssh.Error, OSError)):
                    await _client(stack, port, passwords, "eaux")
                await _client(stack, port, passwords, "gaz")
            await asyncio.sleep(0.1)
            await _client(stack, port, passwords, "eaux")

    asyncio.run(attempt())


def test_sessions_within_connections_are_bounded(
    open_door: Callable[..., Door], passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doors.sftp.sftp_server.MOST_SESSIONS", 3)
    port = open_door().port

    async def attempt() -> None:
        async with connected(port, passwords["eaux"]) as connection:
            for _ in range(3):
                await connection.start_sftp_client()
            with pytest.raises((asyncssh.Error, OSError)):
                await connection.start_sftp_client()

    asyncio.run(attempt())


def test_who_connects_and_says_nothing_is_bounded(
    open_door: Callable[..., Door], passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_connections, "MOST_OF_A_CLIENT", 3)
    port = open_door().port

    def greeting() -> tuple[socket.socket, bool]:
        """A connection, and whether the server goes on after its first line."""
        silent = socket.create_connection(("127.0.0.1", port), timeout=30)
        try:
            silent.sendall(b"SSH-2.0-alice\r\n")
            with silent.makefile("rb") as lines:
                return silent, bool(lines.readline() and lines.read(1))
        except OSError:
            return silent, False

    silent = [greeting() for _ in range(4)]
    try:
        assert [is_served for _, is_served in silent] == [True, True, True, False]
        silent[0][0].close()

        def is_free() -> bool:
            silent.append(greeting())
            return silent[-1][1]

        wait_until(is_free)
    finally:
        for each, _ in silent:
            each.close()


class _Connection:
    def __init__(self, address: str) -> None:
        self.address, self.ended = address, False

    def get_extra_info(self, name: str) -> Any:
        return (self.address, 1) if name == "peername" else None

    def abort(self) -> None:
        self.ended = True


def test_with_strangers_from_everywhere_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice signs in within a second: whoever has waited longest is not she."""
    monkeypatch.setattr(open_connections, "MOST_STRANGERS", 3)
    connections: Any = OpenConnections()
    strangers = [_Connection(f"192.0.2.{n}") for n in range(3)]
    alice = _Connection("198.51.100.1")
    assert all(connections.begin(each) for each in [*strangers, alice])
    assert [each.ended for each in [*strangers, alice]] == [True, False, False, False]
    assert connections.enter(alice, "eaux", 7)
    assert connections.key_ids() == {7}
    connections.forget(alice)
    assert connections.key_ids() == set()


def test_one_ipv6_network_is_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_connections, "MOST_OF_A_CLIENT", 1)
    connections: Any = OpenConnections()
    addresses = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "::ffff:192.0.2.1", "192.0.2.1"]
    assert [connections.begin(_Connection(each)) for each in addresses] == [True, False, True, True, False]


def test_a_revoked_password_ends_its_open_sessions_and_no_other(
    store: Store, eaux: Issuer, clock: Clock, open_door: Callable[..., Door], passwords: dict[str, str], home: Path
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    with store.writing() as session:
        add_sftp_key(session, eaux, key.export_public_key("openssh").decode(), clock())
    port = open_door().port

    async def attempt() -> None:
        async with AsyncExitStack() as stack:
            by_key = await stack.enter_async_context(
                asyncssh.connect(
                    "127.0.0.1", port, username="eaux", client_keys=[key], agent_path=None, known_hosts=None, config=[]
                )
            )
            by_password = await stack.enter_async_context(connected(port, passwords["eaux"]))
            charlie = await stack.enter_async_context(connected(port, passwords["gaz"], "gaz"))
            under_way = await (await by_password.start_sftp_client()).open("mars.xml", "wb")
            await under_way.write(b"<Invoice>")
            with store.writing() as session:
                revoke_sftp(session, eaux, clock(), kind="password")
            await asyncio.wait_for(by_password.wait_closed(), 30)
            for other in (by_key, charlie):
                assert await (await other.start_sftp_client()).exists("/")

    asyncio.run(attempt())
    assert [each.name for each in unfinished_uploads(home)] == ["mars.xml"], "what was under way is no feed"
