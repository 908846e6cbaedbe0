"""By what an issuer's programs list bills: when a row changed, due dates, channels, uncommon states of one issuer."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_UNREACHED = sa.text("viewed_at IS NULL AND posted_at IS NULL")
_HAS_CHANNEL = sa.text("channel IS NOT NULL")


def upgrade() -> None:
    op.add_column("bill", sa.Column("changed_at", Moment(), nullable=True))
    op.create_index("ix_bill_issuer_id_due_date_id", "bill", ["issuer_id", "due_date", "id"])
    op.create_index("ix_bill_issuer_id_changed_at_id", "bill", ["issuer_id", "changed_at", "id"])
    op.create_index(
        "ix_bill_channel", "bill", ["issuer_id", "channel", "issue_date", "id"],
        sqlite_where=_HAS_CHANNEL, postgresql_where=_HAS_CHANNEL,
    )  # fmt: skip
    _index_unreached(["state", "issuer_id", "id"])


def downgrade() -> None:
    _index_unreached(["state", "id"])
    op.drop_index("ix_bill_channel", table_name="bill")
    op.drop_index("ix_bill_issuer_id_changed_at_id", table_name="bill")
    op.drop_index("ix_bill_issuer_id_due_date_id", table_name="bill")
    op.drop_column("bill", "changed_at")


def _index_unreached(columns: list[str]) -> None:
    op.drop_index("ix_bill_unreached", table_name="bill")
    op.create_index(
        "ix_bill_unreached", "bill", columns, sqlite_where=_UNREACHED, postgresql_where=_UNREACHED
    )  # fmt: skip
