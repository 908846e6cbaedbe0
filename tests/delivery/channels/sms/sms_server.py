"""A provider of SMS on loopback: it answers as it is told to, and keeps what it has taken by its reference."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import msgspec

TAKEN = b'{"id": "m-1", "segments": 1, "price": "0.0450"}'


class SmsServer:
    """Answers with *status* and *body*; `hang` asks it to take the SMS and answer nothing, `drop` to break off."""

    def __init__(self) -> None:
        self.status, self.body, self.manner = 200, TAKEN, ""
        self.taken: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = Event()
        self.url = ""


@contextmanager
def serving() -> Iterator[SmsServer]:
    server = SmsServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sms = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(sms)
            server.headers.append(dict(self.headers))
            if server.status < 300:
                server.taken.setdefault(sms["reference"], sms)
            if server.manner == "hang":
                server.released.wait(10)
            if server.manner in {"hang", "drop"}:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(server.body)))
            self.send_header("Location", server.url)
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/sms?account=7"
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        http.shutdown()
        http.server_close()
