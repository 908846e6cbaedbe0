"""The ports that the servers listen on, and what is said where one cannot be had."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from cli.command_language import language
from cli.output import Refusal, refuse
from cli.port_holder import holder_of
from config import Config
from words.spoken_error import SpokenError

#: What a system says when a port or an address cannot be listened on; other errors are about something else.
_OF_PORTS: Final = frozenset({errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL})


class ListeningPort(NamedTuple):
    """A port that a server listens on. *server* is its verb, *prefix* that of its two variables; 0 is any free port."""

    server: str
    prefix: str
    host: str
    port: int


class PortError(SpokenError):
    """A port cannot be listened on; the message says why, who has it, and which variable gives another."""


def web_port(config: Config) -> ListeningPort:
    """Return where the portal listens."""
    return ListeningPort("web", "FACTEUR_WEB", config.web_host, config.web_port)


def sftp_port(config: Config) -> ListeningPort:
    """Return where the SFTP door listens."""
    return ListeningPort("sftp", "FACTEUR_SFTP", config.sftp_host, config.sftp_port)


def smtp_port(config: Config) -> ListeningPort:
    """Return where the SMTP door listens."""
    return ListeningPort("smtp", "FACTEUR_MAIL_IN", config.mail_in_host, config.mail_in_port)


def served_ports(config: Config) -> list[ListeningPort]:
    """Return all that `facteur up` listens on. The embedded Valkey has a socket of its own and no port."""
    doors = [web_port(config), sftp_port(config)]
    return [*doors, smtp_port(config)] if config.mail_in_domain else doors


def refuse_what_is_taken(ports: Sequence[ListeningPort]) -> None:
    """Exit with 1, and a line for each port that cannot be had; before anything is started."""
    wrong = [error for each in ports if (error := _tried(each)) is not None]
    if wrong:
        raise Refusal("\n".join(error.spelled(language()) for error in wrong))


@contextmanager
def listening(port: ListeningPort) -> Iterator[None]:
    """Serve within the block: where the port cannot be had after all, exit with 1 and say so in one line."""
    try:
        yield
    except OSError as error:
        if error.errno not in _OF_PORTS or error.filename is not None:
            raise
        refuse(_port_error(port, error))


def _tried(port: ListeningPort) -> PortError | None:
    """Listen for a moment at each address of the host."""
    try:
        places = socket.getaddrinfo(port.host, port.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in places:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(address)
    except OSError as error:  # a name that nobody knows, too
        return _port_error(port, error)
    return None


def _port_error(port: ListeningPort, error: OSError) -> PortError:
    values = {
        "port": port.port, "host": port.host, "server": port.server,
        "variable": f"{port.prefix}_PORT", "host_variable": f"{port.prefix}_HOST",
    }  # fmt: skip
    if error.errno == errno.EACCES:
        return PortError(
            "port {port} of {host} ({server}) is not for this user: give one of 1024 or more in {variable}, behind a "
            "proxy",
            **values,
        )
    if error.errno != errno.EADDRINUSE:
        return PortError("{host} is no address of this machine ({server}): give one in {host_variable}", **values)
    if (holder := holder_of(port.port)) is None:
        return PortError(
            "port {port} of {host} ({server}) is taken by another program: stop it, or give another port in {variable}",
            **values,
        )
    return PortError(
        "port {port} of {host} ({server}) is taken by process {pid}, {command}: stop it, or give another port in "
        "{variable}",
        pid=holder.pid, command=holder.command, **values,
    )  # fmt: skip
