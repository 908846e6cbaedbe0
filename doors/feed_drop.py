"""Take a feed in, by whichever door: store the bytes as a blob, write the feed's row, send the wake-up signal."""

import hashlib
import logging
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ControlTotals, Finding, fatal
from store import Store
from store.blobs.blob_store import BlobTooLarge, Readable, receive_blob
from store.feeds.feed import receive_feed
from store.issuer import Issuer, lock_issuer
from store.payments.payment_request import keep_request

log = logging.getLogger(__name__)

#: The largest feed taken in one piece, in bytes.
LARGEST_FEED: Final = 2 << 30

#: Algorithms of digests that a sender may announce, by their `hashlib` name.
ALGORITHMS: Final = frozenset({"sha256", "sha512", "md5"})


class DropRefused(Exception):  # noqa: N818 -- it is the feed that is refused
    """The file is refused and nothing stored. *finding* says why, by rule: EMPTY, TOO-LARGE, CHECKSUM,
    CONTROL-FILE or ISSUER-CLOSED."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class OtherRequestUnderKey(Exception):  # noqa: N818
    """Another feed was dropped under this idempotency key before, or something else was told. Nothing was done."""


class DroppedFeed(NamedTuple):
    """A feed that is stored for good. *is_new*: it will be read (also a rejected feed dropped again)."""

    feed_id: int
    sha256: str
    name: str
    is_new: bool
    state: str


def drop_feed(
    store: Store, issuer: Issuer, stream: Readable, name: str, door: str, now: datetime,
    *, most: int = LARGEST_FEED, checksums: Mapping[str, str] | None = None,
    announced: ControlTotals | None = None, by: str = "", unnamed: object = None,
    request_key: str = "",
) -> DroppedFeed:  # fmt: skip
    """Take a feed in; the same bytes are the same feed. Returns after the commit and the wake-up signal.

    *name* is the sender's file name, stored as data. *checksums* are digests in hex by algorithm that the bytes must
    have. *announced* are the declared control totals, compared after reading. *by* is the person who brings it, where
    the door knows one. *unnamed* is the stream's own file, which is given a name instead of being copied
    (`receive_blob`). Raises DropRefused if the stream is empty, larger than *most* bytes, or has another digest, or
    the issuer has left. *request_key* is the issuer's name for this request (`store.payments.payment_request`). Raises
    OtherRequestUnderKey if it was another's before.
    """
    name = clean_name(name)
    try:
        checked = _Checked(stream, name, checksums or {})
        sha256, size = receive_blob(store.blobs, checked, store.incoming, most, unnamed=unnamed)
    except BlobTooLarge as error:
        raise DropRefused(
            fatal("TOO-LARGE", "larger than {most} bytes: send it in several feeds", name, most=most)
        ) from error
    with store.writing() as session:
        _refuse_closed(session, issuer, name)
        if request_key:
            _keep_request(session, issuer, request_key, f"{sha256}\n{name}\n{announced}", now)
        feed, is_new = receive_feed(session, issuer.id, sha256, size, name, door, now, announced, by)
        dropped = DroppedFeed(feed.id, sha256, feed.name, is_new, feed.state)
    store.wake_up.send()
    log.info("feed %s of %s came by %s", dropped.feed_id, issuer.slug, door, extra={"told": {"feed": dropped.feed_id}})
    return dropped


def _keep_request(session: Session, issuer: Issuer, key: str, said: str, now: datetime) -> None:
    digest = hashlib.sha256(f"feed\n{said}".encode("utf-8", "replace")).hexdigest()
    if keep_request(session, issuer.id, key, digest, now) == "other":
        raise OtherRequestUnderKey


def _refuse_closed(session: Session, issuer: Issuer, name: str) -> None:
    """Nothing is taken from an issuer who has left: looked at under the lock that its leave takes."""
    lock_issuer(session, issuer.id)
    if session.get_one(Issuer, issuer.id, populate_existing=True).closed_at is not None:
        sentence = "the issuer {issuer} has left this service: nothing is taken from it any more"
        raise DropRefused(fatal("ISSUER-CLOSED", sentence, name, issuer=issuer.name))


class _Checked:
    """A stream that raises DropRefused at its end if the bytes must not be stored."""

    def __init__(self, stream: Readable, name: str, checksums: Mapping[str, str]) -> None:
        self._stream = stream
        self._name = name
        self._announced = {algorithm: digest.lower() for algorithm, digest in checksums.items()}
        self._digests = {each: hashlib.new(each, usedforsecurity=False) for each in self._announced}
        self._is_empty = True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        if not piece:
            self._refuse_at_the_end()
        self._is_empty = False
        for digest in self._digests.values():
            digest.update(piece)
        return piece

    def _refuse_at_the_end(self) -> None:
        if self._is_empty:
            raise DropRefused(fatal("EMPTY", "there is nothing in it: not one byte came", self._name))
        for algorithm, digest in self._digests.items():
            if digest.hexdigest() != self._announced[algorithm]:
                sentence = (
                    "the bytes that came have the {algorithm} {found}, announced was {announced}: it was changed or "
                    "cut on its way, send it again"
                )
                announced = self._announced[algorithm][:128]
                values = {"algorithm": algorithm, "found": digest.hexdigest(), "announced": announced}
                raise DropRefused(fatal("CHECKSUM", sentence, self._name, **values))


def clean_name(name: str) -> str:
    """The sender's file name without folders, control characters and invisible characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return " ".join(seen.split())[:255] or "feed"
