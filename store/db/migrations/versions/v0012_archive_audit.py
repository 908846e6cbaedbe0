"""How far the archive was looked through, what was found wrong in it, and digests of what lies on the stage."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enclosure", sa.Column("sha256", sa.String(64), nullable=True))
    op.create_table(
        "archive_audit",
        sa.Column("id", RowId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began", RowId, nullable=False),
        sa.Column("upto", RowId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_audit")),
    )
    op.create_table(
        "archive_fault",
        sa.Column("bill_id", RowId, nullable=False),
        sa.Column("n", RowId, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("found_at", Moment, nullable=False),
        sa.Column("looked_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_archive_fault_bill_id_bill")),
        sa.PrimaryKeyConstraint("bill_id", "n", name=op.f("pk_archive_fault")),
    )


def downgrade() -> None:
    op.drop_table("archive_fault")
    op.drop_table("archive_audit")
    op.drop_column("enclosure", "sha256")
