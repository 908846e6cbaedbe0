"""Issuers that are suspended, and indexes of what people did: the audit trail by moment and by person."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

_SUSPENDED = sa.text("suspended_at IS NOT NULL")
_ACTS = sa.text("by <> 'road' AND by <> 'print house'")


def upgrade() -> None:
    op.add_column("issuer", sa.Column("suspended_at", Moment(), nullable=True))
    op.create_index(
        op.f("ix_issuer_suspended_at"), "issuer", ["suspended_at"], sqlite_where=_SUSPENDED, postgresql_where=_SUSPENDED
    )
    op.create_index("ix_event_acts", "event", ["at", "id"], sqlite_where=_ACTS, postgresql_where=_ACTS)
    op.create_index("ix_event_acts_of", "event", ["by", "at", "id"], sqlite_where=_ACTS, postgresql_where=_ACTS)


def downgrade() -> None:
    op.drop_index("ix_event_acts_of", "event")
    op.drop_index("ix_event_acts", "event")
    op.drop_index(op.f("ix_issuer_suspended_at"), "issuer")
    op.drop_column("issuer", "suspended_at")
