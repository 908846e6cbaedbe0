"""A write packet as rclone 1.60 sends it: its buffer goes on after the data."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asyncssh.constants import FXF_CREAT, FXF_WRITE, FXP_WRITE
from asyncssh.packet import String, UInt64
from asyncssh.sftp import SFTPAttrs

from doors.sftp.sftp_credentials import set_sftp_password
from store import Store
from store.issuer import Issuer
from tests.conftest import Clock
from tests.doors.conftest import Door, connected

pytestmark = pytest.mark.beside_any_database


def test_what_stands_after_the_data_is_ignored(
    store: Store, eaux: Issuer, clock: Clock, open_door: Callable[..., Door], home: Path
) -> None:
    with store.writing() as session:
        password = set_sftp_password(session, eaux, clock())
    port = open_door().port

    async def attempt() -> None:
        async with connected(port, password) as connection, connection.start_sftp_client() as client:
            wire: Any = client._handler
            handle = await wire.open(b"mars.part", FXF_CREAT | FXF_WRITE, SFTPAttrs())
            for offset, data in ((0, b"<Invoice>"), (9, b"</Invoice>")):
                await wire._make_request(FXP_WRITE, String(handle), UInt64(offset), String(data), b"old buffer")
            await wire.close(handle)

    asyncio.run(attempt())
    assert (home / "eaux" / "mars.part").read_bytes() == b"<Invoice></Invoice>"
