"""A feed's items by outcome are kept in its row: how many, what they amount to by currency, and of how many the amount
is unknown. Items with a conflict are left out: a person may still decide on them.

An issuer's letters in a batch are counted by an index."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_HALF = 10**9
_feed = sa.table("feed", sa.column("id", RowId), sa.column("read_at"), sa.column("tallies", sa.JSON))
_COUNTED = sa.text(
    "SELECT feed_id, outcome, currency, count(*), sum(payable / 1000000000), sum(payable % 1000000000) FROM item"
    " WHERE NOT EXISTS (SELECT 1 FROM conflict WHERE conflict.feed_id = item.feed_id AND conflict.seq = item.seq)"
    " GROUP BY feed_id, outcome, currency"
)


def upgrade() -> None:
    op.add_column("feed", sa.Column("tallies", sa.JSON, nullable=True))
    op.create_index("ix_delivery_batch_id_issuer_id", "delivery", ["batch_id", "issuer_id"])
    op.drop_index("ix_delivery_batch_id", "delivery")
    connection = op.get_bind()
    tallies: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for feed_id, outcome, currency, items, large, small in connection.execute(_COUNTED):
        tally = tallies[feed_id].setdefault(outcome or "waiting", {"items": 0, "sums": {}, "unknown": 0})
        tally["items"] += items
        if currency is None:
            tally["unknown"] += items
        else:
            tally["sums"][currency] = str((Decimal(large) * _HALF + Decimal(small)).scaleb(-4))
    for feed_id in connection.scalars(sa.select(_feed.c.id).where(_feed.c.read_at.is_not(None))).all():
        kept = {name: _as_array(tally) for name, tally in tallies.get(feed_id, {}).items()}
        connection.execute(sa.update(_feed).where(_feed.c.id == feed_id).values(tallies=kept))


def _as_array(tally: dict[str, Any]) -> list[Any]:
    return [tally["items"], dict(sorted(tally["sums"].items())), tally["unknown"]]
