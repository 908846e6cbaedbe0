"""Messages as servers send them back, written for the tests."""

from textwrap import dedent
from typing import Final

RETURNED: Final = "Message-ID: <d4711@example.org>\nSubject: Votre facture\n"

#: What postfix, exim and others write for people.
NOTICE: Final = "This message was created automatically by mail delivery software.\n"


def dsn(
    status: str, diagnostic: str = "", *, action: str = "failed", notice: str = NOTICE, returned: str = RETURNED
) -> bytes:
    """A delivery status notification (RFC 3464) about one recipient."""
    answer = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    status_line = f"Status: {status}\n" if status else ""
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=us-ascii\n\n{notice}\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; alice@example.net\nAction: {action}\n{status_line}{answer}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    ).encode()


def plain(text: str, *, sender: str = "MAILER-DAEMON@mx.example.net", subject: str = "failure notice") -> bytes:
    """A message in plain text."""
    return f"Return-Path: <>\nFrom: {sender}\nSubject: {subject}\n\n{dedent(text)}".encode()


def complaint(kind: str = "abuse", return_path: str = "b+4711.x.y@example.org") -> bytes:
    """A report of a feedback loop (RFC 5965)."""
    return (
        "From: <feedback@isp.example>\nSubject: FW: Votre facture\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Loop/1.0\nVersion: 1\n"
        f"Original-Mail-From: <{return_path}>\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{RETURNED}\nBonjour\n--b--\n"
    ).encode()


QMAIL: Final = plain(
    """\
    Hi. This is the qmail-send program at mx.example.net.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <alice@example.net>:
    192.0.2.25 does not like recipient.
    Remote host said: 550 5.1.1 <alice@example.net>: Recipient address rejected: User unknown
    Giving up on 192.0.2.25.

    --- Below this line is a copy of the message.

    Return-Path: <b+4711.x.y@example.org>
    Message-ID: <d4711@example.org>
    Subject: 550 5.1.1 user unknown
    """
)
OLD_EXCHANGE: Final = plain(
    """\
    Your message

      To:      alice@example.net
      Subject: Votre facture

    did not reach the following recipient(s):

    alice@example.net on Thu, 26 Nov 2026 10:00:00 +0100
        The e-mail account does not exist at the organization this message was sent to.
    """,
    sender="System Administrator <postmaster@example.net>",
    subject="Undeliverable: Votre facture",
)
QUOTA_BY_QMAIL: Final = plain("<alice@example.net>:\nMailbox is full (#5.2.2)\n\n--- Below this line is a copy\n")
STILL_TRIED: Final = plain(
    "Your message could not yet be delivered.\n451 4.7.1 Greylisting in action\nIt will be retried for five days.\n",
    subject="Warning: message delayed 24 hours",
)
