"""Pictures of bills' pages, made on demand and kept some days; large print as a consumer's choice."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_pictures",
        sa.Column("bill_id", RowId, autoincrement=False, nullable=False),
        sa.Column("account_id", RowId, nullable=False),
        sa.Column("job_id", RowId, nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("blob_sha256", sa.String(64), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_page_pictures_bill_id_bill")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_page_pictures_account_id_account")),
        sa.ForeignKeyConstraint(["job_id"], ["errand.id"], name=op.f("fk_page_pictures_job_id_errand")),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_page_pictures")),
    )
    op.create_index("ix_page_pictures_asked_at", "page_pictures", ["asked_at"])
    op.add_column("consumer", sa.Column("large_print", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("consumer", "large_print")
    op.drop_table("page_pictures")
