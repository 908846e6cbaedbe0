"""Builds an e-mail from text: headers, a plain-text and an HTML body. No outside value can add a header.

Uses the library's MIME classes: EmailMessage parses every header it is given, which takes ten times as long and can
turn an encoded word into a header.
"""

import unicodedata
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_html import html_text
from delivery.channels.email.email_text import EmailText, plain_text
from store.accounts.email_address import NoAddress, wire_form
from words.catalogue import say

_ENCODED_WORD: Final = "=?"
_LONGEST_SUBJECT: Final = 150
_LONGEST_NAME: Final = 80
#: The sender's name, where FACTEUR_MAIL_FROM has an address alone.
SERVICE: Final = "Facteur"
#: What a server answers about an address that cannot be one (RFC 3463, X.1.3); said for it, since none is asked.
NOT_AN_ADDRESS: Final = "553 5.1.3 Bad destination mailbox address syntax"


def write_mail(words: EmailText, sender: str, to: str, message_id: str, at: datetime) -> Message:
    """Return the e-mail to one address, from *sender* and in the name of the issuer that it is sent for. Raises
    DeliveryError (refused) when the address is invalid."""
    name, address = parseaddr(sender)
    service = one_line(name) or SERVICE
    mail = MIMEMultipart("alternative")
    mail["From"] = _from(words, service, address)
    if words.mark is not None and words.mark.contact:
        mail["Reply-To"] = one_line(words.mark.contact)
    mail["To"] = on_the_wire(to)
    mail["Subject"] = Header(one_line(words.subject)[:_LONGEST_SUBJECT], "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice in return
    mail["Content-Language"] = words.language
    if words.stop_url:  # RFC 8058
        mail["List-Unsubscribe"] = f"<{words.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.attach(MIMEText(plain_text(words, service), "plain", "utf-8"))
    mail.attach(MIMEText(html_text(words, service), "html", "utf-8"))
    return mail


def _from(words: EmailText, service: str, address: str) -> str:
    """The sender's address, always our own, and its name: `Lumière de l’Ouest par Facteur <mail@facteur.example>`."""
    name = service
    if words.mark is not None and (issuer := one_line(words.mark.name)[:_LONGEST_NAME]):
        name = say("{issuer} par {service}", words.language, issuer=issuer, service=service)
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8', header_name='From').encode()} <{address}>"


def on_the_wire(address: str) -> str:
    """Return the address in ASCII, as headers and SMTP take it. Raises DeliveryError(refused) when it is invalid."""
    try:
        return wire_form(address)
    except NoAddress as error:
        raise DeliveryError("refused", NOT_AN_ADDRESS) from error


def one_line(value: str) -> str:
    """Return an outside value safe for a header: encoded words decoded, control characters and line breaks removed.

    A program that decodes an encoded word in a header may find a line break that starts another header (CVE-2024-6923
    and similar), so nothing that looks like an encoded word is left.
    """
    for _ in range(3):
        if _ENCODED_WORD not in value:
            break
        value = _decoded(value)
    value = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in value)
    return " ".join(value.replace(_ENCODED_WORD, "= ?").split())


def _decoded(value: str) -> str:
    try:
        parts = decode_header(value)
        return "".join(
            part if isinstance(part, str) else part.decode(charset or "latin-1", "replace") for part, charset in parts
        )
    except (HeaderParseError, LookupError, ValueError):
        return value
