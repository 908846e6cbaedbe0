"""Builds an e-mail from text: headers, a plain-text and an HTML body. No outside value can add a header.

Uses the library's MIME classes: EmailMessage parses every header it is given, which takes ten times as long and can
turn an encoded word into a header.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import Final

import msgspec

from delivery.channels.delivery_error import DeliveryError
from store.accounts.email_address import NoAddress, wire_form

_ENCODED_WORD: Final = "=?"
_LONGEST_SUBJECT: Final = 150
#: What a server answers about an address that cannot be one (RFC 3463, X.1.3); said for it, since none is asked.
NOT_AN_ADDRESS: Final = "553 5.1.3 Bad destination mailbox address syntax"


class EmailItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of several things that an e-mail tells: a title, a text, and a link of its own."""

    title: str
    text: str
    label: str
    url: str


class EmailText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of an e-mail: subject, paragraphs before and after one link, the link's label and URL. *items* stand
    before the link."""

    subject: str
    before: Sequence[str]
    label: str
    url: str
    after: Sequence[str] = ()
    language: str = "fr"
    items: Sequence[EmailItem] = ()


def write_mail(words: EmailText, sender: str, to: str, message_id: str, at: datetime) -> Message:
    """Return the e-mail to one address. Raises DeliveryError(refused) when the address is invalid."""
    name, address = parseaddr(sender)
    mail = MIMEMultipart("alternative")
    mail["From"] = formataddr((one_line(name), address))
    mail["To"] = on_the_wire(to)
    mail["Subject"] = Header(one_line(words.subject)[:_LONGEST_SUBJECT], "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice in return
    mail["Content-Language"] = words.language
    mail.attach(MIMEText(_text(words), "plain", "utf-8"))
    mail.attach(MIMEText(_html(words), "html", "utf-8"))
    return mail


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


def _text(words: EmailText) -> str:
    items = [f"{each.title}\n{each.text}\n{each.label}\n{each.url}" for each in words.items]
    paragraphs = [*words.before, *items, f"{words.label}\n{words.url}", *words.after]
    return "\n\n".join(map(_clean, paragraphs)) + "\n"


def _html(words: EmailText) -> str:
    before = "".join(f"<p>{_lines(each)}</p>\n" for each in words.before)
    items = "".join(map(_html_item, words.items))
    after = "".join(f'<p style="color:#5b6470">{_lines(each)}</p>\n' for each in words.after)
    link = f'<p><a href="{escape(words.url)}" style="{_BUTTON}">{escape(words.label)}</a></p>\n'
    return (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<meta charset="utf-8">\n'
        f'<body style="{_PAGE}">\n{before}{items}{link}{after}</body>\n</html>\n'
    )


def _html_item(item: EmailItem) -> str:
    link = f'<a href="{escape(item.url)}" style="color:#1f4e5a">{escape(_clean(item.label))}</a>'
    title = f'<h2 style="{_TITLE}">{_lines(item.title)}</h2>'
    return f'{title}\n<p style="margin:.2em 0">{_lines(item.text)}<br>\n{link}</p>\n'


def _lines(paragraph: str) -> str:
    return escape(_clean(paragraph)).replace("\n", "<br>\n")


def _clean(text: str) -> str:
    """Remove unprintable characters; keep our own line breaks."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})


_PAGE: Final = (
    "background:#ffffff;color:#1b2127;font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em"
)
_TITLE: Final = "font-size:1em;margin:1.6em 0 0;padding-top:.8em;border-top:1px solid #d8dde2"
_BUTTON: Final = (
    "display:inline-block;background:#1f4e5a;color:#ffffff;padding:.6em 1.2em;border-radius:6px;text-decoration:none"
)
