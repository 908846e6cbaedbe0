"""Serves a WSGI app: waitress, with bounds for connections and slow clients, and threads of their own for large
bodies."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from portal.access.trusted_proxies import household, plain_address
from portal.web_server.bodies_under_way import BodiesUnderWay
from portal.web_server.connection import Connection
from portal.web_server.connection_bounds import is_full, to_be_ended

#: Threads that answer requests, and those that take large bodies in: hashing and storing 2 GB takes some seconds, in
#: which pages are answered by the others.
THREADS: Final = 8
THREADS_FOR_BODIES: Final = 3
#: Settings of waitress. The portal itself decides which X-Forwarded-For headers to trust
#: (`portal.access.trusted_proxies`), how large a body may be, and how many connections there are.
_SETTINGS: Final = {
    "threads": THREADS, "ident": "facteur", "max_request_body_size": 1 << 62, "max_request_header_size": 64 * 1024,
    "recv_bytes": 64 * 1024, "connection_limit": 1 << 30, "cleanup_interval": 1, "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,
}  # fmt: skip


class WebServer(TcpWSGIServer):  # type: ignore[misc]
    """One listening socket. *incoming* is the folder of large bodies."""

    channel_class = Connection
    incoming: Path
    bodies_under_way: BodiesUnderWay
    body_dispatcher: ThreadedTaskDispatcher
    trusted: tuple[str, ...] = ()

    def add_task(self, connection: Connection) -> None:
        """Have the connection's first request worked on. Large bodies keep no page waiting."""
        body = connection.requests[0].body
        is_large = connection.requests[0].completed and body is not None and body.is_on_disk
        (self.body_dispatcher if is_large else self.task_dispatcher).add_task(connection)

    def accept(self) -> Any:
        """Returns a new connection's socket and address; None if there is none, or no place for it."""
        pair = super().accept()
        if pair is None or self._make_room(pair[1][0]):
            return pair
        pair[0].close()
        return None

    def _make_room(self, address: str) -> bool:
        """Whether one more connection may come from this address: another one is ended for it if need be."""
        connections: list[Connection] = [each for each in self.active_channels.values() if not each.will_close]
        client, is_proxy = household(address), self._is_proxy(address)
        if not is_full(connections, client, is_proxy=is_proxy):
            return True
        victim = to_be_ended(connections, client, is_proxy=is_proxy)
        if victim is None:
            return False
        victim.handle_close()
        return True

    def _is_proxy(self, address: str) -> bool:
        peer = plain_address(address)
        return peer is not None and any(peer in ip_network(each, strict=False) for each in self.trusted)

    def maintenance(self, now: float) -> None:
        for connection in list(self.active_channels.values()):
            connection.end_if_slow(now)

    def close(self) -> None:
        self.body_dispatcher.shutdown()
        super().close()


def open_servers(
    app: WSGIApplication, host: str, port: int, incoming: Path, trusted: tuple[str, ...] = ()
) -> list[WebServer]:
    """Listen at each address of the host, port 0 being any free one. *trusted* are the addresses and networks of
    proxies. To serve, `run` the last of them: it serves all."""
    settings = Adjustments(host=host, port=port, **_SETTINGS)
    pages, bodies = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
    pages.set_thread_count(THREADS)
    bodies.set_thread_count(THREADS_FOR_BODIES)
    sockets: dict[int, Any] = {}
    connections: dict[int, Connection] = {}
    under_way = BodiesUnderWay()
    servers = []
    for place in settings.listen:
        server = WebServer(app, sockets, dispatcher=pages, adj=settings, sockinfo=place)
        server.incoming, server.bodies_under_way, server.body_dispatcher = incoming, under_way, bodies
        server.trusted, server.active_channels = trusted, connections
        servers.append(server)
    return servers


def serve(app: WSGIApplication, host: str, port: int, incoming: Path, trusted: tuple[str, ...] = ()) -> None:
    """Serve until the process ends."""
    open_servers(app, host, port, incoming, trusted)[-1].run()
