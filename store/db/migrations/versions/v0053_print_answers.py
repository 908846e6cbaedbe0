"""Answers of print houses are kept, each once."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_answer",
        sa.Column("id", RowId, nullable=False),
        sa.Column("house", sa.String(40), nullable=False),
        sa.Column("file", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("stamp", RowId, nullable=False),
        sa.Column("batch_id", RowId, nullable=True),
        sa.Column("read_at", Moment(), nullable=False),
        sa.Column("letters", RowId, nullable=False),
        sa.Column("sheets", RowId, nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("settled_by", sa.String(200), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.id"], name=op.f("fk_print_answer_batch_id_print_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_answer")),
        sa.UniqueConstraint("house", "file", "sha256", name=op.f("uq_print_answer_house_file_sha256")),
    )
    op.create_index("ix_print_answer_batch_id", "print_answer", ["batch_id"])
