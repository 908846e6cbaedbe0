"""Write packets with bytes after their data, which asyncssh's server refuses and OpenSSH's ignores.

The Go library github.com/pkg/sftp sends the whole of its buffer behind the last, shorter part of a file when it writes
several parts at a time: rclone 1.60 could upload nothing above 32 kB without `--sftp-disable-concurrent-writes`.
"""

from typing import Any, Final

from asyncssh.constants import FXP_WRITE
from asyncssh.packet import SSHPacket, String, UInt64
from asyncssh.sftp import SFTPServerHandler

_strict: Final[Any] = SFTPServerHandler._packet_handlers[FXP_WRITE]


async def _process_write(handler: SFTPServerHandler, packet: SSHPacket) -> object:
    """Write the data whose length the packet says, and no byte that stands after it."""
    handle, offset, data = packet.get_string(), packet.get_uint64(), packet.get_string()
    return await _strict(handler, SSHPacket(String(handle) + UInt64(offset) + String(data)))


def accept_trailing_bytes() -> None:
    """Let asyncssh's SFTP servers of this process ignore what stands after the data of a write packet."""
    SFTPServerHandler._packet_handlers[FXP_WRITE] = _process_write
