"""A real S3 server behind a door of ours that can refuse, be silent, or answer with an error of S3's."""

import http.client
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

import boto3
from moto.server import ThreadedMotoServer

#: Status, S3's code.
ERRORS: dict[str, tuple[int, str]] = {
    "asks to slow down": (503, "SlowDown"),
    "has an internal error": (500, "InternalError"),
    "is unavailable": (503, "ServiceUnavailable"),
    "says the token has expired": (400, "ExpiredToken"),
    "says access is denied": (403, "AccessDenied"),
    "says the key is unknown": (403, "InvalidAccessKeyId"),
    "says our clock is wrong": (403, "RequestTimeTooSkewed"),
    "has lost the bucket": (404, "NoSuchBucket"),
    "is behind a door that knows nothing": (404, ""),
}


class Bucket(ThreadingHTTPServer):
    """The door. *manner* is one of ERRORS, "hangs up", "is silent", "breaks off", or "" where all is well."""

    daemon_threads = True

    def __init__(self) -> None:
        self.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.moto.start()
        self.behind = self.moto.get_host_and_port()
        super().__init__(("127.0.0.1", 0), _Door)
        self.manner, self.calls, self.delay = "", 0, 0.0
        self.answers, self.numbers = 0, count()
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def begin_with(self, folder: Path) -> str:
        """A bucket of its own with the blobs of this folder; its URL."""
        name = f"facteur-{next(self.numbers)}"
        client = boto3.client("s3", endpoint_url=f"http://{self.behind[0]}:{self.behind[1]}")
        client.create_bucket(Bucket=name)
        for path in folder.glob("*/*"):
            client.put_object(Bucket=name, Key=path.name, Body=path.read_bytes())
        return f"s3://{name}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.moto.stop()


class _Door(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as the base class calls it
        return

    def answer(self) -> None:
        self.server.calls += bool(self.server.manner)
        self.server.answers += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        match self.server.manner:
            case "":
                time.sleep(self.server.delay)
                self._pass_on(body)
            case "hangs up":
                self.close_connection = True
            case "is silent":
                time.sleep(1.0)
                self.close_connection = True
            case "breaks off":
                self._break_off()
            case manner:
                self._fail(*ERRORS[manner])

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        line = http.client.HTTPConnection(*self.server.behind, timeout=60)
        # The signature was made for our door; the server behind does not look at it.
        headers = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "expect"}}
        line.request(self.command, self.path, body, headers)
        said = line.getresponse()
        content = said.read()
        self.send_response(said.status)
        for name, value in said.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length", "server", "date"}:
                self.send_header(name, value)
        self.send_header("Content-Length", said.headers.get("Content-Length", str(len(content))))
        self.end_headers()
        self.wfile.write(content)
        line.close()

    def _break_off(self) -> None:
        """More bytes are announced than come."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.close_connection = True

    def _fail(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode() if code else b"<html>no</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
