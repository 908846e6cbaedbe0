"""Sends e-mails to an SMTP server over one kept connection, and classifies its failures."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from delivery.channels.email.email_message import WIRE, Failure, MailError, on_the_wire
from delivery.channels.email.smtp_reply import Stage, is_closed, is_of_the_day, subject_of

#: Seconds to wait for any one answer.
PATIENCE: Final = 20
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class MailTransport(Protocol):
    """Sends e-mails. *sender* is the From address, *host* the right-hand side of the Message-IDs."""

    sender: str
    host: str

    def send(self, mail: Message, to: str) -> str:
        """Send one e-mail to one address. Returns the server's answer; raises MailError with the kind of failure."""

    def hang_up(self) -> None:
        """Close the connection, if one is open."""


class SmtpClient:
    """A client of the SMTP server at a URL: `smtp://host:port` (STARTTLS where offered) or
    `smtps://user:password@host:port`.

    The first e-mail opens the connection; `hang_up` closes it. *timeout* is in seconds, for any one answer.
    """

    def __init__(self, url: str, sender: str, patience: float = PATIENCE) -> None:
        self.sender = sender
        self.host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        self._url = urlsplit(url)
        self._patience = patience
        self._line: smtplib.SMTP | None = None

    def send(self, mail: Message, to: str) -> str:
        """Send one e-mail to one address. Returns the server's answer; raises MailError with the kind of failure."""
        envelope = on_the_wire(to)
        line = self._line = self._line or self._call()
        try:
            _expect(line.mail(parseaddr(self.sender)[1]), "mail")
            _expect(line.rcpt(envelope), "rcpt")
            _expect(line.docmd("DATA"), "data", code=354)
        except MailError as error:
            self._clear(error.kind)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise MailError("down", _told(error)) from error
        return self._hand_in(line, mail)

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (OSError, smtplib.SMTPException):
                line.close()

    def _hand_in(self, line: smtplib.SMTP, mail: Message) -> str:
        """Send the content. A connection that breaks between its first byte and the answer leaves it in doubt (RFC
        1047)."""
        content = re.sub(rb"(?m)^\.", b"..", mail.as_bytes(policy=WIRE))
        try:
            line.send(content + b".\r\n")
            answer = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise MailError("in_doubt", _told(error)) from error
        try:
            return _expect(answer, "data")
        except MailError as error:
            self._clear(error.kind)
            raise

    def _call(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 0
        try:
            if self._url.scheme == "smtps":
                line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, self.host, timeout=self._patience, context=_secure())
            else:
                line = smtplib.SMTP(host, port, self.host, timeout=self._patience)
                line.ehlo_or_helo_if_needed()
                if line.has_extn("starttls"):
                    line.starttls(context=_secure())
            self._sign_in(line, host)
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: a host that nobody can have
            raise MailError("down", _told(error)) from error
        return line

    def _sign_in(self, line: smtplib.SMTP, host: str) -> None:
        line.ehlo_or_helo_if_needed()
        if self._url.username is None:
            return
        if not isinstance(line.sock, ssl.SSLSocket) and host not in _LOOPBACK:
            raise smtplib.SMTPException("le mot de passe ne part pas en clair : il faut smtps:// ou STARTTLS")
        line.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _clear(self, kind: Failure) -> None:
        """Reset the session for the next e-mail; close the connection when it is of no more use."""
        if kind == "down" or self._line is None:
            self.hang_up()
            return
        try:
            self._line.rset()
        except (OSError, smtplib.SMTPException):
            self.hang_up()


@cache
def _secure() -> ssl.SSLContext:
    """The TLS context, made once: loading the machine's certificates is slow."""
    return ssl.create_default_context()


def _expect(answer: tuple[int, bytes], stage: Stage, *, code: int = 250) -> str:
    got, said = answer
    words = f"{got} {said.decode('utf-8', 'replace')}".replace("\n", " ")
    if got == code or (code == 250 and got == 251):
        return words
    raise MailError(_judge(words, stage), words)


def _judge(words: str, stage: Stage) -> Failure:
    """Classify a refusal: `refused` only when it says that the recipient is gone for good; `down` when no other e-mail
    would be taken now; `busy` when it concerns the server; else `later`."""
    if subject_of(words, stage) == "gone":
        return "refused"
    if is_closed(words):
        return "down"
    return "busy" if is_of_the_day(words, stage) else "later"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def open_mail_transport(smtp_url: str, inbox: Path, sender: str) -> Iterator[MailTransport]:
    """Give the configured mail transport: the SMTP server at *smtp_url*, or, when that is "", a dev inbox in the folder
    *inbox*."""
    if smtp_url:
        post = SmtpClient(smtp_url, sender)
        try:
            yield post
        finally:
            post.hang_up()
        return
    from delivery.channels.email.dev_inbox import open_inbox  # aiosmtpd is for the dev inbox alone

    with open_inbox(inbox) as url:
        yield SmtpClient(url, sender)
