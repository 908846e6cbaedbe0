"""Reads and checks the URL of an endpoint that somebody else named (of webhooks, of web push): https, a host name,
port 443 or 8443, and nothing that could lead a request elsewhere. Checked when the URL is registered, and again
before each attempt."""

import re
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from words.spoken_error import SpokenError

MOST_CHARACTERS: Final = 500
PORTS: Final = (443, 8443)
#: Printable ASCII without the blank, and without what URL parsers read in different ways.
_CHARACTERS: Final = re.compile(r"[!-~]+")
_MISREAD: Final = re.compile(r"[\\\"<>^`{|}]")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
#: A name with a dot, whose last label is no number: 2130706433, 0x7f.1 and 127.1 are read as addresses by many.
_HOST: Final = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+(?!0x|[0-9]+$){_LABEL}")
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

UrlFault = Literal["unreadable", "not_https", "userinfo", "fragment", "host", "port"]


class EndpointUrlRefused(SpokenError):  # noqa: N818
    """This URL cannot be an endpoint. The message says why; *fault* is its code."""

    def __init__(self, fault: UrlFault, text: str, /, **values: object) -> None:
        super().__init__(text, **values)
        self.fault = fault


class EndpointRules(msgspec.Struct, frozen=True):
    """What an installation allows. *loopback* (tests and the demo): also this very machine, by http or https on any
    port. *ca_file*: certificates that are trusted in place of the system's. *most_characters*: of a URL."""

    loopback: bool = False
    ca_file: Path | None = None
    most_characters: int = MOST_CHARACTERS


class EndpointUrl(msgspec.Struct, frozen=True):
    """The parts of an endpoint's URL. *target* is path and query, as they are sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == (443 if self.scheme == "https" else 80)
        return host if is_default else f"{host}:{self.port}"


def read_endpoint_url(text: str, rules: EndpointRules) -> EndpointUrl:
    """Read a URL. Raises EndpointUrlRefused if it cannot be an endpoint under these rules."""
    if len(text) > rules.most_characters or not _CHARACTERS.fullmatch(text) or _MISREAD.search(text):
        raise EndpointUrlRefused(
            "unreadable", "a URL has at most {most} ASCII characters and no blank", most=rules.most_characters
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointUrlRefused("unreadable", "this URL cannot be read") from error
    if "@" in parts.netloc:
        raise EndpointUrlRefused("userinfo", "a URL with a user or a password is not taken: requests are signed")
    if "#" in text:
        raise EndpointUrlRefused("fragment", "what follows # is never sent: leave it out")
    is_here = rules.loopback and host in _LOOPBACK
    if parts.scheme != "https" and not (is_here and parts.scheme == "http"):
        raise EndpointUrlRefused("not_https", "the URL begins with https://")
    if not is_here and not _HOST.fullmatch(host):
        raise EndpointUrlRefused("host", "the URL names a host by its full name, not by an address")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    if not is_here and port not in PORTS:
        raise EndpointUrlRefused("port", "the port is 443 or 8443")
    return EndpointUrl(parts.scheme, host, port, _target(parts.path, parts.query))


def _target(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")
