"""Versions of issuers' profiles, and by which one a feed was read."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile_version",
        sa.Column("id", RowId, nullable=False),
        sa.Column("issuer_id", RowId, nullable=False),
        sa.Column("number", RowId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("restored_from", RowId, nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_profile_version_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
        sa.UniqueConstraint("issuer_id", "number", name=op.f("uq_profile_version_issuer_id_number")),
    )
    op.add_column("issuer", sa.Column("profile_version", RowId, server_default="0", nullable=False))
    op.add_column("feed", sa.Column("profile_version", RowId, nullable=True))
    op.execute(
        """
        INSERT INTO profile_version (issuer_id, number, text, at, by, why)
        SELECT id, 1, profile, changed_at, 'registry', '' FROM issuer WHERE private_to IS NULL ORDER BY id
        """
    )
    op.execute("UPDATE issuer SET profile_version = 1 WHERE private_to IS NULL")


def downgrade() -> None:
    op.drop_column("feed", "profile_version")
    op.drop_column("issuer", "profile_version")
    op.drop_table("profile_version")
