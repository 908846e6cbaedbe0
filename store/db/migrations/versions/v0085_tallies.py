"""Tallies of what workers did, for the metrics."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_tally",
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("label", sa.String(30), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "label", "outcome", name=op.f("pk_work_tally")),
    )


def downgrade() -> None:
    op.drop_table("work_tally")
