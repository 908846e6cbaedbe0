"""The outbox: events that issuers are told of, and the last sequence of each issuer's."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_event",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("sequence", RowId, nullable=True),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_outbox_event_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sa.UniqueConstraint("issuer_id", "sequence", name=op.f("uq_outbox_event_issuer_id_sequence")),
    )
    is_unnumbered = sa.text("sequence IS NULL")
    op.create_index(
        "ix_outbox_event_unnumbered", "outbox_event", ["issuer_id", "id"], sqlite_where=is_unnumbered,
        postgresql_where=is_unnumbered,
    )  # fmt: skip
    op.create_index("ix_outbox_event_at", "outbox_event", ["at"])
    op.create_table(
        "outbox_sequence",
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("last", RowId, nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_outbox_sequence_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", name=op.f("pk_outbox_sequence")),
    )


def downgrade() -> None:
    op.drop_table("outbox_sequence")
    op.drop_table("outbox_event")
