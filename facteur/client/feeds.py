"""Feeds of an issuer: dropped, waited for, read about and cancelled."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from io import BufferedReader
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from facteur.client.api_types import FeedLine, FeedReport, FeedsPage, ItemOutcome, ItemReport, ItemsPage
from facteur.client.connection import VERSION, Connection

#: States of a feed that is read to its end, or waits for a person.
READ: Final = frozenset({"released", "held", "rejected", "settled"})
#: The first pause between two looks at a feed, in seconds, and the longest.
_FIRST_LOOK: Final = 1.0
_LONGEST_LOOK: Final = 15.0


class Feeds:
    """`/feeds`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        file: Path | bytes,
        name: str = "",
        *,
        count: int | None = None,
        sums: Mapping[str, Decimal] | None = None,
        idempotency_key: str = "",
    ) -> FeedReport:
        """Drop a file, or bytes with a *name* that people read. *count* and *sums* (by currency) announce what is in
        it: what differs holds the feed. The same bytes are always the same feed; a file is never taken half, its
        digest goes ahead of it."""
        with ExitStack() as opened:
            body = file if isinstance(file, bytes) else opened.enter_context(file.open("rb"))
            headers = {
                "Content-Type": "application/octet-stream",
                "X-Checksum-Sha256": _digest(body),
                "Idempotency-Key": _quoted(idempotency_key or str(uuid4())),
            }
            query = {
                "name": name or (file.name if isinstance(file, Path) else None),
                "count": count,
                "sum": [f"{currency}={amount}" for currency, amount in (sums or {}).items()] or None,
            }
            return self._connection.ask(
                FeedReport, "POST", f"{VERSION}/feeds", query=query, body=body, headers=headers
            )  # fmt: skip

    def report(self, feed: str) -> FeedReport:
        """Returns what became of a feed so far, with its findings."""
        return self._connection.ask(FeedReport, "GET", _path(feed))

    def wait(self, feed: str, *, until: frozenset[str] = READ, seconds: float = 600) -> FeedReport:
        """Returns the report of a feed once its state is one of *until*. Raises TimeoutError after so many seconds of
        pauses."""
        waited, pause, etag = 0.0, _FIRST_LOOK, ""
        while True:
            report, etag = self._connection.changed(FeedReport, _path(feed), etag)
            if report is not None and report.state in until:
                return report
            if waited >= seconds:
                raise TimeoutError(f"feed {feed} is not {' or '.join(sorted(until))} after {waited:.0f} seconds")
            self._connection.sleep(pause)
            waited, pause = waited + pause, min(_LONGEST_LOOK, pause * 1.5)

    def list(self) -> Iterator[FeedLine]:
        """Yields all feeds, the newest first."""
        for page in self._connection.pages(FeedsPage, f"{VERSION}/feeds", {"limit": 200}):
            yield from page.feeds

    def items(self, feed: str, *, outcome: ItemOutcome | None = None) -> Iterator[ItemReport]:
        """Yields what became of each item of a feed, in the order of the file."""
        for page in self._connection.pages(ItemsPage, f"{_path(feed)}/items", {"outcome": outcome, "limit": 200}):
            yield from page.items

    def cancel(self, feed: str, *, by: str, reason: str) -> FeedReport:
        """Withdraw a feed before its release: nothing of it is delivered."""
        return self._connection.ask(FeedReport, "POST", f"{_path(feed)}/cancel", body={"by": by, "reason": reason})


def _path(feed: str) -> str:
    return f"{VERSION}/feeds/{quote(feed, safe='')}"


def _digest(body: bytes | BufferedReader) -> str:
    """Returns the SHA-256 in hex."""
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest()
    return hashlib.file_digest(body, "sha256").hexdigest()


def _quoted(key: str) -> str:
    """Returns a key as a String of structured fields (RFC 9651, 3.3.3)."""
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
