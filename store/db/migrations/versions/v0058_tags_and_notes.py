"""Consumers' own tags and notes on bills."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_tag",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("folded", sa.String(160), nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("tagged_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_bill_tag_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_tag_bill_id_bill")),
        sa.PrimaryKeyConstraint("consumer_id", "folded", "bill_id", name=op.f("pk_bill_tag")),
    )
    op.create_index("ix_bill_tag_consumer_id_bill_id", "bill_tag", ["consumer_id", "bill_id"])
    op.create_table(
        "bill_note",
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_bill_note_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_note_bill_id_bill")),
        sa.PrimaryKeyConstraint("consumer_id", "bill_id", name=op.f("pk_bill_note")),
    )


def downgrade() -> None:
    op.drop_table("bill_note")
    op.drop_table("bill_tag")
