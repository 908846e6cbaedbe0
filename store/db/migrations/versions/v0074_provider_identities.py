"""Identities at other providers, by which consumers sign in."""

import sqlalchemy as sa
from alembic import op

from store.base import Moment, RowId

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_identity",
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("consumer_id", RowId, nullable=False),
        sa.Column("linked_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name=op.f("fk_provider_identity_consumer_id_consumer")
        ),
        sa.PrimaryKeyConstraint("provider", "subject", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("consumer_id", "provider", name=op.f("uq_provider_identity_consumer_id_provider")),
    )


def downgrade() -> None:
    op.drop_table("provider_identity")
