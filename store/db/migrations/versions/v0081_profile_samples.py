"""Sample files of the profile studio."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile_sample",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", RowId, nullable=False),
        sa.Column("blob_sha256", sa.String(64), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.Column("inspection_id", RowId, nullable=True),
        sa.Column("trial_id", RowId, nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_profile_sample_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_sample")),
    )
    op.create_index(op.f("ix_profile_sample_issuer_id"), "profile_sample", ["issuer_id"])
    op.create_index(op.f("ix_profile_sample_at"), "profile_sample", ["at"])


def downgrade() -> None:
    op.drop_table("profile_sample")
