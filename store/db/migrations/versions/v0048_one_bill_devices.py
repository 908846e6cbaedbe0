"""The devices on which a one-bill link was opened are counted."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_bill_device",
        sa.Column("delivery_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("admitted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_one_bill_device_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_one_bill_device")),
    )


def downgrade() -> None:
    op.drop_table("one_bill_device")
