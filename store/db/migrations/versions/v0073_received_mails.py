"""Mails with bills that people got at their personal address, and whom they take them from."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received_mail",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("message_digest", sa.String(64), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("authentication", sa.String(60), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_received_mail_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mail")),
        sa.UniqueConstraint("consumer_id", "message_digest", name=op.f("uq_received_mail_consumer_id_message_digest")),
    )
    op.create_index("ix_received_mail_consumer_id_id", "received_mail", ["consumer_id", "id"])
    op.create_table(
        "allowed_sender",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_allowed_sender_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("consumer_id", "sender", name=op.f("pk_allowed_sender")),
    )


def downgrade() -> None:
    op.drop_table("allowed_sender")
    op.drop_table("received_mail")
