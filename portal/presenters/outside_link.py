"""A link that a sender wrote, for a page: followed by people only, and with the host it leads to beside it."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

#: Printable ASCII without what URL parsers read in different ways.
_READABLE: Final = re.compile(r"[!-~]+")
_MISREAD: Final = re.compile(r"[\\\"<>^`{|}]")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_MOST_CHARACTERS: Final = 1000


class OutsideLink(NamedTuple):
    """A URL of http or https, and the host that it leads to."""

    url: str
    host: str


def outside_link(text: str) -> OutsideLink | None:
    """Returns the link, or None where people could not tell from its host where it leads: another scheme, a user's name
    before the host, letters of another script (they come as `xn--…`), a bare address, no host."""
    if len(text) > _MOST_CHARACTERS or not _READABLE.fullmatch(text) or _MISREAD.search(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return None if host.rpartition(".")[2].isdigit() else OutsideLink(text, host)
