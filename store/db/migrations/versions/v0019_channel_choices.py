"""Each choice of a bill's channel is kept with what it was decided by. Of earlier choices nothing was kept."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_choice",
        sa.Column("id", RowId, nullable=False),
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_channel_choice_bill_id_bill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_choice")),
    )
    op.create_index("ix_channel_choice_bill_id", "channel_choice", ["bill_id"])


def downgrade() -> None:
    op.drop_table("channel_choice")
