"""Stage what is read of a feed that holds no bills: its entries, packed, with their findings."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bill import Finding, Money
from store.db.bulk_insert import insert_rows
from store.feeds.item import Item, PlacedFinding, keep_findings


class StagedEntry(NamedTuple):
    """What was read at one position of a feed. *content* is the packed entry; None: the entry is refused. *number* is
    what the sender calls it, *amount* what it amounts to, if known and if it is money at all;
    *identity* (64 characters) what tells it apart from all others, where its kind has such a thing."""

    seq: int
    place: str
    body_sha256: str
    number: str | None
    content: bytes | None
    findings: Sequence[Finding] = ()
    amount: Money | None = None
    identity: str | None = None


def stage_entries(session: Session, feed_id: int, entries: Iterable[StagedEntry]) -> None:
    """Insert staged entries and their findings."""
    items: list[dict[str, Any]] = []
    said: list[PlacedFinding] = []
    for entry in entries:
        items.append(_item_row(feed_id, entry))
        said += [(entry.seq, entry.number, finding) for finding in entry.findings]
    insert_rows(session, Item, items)
    keep_findings(session, feed_id, said)


def _item_row(feed_id: int, entry: StagedEntry) -> dict[str, Any]:
    return {
        "feed_id": feed_id, "seq": entry.seq, "place": entry.place[:300], "body_sha256": entry.body_sha256,
        "number": None if entry.number is None else entry.number[:200], "content": entry.content,
        "content_sha256": entry.identity, "currency": None if entry.amount is None else entry.amount.currency,
        "payable": None if entry.amount is None else entry.amount.amount,
        "outcome": "rejected" if entry.content is None else None,
    }  # fmt: skip
