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

from delivery.channels.delivery_error import DeliveryError, Failure
from delivery.channels.email.email_message import on_the_wire
from delivery.channels.email.smtp.sending_domain import SendingDomain, domain_of
from delivery.channels.email.smtp.smtp_reply_classification import Stage, concerns_server, refuses_all_mail, subject_of

#: Seconds to wait for one answer.
TIMEOUT_SECONDS: Final = 20
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class MailTransport(Protocol):
    """Sends e-mails. *sender* is the From address, *host* the right-hand side of the Message-IDs."""

    sender: str
    host: str

    def send(self, mail: Message, to: str) -> str:
        """Send one e-mail to one address. Returns the server's answer; raises DeliveryError."""

    def hang_up(self) -> None:
        """Close the connection, if one is open."""


class SmtpClient:
    """A client of the SMTP server at a URL: `smtp://host:port` (STARTTLS where offered) or
    `smtps://user:password@host:port`.

    The first e-mail opens the connection; `hang_up` closes it. *timeout* is in seconds, for any one answer. *domain*
    completes and signs each e-mail.
    """

    def __init__(
        self, url: str, sender: str, timeout: float = TIMEOUT_SECONDS, domain: SendingDomain | None = None
    ) -> None:
        self.sender = sender
        self._domain = domain or SendingDomain()
        self.host = domain_of(sender) or "localhost"
        self._url = urlsplit(url)
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Message, to: str) -> str:
        """Send one e-mail to one address. Returns the server's answer; raises DeliveryError."""
        envelope = on_the_wire(to)
        connection = self._connection = self._connection or self._connect()
        try:
            _expect(connection.mail(self._domain.envelope_sender(mail) or parseaddr(self.sender)[1]), "mail")
            _expect(connection.rcpt(envelope), "rcpt")
            _expect(connection.docmd("DATA"), "data", code=354)
        except DeliveryError as error:
            self._reset_session(error.kind)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise DeliveryError("down", _error_text(error)) from error
        return self._send_content(connection, mail)

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _send_content(self, connection: smtplib.SMTP, mail: Message) -> str:
        """Send the content. A connection that breaks between its first byte and the answer leaves it in doubt (RFC
        1047)."""
        content = re.sub(rb"(?m)^\.", b"..", self._domain.content(mail))
        try:
            connection.send(content + b".\r\n")
            answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise DeliveryError("in_doubt", _error_text(error)) from error
        try:
            return _expect(answer, "data")
        except DeliveryError as error:
            self._reset_session(error.kind)
            raise

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 0
        try:
            if self._url.scheme == "smtps":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, self.host, timeout=self._timeout, context=_secure()
                )
            else:
                connection = smtplib.SMTP(host, port, self.host, timeout=self._timeout)
                connection.ehlo_or_helo_if_needed()
                if connection.has_extn("starttls"):
                    connection.starttls(context=_secure())
            self._sign_in(connection, host)
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an invalid host name
            raise DeliveryError("down", _error_text(error)) from error
        return connection

    def _sign_in(self, connection: smtplib.SMTP, host: str) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._url.username is None:
            return
        if not isinstance(connection.sock, ssl.SSLSocket) and host not in _LOOPBACK:
            raise smtplib.SMTPException("le mot de passe ne part pas en clair : il faut smtps:// ou STARTTLS")
        connection.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _reset_session(self, kind: Failure) -> None:
        """Reset the session for the next e-mail; close the connection when it is of no more use."""
        if kind == "down" or self._connection is None:
            self.hang_up()
            return
        try:
            self._connection.rset()
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
    raise DeliveryError(_classify(words, stage), words)


def _classify(words: str, stage: Stage) -> Failure:
    """Classify a refusal: `refused` only when it says that the recipient is gone for good; `down` when no other e-mail
    would be taken now; `busy` when it concerns the server; else `later`."""
    if subject_of(words, stage) == "gone":
        return "refused"
    if refuses_all_mail(words):
        return "down"
    return "busy" if concerns_server(words, stage) else "later"


def _error_text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def open_mail_transport(
    smtp_url: str, inbox: Path, sender: str, domain: SendingDomain | None = None
) -> Iterator[MailTransport]:
    """Give the configured mail transport: the SMTP server at *smtp_url*, or, when that is "", a dev inbox in the folder
    *inbox*."""
    if smtp_url:
        transport = SmtpClient(smtp_url, sender, domain=domain)
        try:
            yield transport
        finally:
            transport.hang_up()
        return
    from delivery.channels.email.smtp.dev_inbox import open_inbox  # aiosmtpd is for the dev inbox alone

    with open_inbox(inbox) as url:
        yield SmtpClient(url, sender, domain=domain)
