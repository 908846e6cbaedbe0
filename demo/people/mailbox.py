"""Reads one person's mail from the dev inbox."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from delivery.channels.email.smtp.dev_inbox import list_mails

#: How many of the latest mails a person looks at.
_ON_TOP: Final = 2


class Mailbox:
    """The mails to one address. *folder* is the dev inbox; None where mail goes elsewhere."""

    def __init__(self, folder: Path | None, address: str) -> None:
        self._folder = folder
        self._address = address

    def links(self, beginning: str) -> list[str]:
        """Return the portal paths in the latest mails that start with *beginning*, newest first."""
        if self._folder is None:
            return []
        mails = list_mails(self._folder, self._address, _ON_TOP)
        paths = [urlsplit(link).path for mail in mails for link in mail.links]
        return list(dict.fromkeys(path for path in paths if path.startswith(beginning)))
