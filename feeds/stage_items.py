"""Stage what is read of a feed: items with their findings, before any bill number is claimed."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bill import (
    Bill,
    Finding,
    Money,
    pack,
)
from store.db.bulk_insert import insert_rows
from store.feeds.item import Item, PlacedFinding, keep_findings
from store.vault.attachment_staging import without_attachments


class Staged(NamedTuple):
    """What was read at one position of a feed; without a bill the item is refused."""

    seq: int
    place: str
    body_sha256: str
    number: str | None
    bill: Bill | None
    findings: Sequence[Finding]
    amount: Money | None = None  # payable amount if known, also of a refused item


def stage_items(session: Session, feed_id: int, entries: Iterable[Staged]) -> int:
    """Insert staged items and their findings; returns how many were refused."""
    items: list[dict[str, Any]] = []
    said: list[PlacedFinding] = []
    for entry in entries:
        items.append(_item_row(feed_id, entry))
        said += [(entry.seq, entry.number, finding) for finding in entry.findings]
    insert_rows(session, Item, items)
    keep_findings(session, feed_id, said)
    return sum(item["outcome"] == "rejected" for item in items)


def _item_row(feed_id: int, entry: Staged) -> dict[str, Any]:
    bill = entry.bill
    content = None if bill is None else pack(without_attachments(bill))
    amount = entry.amount if bill is None else Money(bill.totals.payable, bill.currency)
    return {
        "feed_id": feed_id, "seq": entry.seq, "place": entry.place[:300], "body_sha256": entry.body_sha256,
        "number": None if entry.number is None else entry.number[:200], "content": content,
        "content_sha256": None if content is None else hashlib.sha256(content).hexdigest(),
        "currency": None if amount is None else amount.currency,
        "payable": None if amount is None else amount.amount,
        "outcome": "rejected" if bill is None else None,
    }  # fmt: skip
