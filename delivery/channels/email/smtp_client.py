"""Who carries the mail: an SMTP server that we hand it to over one connection."""

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
    """Takes mails. *sender* is whom they come from, *host* the right-hand side of their Message-IDs."""

    sender: str
    host: str

    def send(self, mail: Message, to: str) -> str:
        """Hand one mail over; what the other side answered. MailError says how it failed."""

    def hang_up(self) -> None:
        """No more mails for now."""


class SmtpClient:
    """An SMTP server, by URL: `smtp://host:port` (STARTTLS where it is offered) or `smtps://user:password@host:port`.

    The connection is opened by the first mail and kept until `hang_up`.
    """

    def __init__(self, url: str, sender: str, patience: float = PATIENCE) -> None:
        self.sender = sender
        self.host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        self._url = urlsplit(url)
        self._patience = patience
        self._line: smtplib.SMTP | None = None

    def send(self, mail: Message, to: str) -> str:
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
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (OSError, smtplib.SMTPException):
                line.close()

    def _hand_in(self, line: smtplib.SMTP, mail: Message) -> str:
        """From the first byte to the answer, a broken line leaves us in doubt (RFC 1047)."""
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
        """The next mail begins anew: on this line, or on another where this one is done with."""
        if kind == "down" or self._line is None:
            self.hang_up()
            return
        try:
            self._line.rset()
        except (OSError, smtplib.SMTPException):
            self.hang_up()


@cache
def _secure() -> ssl.SSLContext:
    """Reading this machine's certificates takes a while: once, and only for lines that are encrypted."""
    return ssl.create_default_context()


def _expect(answer: tuple[int, bytes], stage: Stage, *, code: int = 250) -> str:
    got, said = answer
    words = f"{got} {said.decode('utf-8', 'replace')}".replace("\n", " ")
    if got == code or (code == 250 and got == 251):
        return words
    raise MailError(_judge(words, stage), words)


def _judge(words: str, stage: Stage) -> Failure:
    """Does this answer speak of the address, for good? Only then may it never be used again. Does it speak of every
    mail, for now? Then no other is tried in this turn, and none has failed."""
    if subject_of(words, stage) == "gone":
        return "refused"
    if is_closed(words):
        return "down"
    return "busy" if is_of_the_day(words, stage) else "later"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def open_mail_transport(smtp_url: str, inbox: Path, sender: str) -> Iterator[MailTransport]:
    """The postman of this configuration: an SMTP server, or (without a URL) the dev inbox in this folder."""
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
