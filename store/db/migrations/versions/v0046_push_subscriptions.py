"""Devices that receive push notifications, and the keys that sign what is sent to them."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_signing_key",
        sa.Column("id", RowId, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_signing_key")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("signing_key_id", RowId, nullable=False),
        sa.Column("endpoint_digest", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("auth_secret", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.String(80), nullable=False),
        sa.Column("subscribed_at", Moment(), nullable=False),
        sa.Column("last_sent_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_reason", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_push_subscription_consumer_id_consumer")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key_id"], ["push_signing_key.id"],
            name=op.f("fk_push_subscription_signing_key_id_push_signing_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint_digest", name=op.f("uq_push_subscription_endpoint_digest")),
    )  # fmt: skip
    receives = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_push_subscription_consumer_id", "push_subscription", ["consumer_id"], sqlite_where=receives,
        postgresql_where=receives,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_push_subscription_consumer_id", "push_subscription")
    op.drop_table("push_subscription")
    op.drop_table("push_signing_key")
