"""Reads the digests that a sender announces: `Content-Digest` (RFC 9530) or `X-Checksum-Sha256`."""

import base64
import binascii
import re
from typing import Final

from werkzeug.datastructures import Headers

#: RFC 9530's names of the digests we can check; others are passed over, as it says.
_ALGORITHMS: Final = {"sha-256": ("sha256", 32), "sha-512": ("sha512", 64)}
_MEMBER: Final = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):")


class UnreadableDigest(Exception):  # noqa: N818
    """An announced digest cannot be read. The message says what to send."""


def announced_digests(headers: Headers, *, is_form: bool) -> dict[str, str]:
    """Returns the announced digests in hex by algorithm, none if none is announced. A header that is there and empty is
    a mistake of whoever computed it. Raises UnreadableDigest."""
    digests: dict[str, str] = {}
    if (content_digest := headers.get("Content-Digest")) is not None:
        if is_form:
            raise UnreadableDigest("Content-Digest is of the whole form: announce the file's X-Checksum-Sha256 instead")
        digests = _members(content_digest)
    if (plain := headers.get("X-Checksum-Sha256")) is not None:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", plain.strip()):
            raise UnreadableDigest("X-Checksum-Sha256 is the SHA-256 in 64 hex digits")
        digests.setdefault("sha256", plain.strip().lower())
        if digests["sha256"] != plain.strip().lower():
            raise UnreadableDigest("Content-Digest and X-Checksum-Sha256 disagree")
    return digests


def _members(text: str) -> dict[str, str]:
    digests: dict[str, str] = {}
    for member in text.split(","):
        match = _MEMBER.fullmatch(member.strip())
        if match is None:
            raise UnreadableDigest("Content-Digest is written `sha-256=:<base64>:` (RFC 9530)")
        if match[1] in _ALGORITHMS:
            algorithm, length = _ALGORITHMS[match[1]]
            digests[algorithm] = _decoded(match[2], length).hex()
    if not digests:
        raise UnreadableDigest("Content-Digest names no digest that can be checked: send sha-256 or sha-512")
    return digests


def _decoded(text: str, length: int) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise UnreadableDigest("the digest in Content-Digest is not base64") from error
    if len(digest) != length:
        raise UnreadableDigest(f"the digest in Content-Digest has {len(digest)} bytes, not {length}")
    return digest
