"""A mail relay that can be told how to behave; it writes down what it has taken."""

import socketserver
import threading
import time
from collections import Counter
from email import message_from_bytes
from email.policy import default
from typing import ClassVar

#: What it says in place of its usual answers, by the command that is answered; "banner" is before any.
ANSWERS: dict[str, dict[str, str]] = {
    "closes at once": {"banner": "421 4.3.2 System shutting down"},
    "closes at the sender": {"MAIL": "421 4.7.0 Too many connections"},
    "has no room": {"MAIL": "452 4.3.1 Insufficient system storage"},
    "greylists all": {"RCPT": "451 4.7.1 Greylisted, please try again in 300 seconds"},
    "greylists all, in old words": {"RCPT": "450 Greylisted, try again later"},
    "asks us to wait": {"RCPT": "450 4.7.1 Rate limit exceeded"},
    "cannot queue": {"DATA": "451 4.3.0 Error: queue file write error"},
    "fails after the content": {".": "451 4.3.0 Temporary server error"},
    "asks who we are": {"MAIL": "530 5.7.0 Authentication required"},
    "does not know us": {"AUTH": "535 5.7.8 Authentication credentials invalid"},
    "relays nothing of ours": {"RCPT": "554 5.7.1 <x@y.example>: Relay access denied"},
    "blocks our host": {"MAIL": "554 5.7.1 Service unavailable; client host [192.0.2.1] blocked"},
    "does not like our sender": {"MAIL": "550 5.1.8 Sender address rejected: Domain not found"},
    "breaks off TLS": {"EHLO": "250-relay.example\r\n250 STARTTLS", "STARTTLS": "220 go ahead"},
    "says nothing sensible": {"banner": "HTTP/1.1 400 Bad Request"},
}


class Relay(socketserver.ThreadingTCPServer):
    """Listens on a port of its own. *manner* names one of ANSWERS, "is silent", or "" where all is well; *delay* is how
    long it takes over a mail."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 50
    usual: ClassVar[dict[str, str]] = {
        "banner": "220 relay.example", "EHLO": "250-relay.example\r\n250 AUTH PLAIN LOGIN", "AUTH": "235 2.7.0 ok",
        "DATA": "354 go ahead", ".": "250 2.0.0 taken", "QUIT": "221 bye", "STARTTLS": "454 not here",
    }  # fmt: skip

    def __init__(self, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        super().__init__(address, _Session)
        self.manner, self.delay = "", 0.0
        self.calls = 0
        self.taken: Counter[tuple[str, str]] = Counter()  # by Message-ID and recipient
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://alice:secret@127.0.0.1:{self.server_address[1]}"

    def answer(self, to: str) -> str:
        return ANSWERS.get(self.manner, {}).get(to) or self.usual.get(to, "250 2.1.0 ok")

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Session(socketserver.StreamRequestHandler):
    server: Relay

    def handle(self) -> None:
        self.server.calls += 1
        try:
            if self.server.manner == "is silent":
                self.rfile.readline()
                return
            self._talk()
        except OSError:  # whoever spoke with us is gone
            return

    def _talk(self) -> None:
        self._say("banner")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            recipient = line.partition("<")[2].rstrip(">") if verb == "RCPT" else recipient
            said = self._say(verb)
            if verb == "STARTTLS" or said.startswith("421") or verb == "QUIT":
                return
            if verb == "DATA" and said.startswith("354"):
                self._take(recipient)

    def _take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if not line:
            return
        time.sleep(self.server.delay)
        if self.server.answer(".").startswith("250"):
            mail = message_from_bytes(b"".join(lines), policy=default)
            self.server.taken[mail["Message-ID"], recipient] += 1
        self._say(".")

    def _say(self, to: str) -> str:
        said = self.server.answer(to)
        self.wfile.write(said.encode() + b"\r\n")
        return said
