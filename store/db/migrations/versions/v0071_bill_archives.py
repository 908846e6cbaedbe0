"""Archives of a person's bills, made by a job in encrypted parts and kept some days."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_archive",
        sa.Column("id", RowId, nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("job_id", RowId, nullable=True),
        sa.Column("year", RowId, nullable=True),
        sa.Column("account_id", RowId, nullable=True),
        sa.Column("account_ids", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("encrypted_key", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("bills_asked", RowId, nullable=False),
        sa.Column("bills_done", RowId, nullable=False),
        sa.Column("parts_done", RowId, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("left_out", RowId, nullable=False),
        sa.Column("last_account_id", RowId, nullable=True),
        sa.Column("last_issue_date", sa.Date(), nullable=True),
        sa.Column("last_bill_id", RowId, nullable=True),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_bill_archive_consumer_id_consumer")),
        sa.ForeignKeyConstraint(["job_id"], ["errand.id"], name=op.f("fk_bill_archive_job_id_errand")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bill_archive_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_archive")),
    )
    op.create_index("ix_bill_archive_consumer_id", "bill_archive", ["consumer_id"])
    op.create_index("ix_bill_archive_expires_at", "bill_archive", ["expires_at"])
    op.create_table(
        "bill_archive_part",
        sa.Column("archive_id", RowId, autoincrement=False, nullable=False),
        sa.Column("n", RowId, autoincrement=False, nullable=False),
        sa.Column("blob_sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("length", RowId, nullable=False),
        sa.Column("content_length", RowId, nullable=False),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["bill_archive.id"], name=op.f("fk_bill_archive_part_archive_id_bill_archive")
        ),
        sa.PrimaryKeyConstraint("archive_id", "n", name=op.f("pk_bill_archive_part")),
    )


def downgrade() -> None:
    op.drop_table("bill_archive_part")
    op.drop_table("bill_archive")
