"""Adds a file to an e-mail: the text stays the first part, as mail programs show it."""

import re
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from typing import Final

from delivery.channels.email.email_message import one_line

#: Headers that stay with the text.
_OF_THE_TEXT: Final = frozenset({"content-type", "mime-version", "content-transfer-encoding"})
_LONGEST_NAME: Final = 100


def with_attachment(mail: Message, content: bytes, file_name: str, subtype: str) -> Message:
    """Return the e-mail with this file (`application/subtype`); *file_name* may be any text."""
    whole = MIMEMultipart("mixed")
    for name, value in mail.items():
        if name.lower() not in _OF_THE_TEXT:
            whole[name] = value
            del mail[name]
    whole.attach(mail)
    file = MIMEApplication(content, subtype)
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", _safe(file_name)))
    whole.attach(file)
    return whole


def _safe(file_name: str) -> str:
    """A name that is one on every system: no separators, no control characters, its ending kept."""
    name, dot, ending = re.sub(r'[\\/:*?"<>|]', "-", one_line(file_name)).rpartition(".")
    return f"{name.strip('. ')[:_LONGEST_NAME]}{dot}{ending}"
