"""How often somebody may try is counted in the database, by all web processes together."""

import sqlalchemy as sa
from alembic import op

from store.base import RowId

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("until", RowId, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    op.create_index("ix_rate_limit_until", "rate_limit", ["until"])
